"""What work leaves behind, as a count of Python's objects: the same on every machine."""

import gc
from collections.abc import Callable
from itertools import pairwise

ROUNDS = 4


def grown(work: Callable[[], object]) -> int:
    """How many more objects Python knows after each round of the same work, at the least.

    The first round fills caches, and another may make an object that stays; what `work` leaves
    behind by itself comes again in every round. Counted is whatever may refer to others, such as
    records, lists and tensors; NumPy's arrays are not, so watch those by weak references.
    """
    counts = []
    for _ in range(ROUNDS):
        work()
        gc.collect()
        counts.append(len(gc.get_objects()))
    return min(after - before for before, after in pairwise(counts))
