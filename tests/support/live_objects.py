"""Detects leaks by counting Python's live objects, which is deterministic."""

import gc
from collections.abc import Callable
from itertools import pairwise

ROUNDS = 4


def grown(work: Callable[[], object]) -> int:
    """Smallest increase in live objects over several rounds of the same work.

    The first round fills caches, and a later one may create a lasting object once; a leak recurs in
    every round. Only objects tracked by the garbage collector count, such as records, lists and
    tensors, but not NumPy arrays: watch those with weak references.
    """
    counts = []
    for _ in range(ROUNDS):
        work()
        gc.collect()
        counts.append(len(gc.get_objects()))
    return min(after - before for before, after in pairwise(counts))
