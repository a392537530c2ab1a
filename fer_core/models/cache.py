"""Loaded models, shared by all threads and bounded: who has not been asked for longest goes first.

One cache holds the ONNX Runtime sessions that predict and the torch and Keras networks that
explain, so that one number bounds them all.
"""

import ctypes
import gc
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from fer_core.artifacts import weights_file
from fer_core.registry import ModelSpec

#: Memory a loaded network takes for each byte of its files: half-precision numbers become single
#: ones, twice over while they are packed for the processor. Measured, in resident memory: 5.4 for
#: ResNet-101 and 2.5 for EfficientNet-B5 on ONNX Runtime, 5.4 and 2.8 on torch.
MEMORY_PER_FILE_BYTE = 5
DEFAULT_BUDGET_MB = 1200  # 800 hold all eight variants for predictions


@dataclass
class _Entry:
    model: Any
    size: int
    used: float


class ModelCache:
    """Holds models of at most `budget` bytes together; one that is larger is held alone.

    A released model lives on until the last call that uses it has ended.
    """

    def __init__(self, budget: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._budget, self._clock = budget, clock
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()  # last used last
        self._loading: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def get(self, key: Hashable, load: Callable[[], Any], size: int) -> Any:
        """The model of that key, made by `load` (about `size` bytes) unless it is held already.

        Threads that want the same model at once wait for one to load it; others are not held up.
        What `load` raises is raised here, and nothing is kept.
        """
        with self._lock:
            if (held := self._touch(key)) is not None:
                return held
            loading = self._loading.setdefault(key, Lock())
        with loading:
            with self._lock:
                if (held := self._touch(key)) is not None:
                    return held
            self._release(lambda: self._over(size))  # first, so that the peak is bounded as well
            model = load()
            with self._lock:
                self._entries[key] = _Entry(model, size, self._clock())
            self._release(lambda: self._over(0))
            return model

    def resize(self, budget: int) -> None:
        """Hold at most `budget` bytes from now on."""
        self._budget = budget
        self._release(lambda: self._over(0))

    def release_idle(self, seconds: float) -> int:
        """Releases what nobody asked for in that time; how many models those were."""
        since = self._clock() - seconds
        return self._release(
            lambda: bool(self._entries) and next(iter(self._entries.values())).used < since
        )

    def clear(self) -> None:
        """Releases every model."""
        self._release(lambda: bool(self._entries))

    @property
    def sizes(self) -> dict[Hashable, int]:
        """Bytes by key, the one used longest ago first."""
        with self._lock:
            return {key: entry.size for key, entry in self._entries.items()}

    def _touch(self, key: Hashable) -> Any:
        if (entry := self._entries.get(key)) is None:
            return None
        entry.used = self._clock()
        self._entries.move_to_end(key)
        return entry.model

    def _over(self, more: int) -> bool:
        """Whether the budget needs another model to go; the one used last may stay."""
        total = more + sum(entry.size for entry in self._entries.values())
        return total > self._budget and len(self._entries) > (0 if more else 1)

    def _release(self, wanted: Callable[[], bool]) -> int:
        released = 0
        with self._lock:
            while wanted():
                self._entries.popitem(last=False)
                released += 1
        if released:
            trim_heap()
        return released


def trim_heap() -> None:
    """Returns freed memory to the system: glibc keeps it, 500 MB after all eight were released."""
    gc.collect()  # Keras models refer to themselves
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl does not
        if trim is not None:
            trim(0)


def memory_bytes(variant: ModelSpec) -> int:
    """Bytes that a loaded network takes, by its files' size. A composite holds next to nothing."""
    own = sum(path.stat().st_size for path in weights_file.files(variant) if path.is_file())
    return own if variant.members else MEMORY_PER_FILE_BYTE * own


#: The one that the library loads into; an app sets its budget with `resize`.
MODEL_CACHE = ModelCache(DEFAULT_BUDGET_MB * 10**6)
