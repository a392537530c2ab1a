"""Networks under explanation, on torch or Keras, and their raw maps.

Networks are loaded lazily and used by one thread at a time: hooks on a shared network would record
every thread's forward pass, so each explanation holds the network's lock. Predictions run on ONNX
Runtime and do not wait for it.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

import cv2
import numpy as np

from fer_core.artifacts.store import artifacts
from fer_core.errors import SettingsError, requires_extra
from fer_core.explain.methods import Method
from fer_core.models.cache import MODEL_CACHE, memory_bytes
from fer_core.models.create import import_keras_cnn
from fer_core.registry import get_model_spec

BATCH_SIZE = 16  # chips per pass; bounds the memory

_locks: defaultdict[str, Lock] = defaultdict(Lock)
_loading = Lock()  # the first import of a framework is not thread-safe
_torch_threads: int | None = None


def use_torch_threads(count: int) -> None:
    """Set the number of threads torch uses for maps in this process; by default torch decides.

    For servers: a map is too little work for two threads. On a busy machine, two threads spent 4 to
    25 times the processor time waiting for each other, and the maps of several visitors run in
    parallel anyway.
    """
    global _torch_threads
    _torch_threads = count


def raw_maps(
    model_name: str,
    chips: np.ndarray,
    coefficients: np.ndarray,
    method: Method,
    depth: int,
    *,
    emotion: str | None = None,
) -> np.ndarray:
    """Compute raw maps of the evidence for `coefficients` · logits.

    The maps are enlarged bilinearly from the layer's grid, but not scaled.

    Args:
        model_name: a model with a network of its own.
        chips: (N, 48, 48) uint8.
        coefficients: (N, outputs).
        method: the method to use.
        depth: 1 (early layer) to 4 (late layer).
        emotion: for yes/no models, the one to explain.

    Returns:
        (N, 48, 48) float32, ≥ 0.

    Raises:
        NotTrainedError: weights are missing.
        WeightsError: a file is damaged.
        MissingPackageError: torch, Keras or another package of the extra `explain` is missing.
        SettingsError: no folder is writable, which the package grad-cam needs.
    """
    grids = []
    with requires_extra("explain", "Heat maps need"), exclusive_network(model_name) as network:
        for i in range(0, len(chips), BATCH_SIZE):
            batch = chips[i : i + BATCH_SIZE], coefficients[i : i + BATCH_SIZE]
            if get_model_spec(model_name).framework == "keras":
                from fer_core.explain import keras_maps

                grids.append(keras_maps.raw_grids(network, *batch, method, depth))
            else:
                torch_maps = _import_torch_maps()
                grids.append(torch_maps.raw_grids(network, emotion, *batch, method, depth))
    side = chips.shape[1:]
    return np.array([cv2.resize(g, side, interpolation=cv2.INTER_LINEAR) for b in grids for g in b])


def is_loaded(name: str) -> bool:
    """Whether the network of this model is in memory, so that a map does not wait for it."""
    return _key(name) in MODEL_CACHE.sizes


def _key(name: str) -> tuple[str, str, Path]:
    return "explain", name, artifacts().weights


@contextmanager
def exclusive_network(name: str) -> Iterator[Any]:
    """Lock the torch or Keras network of a model for this thread while inside the `with`.

    Raises `NotTrainedError` where weights are missing and `WeightsError` where they are damaged.
    """
    with _locks[name]:
        yield MODEL_CACHE.get(_key(name), lambda: _load(name), memory_bytes(get_model_spec(name)))


def _import_torch_maps() -> Any:
    try:
        return import_module("fer_core.explain.torch_maps")
    except OSError as error:  # from matplotlib, which grad-cam imports but we do not use
        raise SettingsError(
            "Heat maps need a writable temporary folder; set TMPDIR or MPLCONFIGDIR to one. "
            "No photo is written there, only a list of fonts."
        ) from error


def _load(name: str) -> Any:
    with _loading:
        return _import_and_load(name)


def _import_and_load(name: str) -> Any:
    if get_model_spec(name).framework == "keras":
        return import_keras_cnn().load_network(name)
    import torch

    from fer_core.models.networks import torch_loading

    if _torch_threads is not None:
        torch.set_num_threads(_torch_threads)
    # Weights need no gradient: recording starts at the explained layer.
    return torch_loading.load_network(name).requires_grad_(False)
