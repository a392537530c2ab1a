"""Model randomisation (Adebayo et al. 2018, "Sanity Checks for Saliency Maps"): a map that stays
the same when a network's weights are replaced by random ones shows the picture, not the network."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fer_core import MODELS
from fer_core.explain import METHODS, default_depth
from fer_core.explain.networks import raw_maps

NETWORKS = [name for name, variant in MODELS.items() if not variant.members]


def randomised(name: str) -> Any:
    """The variant's network, freshly initialised."""
    if MODELS[name].framework == "keras":
        import keras

        from fer_core.models.networks.keras_cnn import build

        keras.utils.set_random_seed(0)
        return build()
    import torch

    from fer_core.models.networks.torch_loading import load_network

    network = load_network(name).requires_grad_(False)
    torch.manual_seed(0)
    for module in network.modules():
        if hasattr(module, "reset_parameters"):
            module.reset_parameters()
    return network


def likeness(a: np.ndarray, b: np.ndarray) -> float:
    """Mean correlation of two stacks of raw maps (N, 48, 48); a map without any spread is like none
    other."""
    pairs = [(x.ravel(), y.ravel()) for x, y in zip(a, b, strict=True)]
    return float(np.mean([np.corrcoef(x, y)[0, 1] if x.std() * y.std() else 0 for x, y in pairs]))


@pytest.mark.parametrize("method", ["grad_cam", "layer_cam"])
@pytest.mark.parametrize("name", NETWORKS)
def test_random_weights_give_another_map(
    name: str, method: str, faces: np.ndarray, put_network: Callable[[str, Any], None]
) -> None:
    emotion = "happy" if MODELS[name].yes_no else None
    asked = np.ones((len(faces), 1)) if emotion else np.tile(np.eye(7)[3], (len(faces), 1))
    where = faces, asked, METHODS[method], default_depth(name, method)
    taught = raw_maps(name, *where, emotion=emotion)
    put_network(name, randomised(name))
    untaught = raw_maps(name, *where, emotion=emotion)
    found = likeness(taught, untaught)
    assert found < 0.6  # a map of the picture alone would give 1
