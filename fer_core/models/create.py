"""Networks of the models on the framework that trained them, for research beyond predictions."""

from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from fer_core.arrays import as_chips
from fer_core.artifacts import weights_file
from fer_core.artifacts.store import cached
from fer_core.errors import requires_extra
from fer_core.registry import ModelSpec, get_model_spec

if TYPE_CHECKING:  # imported only when a network is created: they take seconds
    import keras
    import torch


def create_model(name: str) -> "torch.nn.Module | keras.Sequential":
    """Create a model's network with its committed weights, as timm's `create_model` does.

    Each call creates a network of its own, which may be changed. `network_input` makes its input
    from chips.

    Args:
        name: the model's name in the registry; it has a network of its own.

    Returns:
        A torch module, float32 and in evaluation mode, or for `keras_cnn` a Keras model. A torch
        module takes (N, C, S, S) float32: grey values from 0 to 1, resized to S × S pixels, minus
        a mean and divided by a standard deviation. These, C and S are those of the model's
        `preprocessing` in the registry. The Keras model takes (N, 48, 48, 1) float32 from 0 to 1.
        Both return logits (N, 7) float32, of yes/no models seven independent ones.

    Raises:
        UnknownModelError: the registry has no model of that name.
        ValueError: the model is an ensemble; the message names its members.
        NotTrainedError: weights are missing.
        WeightsError: a file is damaged.
        MissingPackageError: torch or Keras is missing.

    Examples:
        >>> network = create_model("multiclass")
        >>> network(network_input("multiclass", np.zeros((2, 48, 48), np.uint8))).shape
        torch.Size([2, 7])
    """
    framework = _network_spec(name).framework
    with requires_extra("explain", "The network needs"):
        if framework == "keras":
            return import_keras_cnn().load_network(name)
        from fer_core.models.networks import torch_loading

        return torch_loading.load_network(name).network


def network_input(name: str, chips: np.ndarray) -> "torch.Tensor | np.ndarray":
    """Make the input of a network that `create_model` returns.

    Args:
        name: the model's name in the registry.
        chips: (N, 48, 48) uint8.

    Returns:
        A torch tensor (N, C, S, S) float32, or for `keras_cnn` an array (N, 48, 48, 1) float32.

    Raises:
        TypeError: `chips` is no NumPy array.
        ValueError: `chips` has another shape or type, or the model is an ensemble.
        UnknownModelError, NotTrainedError, WeightsError: as of `create_model`.

    Examples:
        >>> network_input("resnet101", np.zeros((2, 48, 48), np.uint8)).shape
        torch.Size([2, 3, 96, 96])
    """
    model = _network_spec(name)
    chips = as_chips(chips)
    if model.framework == "keras":
        return chips[..., None].astype(np.float32) / 255
    with requires_extra("explain", "The network needs"):
        import torch

        from fer_core.models.networks.torch_loading import chip_input

    assert model.preprocessing is not None
    return chip_input(torch.from_numpy(chips), model.preprocessing.at(_size(name)))


def import_keras_cnn() -> Any:
    """Import `networks.keras_cnn`, and with it TensorFlow, so that torch still works after it."""
    # TensorFlow exports its LLVM symbols to every library loaded after it, and triton, which
    # torchvision loads for torch's maps, then crashes (tensorflow issue 124205): triton first.
    with suppress(ImportError):  # not available on every system
        import_module("triton")
    return import_module("fer_core.models.networks.keras_cnn")


@cached
def _size(name: str) -> int:
    """Side length in pixels that the recipe sets; 0 if it sets none."""
    file = weights_file.verify(weights_file.path(get_model_spec(name)))
    size: int = weights_file.read_provenance(file)["recipe"].get("size", 0)
    return size


def _network_spec(name: str) -> ModelSpec:
    model = get_model_spec(name)
    if model.members:
        raise ValueError(
            f"{name} is an ensemble and has no network of its own; create those of its members: "
            f"{', '.join(model.members)}"
        )
    return model
