"""The networks that are looked into: loaded when asked for, and lent to one thread at a time.

Hooks on a shared network record the forward pass of every thread, so whoever explains holds the
network's lock. Predictions do not wait for it: they run on ONNX Runtime.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Lock
from typing import Any

from fer_core.artifacts.store import artifacts
from fer_core.models.cache import MODELS, size_of
from fer_core.registry import VARIANTS

_locks = {name: Lock() for name, variant in VARIANTS.items() if not variant.members}
_loading = Lock()  # the frameworks' first import is not for two threads at once


@contextmanager
def held(name: str) -> Iterator[Any]:
    """The torch or Keras network of variant `name`, for this thread alone inside the `with`.

    Raises `NotTrainedError` without weights and `WeightsError` where the file is damaged.
    """
    with _locks[name]:
        yield MODELS.get(
            ("explain", name, artifacts().weights), lambda: _load(name), size_of(VARIANTS[name])
        )


def _load(name: str) -> Any:
    with _loading:
        return _import_and_load(name)


def _import_and_load(name: str) -> Any:
    if VARIANTS[name].framework == "keras":
        # TensorFlow shows its LLVM to every library loaded after it, and triton, which torchvision
        # loads for torch's maps, then kills the process (tensorflow issue 124205): triton first.
        with suppress(ImportError):  # not there on every system
            import_module("triton")
        from fer_core.models.networks import keras_cnn

        return keras_cnn.load_network(name)
    import torch

    from fer_core.models.networks import torch_loading

    # A map is too little work for two threads: with other work on the machine, they spent 4 to 25
    # times the processor time waiting for each other. Visitors' maps run side by side anyhow.
    torch.set_num_threads(1)
    # Weights that need no gradient: what is recorded begins at the layer that is looked at.
    return torch_loading.load_network(name).requires_grad_(False)
