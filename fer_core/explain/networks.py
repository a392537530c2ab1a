"""The networks that are looked into, and their raw maps, whatever framework they live in.

They are loaded when asked for, and lent to one thread at a time: hooks on a shared network record
the forward pass of every thread, so whoever explains holds the network's lock. Predictions do not
wait for it, they run on ONNX Runtime.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Lock
from typing import Any

import cv2
import numpy as np

from fer_core.artifacts.store import artifacts
from fer_core.explain.methods import Method
from fer_core.models.cache import MODEL_CACHE, memory_bytes
from fer_core.registry import get_model_spec

BATCH_SIZE = 16  # chips at once; bounds the memory of a large batch

_locks: defaultdict[str, Lock] = defaultdict(Lock)
_loading = Lock()  # the frameworks' first import is not for two threads at once
_torch_threads: int | None = None


def use_torch_threads(count: int) -> None:
    """Let torch compute maps with `count` threads in this process; left alone, it decides itself.

    For servers: a map is too little work for two threads. With other work on the machine, they
    spent 4 to 25 times the processor time waiting for each other, and visitors' maps run side by
    side anyhow.
    """
    global _torch_threads
    _torch_threads = count


def raw_maps(
    network: str,
    chips: np.ndarray,
    coefficients: np.ndarray,
    method: Method,
    depth: int,
    *,
    emotion: str | None = None,
) -> np.ndarray:
    """(N, 48, 48) float32 ≥ 0: where each chip speaks for `coefficients` · logits.

    `network` is a variant with a network of its own, `emotion` that of one of its yes/no models.
    `coefficients` are (N, outputs). Enlarged bilinearly from the layer's grid, not scaled. Raises
    what `held` does.
    """
    grids = []
    with exclusive_network(network) as model:
        for i in range(0, len(chips), BATCH_SIZE):
            batch = chips[i : i + BATCH_SIZE], coefficients[i : i + BATCH_SIZE]
            if get_model_spec(network).framework == "keras":
                from fer_core.explain import keras_maps

                grids.append(keras_maps.raw_grids(model, *batch, method, depth))
            else:
                from fer_core.explain import torch_maps

                grids.append(torch_maps.raw_grids(model, emotion, *batch, method, depth))
    side = chips.shape[1:]
    return np.array([cv2.resize(g, side, interpolation=cv2.INTER_LINEAR) for b in grids for g in b])


@contextmanager
def exclusive_network(name: str) -> Iterator[Any]:
    """The torch or Keras network of variant `name`, for this thread alone inside the `with`.

    Raises `NotTrainedError` without weights and `WeightsError` where the file is damaged.
    """
    with _locks[name]:
        key = ("explain", name, artifacts().weights)
        yield MODEL_CACHE.get(key, lambda: _load(name), memory_bytes(get_model_spec(name)))


def _load(name: str) -> Any:
    with _loading:
        return _import_and_load(name)


def _import_and_load(name: str) -> Any:
    if get_model_spec(name).framework == "keras":
        # TensorFlow shows its LLVM to every library loaded after it, and triton, which torchvision
        # loads for torch's maps, then kills the process (tensorflow issue 124205): triton first.
        with suppress(ImportError):  # not there on every system
            import_module("triton")
        from fer_core.models.networks import keras_cnn

        return keras_cnn.load_network(name)
    import torch

    from fer_core.models.networks import torch_loading

    if _torch_threads is not None:
        torch.set_num_threads(_torch_threads)
    # Weights that need no gradient: what is recorded begins at the layer that is looked at.
    return torch_loading.load_network(name).requires_grad_(False)
