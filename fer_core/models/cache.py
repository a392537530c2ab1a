"""A memory-bounded cache of loaded models, shared by all threads; least recently used goes first.

One cache holds both the ONNX Runtime sessions for predictions and the torch and Keras networks for
explanations, so one budget covers them all.
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

#: Memory of a loaded network per byte of its files: half-precision weights become single
#: precision, and are held twice while they are packed for the processor. Measured in resident
#: memory: 5.4 for ResNet-101 and 2.5 for EfficientNet-B5 on ONNX Runtime, 5.4 and 2.8 on torch.
#: In int8 a network takes less, ResNet-101 less than half; it is counted alike.
MEMORY_PER_FILE_BYTE = 5
DEFAULT_BUDGET_MB = 1200  # 820 are enough for all nine models in one precision


@dataclass
class _Entry:
    model: Any
    size: int
    last_used: float


class ModelCache:
    """A least-recently-used cache of models. Thread-safe.

    The models take at most `budget` bytes together; a larger one is kept alone. A released model
    stays alive until the last call that uses it ends.
    """

    def __init__(self, budget: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._budget, self._clock = budget, clock
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()  # most recently used last
        self._loading: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def get(self, key: Hashable, load: Callable[[], Any], size: int) -> Any:
        """Return a model, loading it unless it is cached.

        If several threads request the same model at once, one loads it and the others wait, while
        requests for other models proceed. If `load` raises, nothing is cached.

        Args:
            key: identifies the model.
            load: creates the model.
            size: memory of the model in bytes, approximately.

        Returns:
            The model.
        """
        with self._lock:
            if (model := self._touch(key)) is not None:
                return model
            loading = self._loading.setdefault(key, Lock())
        with loading:
            with self._lock:
                if (model := self._touch(key)) is not None:
                    return model
            self._release_while(lambda: self._is_over_budget(size))  # first, to bound the peak
            model = load()
            with self._lock:
                self._entries[key] = _Entry(model, size, self._clock())
            self._release_while(lambda: self._is_over_budget(0))
            return model

    def resize(self, budget: int) -> None:
        """Change the budget to `budget` bytes, releasing models as needed."""
        self._budget = budget
        self._release_while(lambda: self._is_over_budget(0))

    def release_idle(self, seconds: float) -> int:
        """Release models not used for `seconds`; return how many."""
        cutoff = self._clock() - seconds
        return self._release_while(
            lambda: bool(self._entries) and next(iter(self._entries.values())).last_used < cutoff
        )

    def clear(self) -> None:
        """Release every model."""
        self._release_while(lambda: bool(self._entries))

    @property
    def sizes(self) -> dict[Hashable, int]:
        """Bytes by key, least recently used first."""
        with self._lock:
            return {key: entry.size for key, entry in self._entries.items()}

    def _touch(self, key: Hashable) -> Any:
        if (entry := self._entries.get(key)) is None:
            return None
        entry.last_used = self._clock()
        self._entries.move_to_end(key)
        return entry.model

    def _is_over_budget(self, additional: int) -> bool:
        """Whether a model must be released; without `additional` bytes the last one may stay."""
        total = additional + sum(entry.size for entry in self._entries.values())
        return total > self._budget and len(self._entries) > (0 if additional else 1)

    def _release_while(self, condition: Callable[[], bool]) -> int:
        n_released = 0
        with self._lock:
            while condition():
                self._entries.popitem(last=False)
                n_released += 1
        if n_released:
            trim_heap()
        return n_released


def trim_heap() -> None:
    """Return freed memory to the system; glibc would keep 500 MB after all models."""
    gc.collect()  # Keras models contain reference cycles
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl does not
        if trim is not None:
            trim(0)


def memory_bytes(model: ModelSpec) -> int:
    """Estimate the memory of a loaded model from its files; an ensemble itself needs little."""
    file_bytes = sum(path.stat().st_size for path in weights_file.files(model) if path.is_file())
    return file_bytes if model.members else MEMORY_PER_FILE_BYTE * file_bytes


#: The library's cache; an application sets its budget with `resize`.
MODEL_CACHE = ModelCache(DEFAULT_BUDGET_MB * 10**6)
