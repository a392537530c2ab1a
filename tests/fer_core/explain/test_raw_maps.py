"""Raw maps: the right numbers, in logits, and nothing stretched."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from fer_core.explain import METHODS, explain
from fer_core.explain.explanation import is_flat, scale_map
from fer_core.explain.networks import raw_maps
from fer_core.models.networks.torch_loading import ChipNetwork, load_network
from fer_core.registry import Preprocessing

PutNetwork = Callable[[str, Any], None]

GRAD_CAM = METHODS["grad_cam"]
#: A filter each way, seven outputs that read 48×48 places of two channels.
FILTERS = np.array([[[[1.0]]], [[[-2.0]]]], np.float32)
BIASES = np.array([-0.2, 1.0], np.float32)
WEIGHTS = np.random.default_rng(3).normal(0, 0.01, (7, 2, 48, 48)).astype(np.float32)
HAPPY = np.eye(7)[[3, 3]]


class Tiny(nn.Module):
    """Small enough to compute its maps by hand."""

    def __init__(self) -> None:
        super().__init__()
        convolution, linear = nn.Conv2d(1, 2, 1), nn.Linear(2 * 48 * 48, 7)
        self.blocks = nn.Sequential(nn.Sequential(convolution, nn.ReLU()))
        self.head = nn.Sequential(nn.Flatten(), linear)
        convolution.weight.data = torch.from_numpy(FILTERS)
        convolution.bias.data = torch.from_numpy(BIASES)
        linear.weight.data = torch.from_numpy(WEIGHTS.reshape(7, -1))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.head(self.blocks(images))


@pytest.fixture
def tiny(put_network: PutNetwork) -> None:
    network = ChipNetwork(Tiny(), Preprocessing(mean=0.0, std=1.0)).eval()
    put_network("multiclass", network.requires_grad_(False))


@pytest.fixture
def tiny_keras(put_network: PutNetwork) -> None:
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((48, 48, 1)),
            layers.Conv2D(2, 1),
            layers.Activation("relu"),
            layers.Permute((3, 1, 2)),
            layers.Flatten(),
            layers.Dense(7),
        ]
    )
    model.layers[0].set_weights([FILTERS.transpose(2, 3, 1, 0), BIASES])
    model.layers[-1].set_weights([WEIGHTS.reshape(7, -1).T, np.zeros(7)])
    put_network("keras_cnn", model)


def by_hand(chips: np.ndarray, method: str) -> np.ndarray:
    """The maps of `Tiny` for happy: Selvaraju et al. 2017, equations 1 and 2, times the number of
    places, and Jiang et al. 2021, equation 5, likewise."""
    values = chips[:, None] / 255
    active = np.maximum(values * FILTERS[:, 0] + BIASES[:, None, None], 0)  # (N, 2, 48, 48)
    gradient = WEIGHTS[3]
    if method == "grad_cam":
        weights = gradient.mean(axis=(1, 2), keepdims=True)
    else:
        weights = np.maximum(gradient, 0)
    return np.maximum(48 * 48 * (weights * active).sum(axis=1), 0)


@pytest.mark.parametrize("method", ["grad_cam", "layer_cam"])
@pytest.mark.usefixtures("tiny")
def test_torch_maps_are_the_papers(chips: np.ndarray, method: str) -> None:
    found = raw_maps("multiclass", chips[:2], HAPPY, METHODS[method], 1)
    assert found.max() > 0
    np.testing.assert_allclose(found, by_hand(chips[:2], method), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("method", ["grad_cam", "layer_cam"])
@pytest.mark.usefixtures("tiny_keras")
def test_keras_maps_are_the_papers(chips: np.ndarray, method: str) -> None:
    found = raw_maps("keras_cnn", chips[:2], HAPPY, METHODS[method], 1)
    np.testing.assert_allclose(found, by_hand(chips[:2], method), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("method", ["grad_cam", "layer_cam"])
@pytest.mark.usefixtures("tiny")
def test_twice_the_question_twice_the_strength(chips: np.ndarray, method: str) -> None:
    once = raw_maps("multiclass", chips[:2], HAPPY, METHODS[method], 1)
    twice = raw_maps("multiclass", chips[:2], 2 * HAPPY, METHODS[method], 1)
    np.testing.assert_allclose(twice, 2 * once, rtol=1e-4, atol=1e-4)


def test_nothing_is_stretched() -> None:
    raw = np.linspace(1, 4, 48 * 48, dtype=np.float32).reshape(48, 48)
    heat, strength, flat = scale_map(raw, GRAD_CAM)
    assert (strength, flat) == (4, False)
    assert heat.max() == 1
    assert heat.min() == pytest.approx(0.25)  # min-max scaling would say 0


def test_flat_is_too_weak_or_the_same_everywhere() -> None:
    peak = np.zeros((48, 48), np.float32)
    peak[20, 20] = 1
    assert not is_flat(GRAD_CAM.min_peak * 1.1 * peak, GRAD_CAM)
    assert is_flat(GRAD_CAM.min_peak * 0.9 * peak, GRAD_CAM)
    assert is_flat(np.zeros((48, 48), np.float32), GRAD_CAM)
    assert is_flat(5 + 0.4 * peak, GRAD_CAM)
    assert not is_flat(5 + 5 * peak, GRAD_CAM)
    heat, strength, flat = scale_map(5 + 0.4 * peak, GRAD_CAM)
    assert (heat.max(), flat) == (0, True)
    assert strength == pytest.approx(5.4)


@pytest.mark.parametrize("method", [m for m, r in METHODS.items() if r.class_discriminative])
def test_a_network_that_does_not_look_has_flat_maps(
    chips: np.ndarray, method: str, put_network: PutNetwork
) -> None:
    """Its logits are constants, so every gradient is 0 and no mask changes a score."""
    network = load_network("multiclass").requires_grad_(False)
    network.network.head[-1].weight.zero_()  # type: ignore[union-attr, operator]
    put_network("multiclass", network)
    [found] = explain("multiclass", chips[:1], "happy", method)
    assert found.flat
    assert found.peak == 0
    assert not found.map.any()


def test_a_keras_network_that_does_not_look_has_flat_maps(
    chips: np.ndarray, put_network: PutNetwork
) -> None:
    from fer_core.models.networks.keras_cnn import load_network

    model = load_network("keras_cnn")
    kernel, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([0 * kernel, bias])
    put_network("keras_cnn", model)
    [found] = explain("keras_cnn", chips[:1], "happy")
    assert found.flat
    assert found.peak == 0


def test_score_cam_is_silent(chips: np.ndarray, capfd: pytest.CaptureFixture[str]) -> None:
    explain("individual", chips[:1], "happy", "score_cam")
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("no_artifacts")
def test_missing_weights_are_said_so() -> None:
    from fer_core.errors import NotTrainedError

    with pytest.raises(NotTrainedError, match="not trained yet"):
        explain("multiclass", np.zeros((1, 48, 48), np.uint8), "happy")
