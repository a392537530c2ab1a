"""What work leaves behind, as a count of Python's objects: the same on every machine."""

import gc
import sys
from collections.abc import Callable


def grown(work: Callable[[], object]) -> int:
    """How many more blocks of memory Python holds after `work` than after the same work before it.

    The first rounds fill caches. Every object has a block, also those that hold memory of their
    own elsewhere, as arrays, tensors and pictures do.
    """
    counts = []
    for _ in range(4):
        work()
        gc.collect()
        counts.append(sys.getallocatedblocks())
    return counts[-1] - counts[-2]
