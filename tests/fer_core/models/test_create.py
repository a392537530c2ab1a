"""`create_model` gives the network that predicts, and `network_input` what it takes."""

from typing import Any

import numpy as np
import pytest

import fer_core as fer
from fer_core import MODELS
from fer_core.models.predictors import load

NETWORKS = [name for name, model in MODELS.items() if not model.members]
ENSEMBLES = [name for name, model in MODELS.items() if model.members]


@pytest.mark.parametrize("name", NETWORKS)
def test_it_computes_the_predictor_s_logits(name: str, chips: np.ndarray) -> None:
    import torch

    network: Any = fer.create_model(name)
    images: Any = fer.network_input(name, chips)
    spec = MODELS[name].preprocessing
    assert spec is not None
    if MODELS[name].framework == "keras":
        assert (images.shape, images.dtype) == ((5, 48, 48, 1), np.float32)
        logits = network.predict(images, verbose=0)
    else:
        assert isinstance(network, torch.nn.Module)
        assert not any(module.training for module in network.modules())
        assert images.shape == (5, spec.channels, spec.size, spec.size)
        assert images.dtype == torch.float32
        with torch.no_grad():
            logits = network(images).numpy()
    np.testing.assert_allclose(logits, load(name).decision_function(chips), atol=1e-3)


def test_each_network_is_the_caller_s_own(chips: np.ndarray) -> None:
    """Training it, for example, changes no other network and no heat map."""
    import torch

    before = fer.explain("multiclass", chips[:1], "happy")[0].map
    network, other = (fer.create_model("multiclass") for _ in range(2))
    images: Any = fer.network_input("multiclass", chips)
    assert isinstance(network, torch.nn.Module)
    assert isinstance(other, torch.nn.Module)
    expected = other(images).detach()
    network(images).sum().backward()
    with torch.no_grad():
        for parameter in network.parameters():
            assert parameter.grad is not None
            parameter.zero_()
    assert torch.equal(other(images), expected)
    np.testing.assert_array_equal(fer.explain("multiclass", chips[:1], "happy")[0].map, before)


@pytest.mark.parametrize("name", ENSEMBLES)
@pytest.mark.parametrize("function", [fer.create_model, lambda n: fer.network_input(n, None)])
def test_an_ensemble_names_its_members(name: str, function: Any) -> None:
    with pytest.raises(ValueError, match=f"members: {', '.join(MODELS[name].members)}"):
        function(name)


def test_wrong_arguments_are_refused(chips: np.ndarray) -> None:
    with pytest.raises(fer.UnknownModelError, match="vgg"):
        fer.create_model("vgg")
    with pytest.raises(ValueError, match=r"chips must be \(N, 48, 48\) uint8"):
        fer.network_input("multiclass", chips[0])
