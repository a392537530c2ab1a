"""Calibration fitted on PublicTest and folded into the last layer."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from fer_core.evaluation.calibration import fit_temperature
from fer_core.models.networks.face_model import FaceModel
from fer_core.models.networks.scratch_cnn import ScratchCNN
from fer_core.models.networks.torch_loading import ChipNetwork
from fer_core.probability import softmax
from fer_core.registry import get_model_spec
from training.engine import calibration
from training.engine.calibration import apply_logit_adjustment, apply_temperature_scaling
from training.engine.data import FerData, load_data


@pytest.fixture
def public_test(tiny_data: Path) -> FerData:
    return load_data(tiny_data).split("PublicTest")


def test_a_second_temperature_fit_gives_one(public_test: FerData) -> None:
    torch.manual_seed(0)
    network = FaceModel("resnet18").eval()
    preprocessing = get_model_spec("resnet101").preprocessing
    assert preprocessing is not None
    chips = torch.from_numpy(public_test.chips)
    with torch.no_grad():
        before = ChipNetwork(network, preprocessing)(chips)
        temperature = apply_temperature_scaling(network, preprocessing, public_test)
        after = ChipNetwork(network, preprocessing)(chips)
    torch.testing.assert_close(after, before / temperature)
    again = fit_temperature(public_test.labels, after.softmax(1).numpy())
    assert again == pytest.approx(1, abs=0.01)


def test_votes_are_the_measure_of_a_temperature(public_test: FerData) -> None:
    """The fitted temperature has the lowest cross-entropy with the shares of the votes."""
    torch.manual_seed(0)
    network = ScratchCNN([4, 8, 8, 8], hidden=16).eval()
    last = network.head[-1]
    last.weight.data *= 50  # an untrained network is almost undecided
    preprocessing = get_model_spec("multiclass").preprocessing
    votes = np.random.default_rng(0).multinomial(10, [0.4, *[0.1] * 6], len(public_test))
    votes[:5] = 0  # images that nobody voted on
    chips = torch.from_numpy(public_test.chips)
    shares = torch.from_numpy(votes / np.maximum(votes.sum(axis=1, keepdims=True), 1)).float()
    with torch.no_grad():
        logits = ChipNetwork(network, preprocessing)(chips)
        temperature = apply_temperature_scaling(network, preprocessing, public_test, votes)
        torch.testing.assert_close(ChipNetwork(network, preprocessing)(chips), logits / temperature)

    def loss(t: float) -> float:
        return float(torch.nn.functional.cross_entropy(logits / t, shares, reduction="sum"))

    assert abs(temperature - 1) > 0.1  # so it changed something
    assert loss(temperature) < min(loss(temperature * 0.97), loss(temperature * 1.03))


def test_a_logit_adjustment_raises_what_is_rare_in_training(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Labels made with a strength of 0.75 are found with that strength, which is folded in."""
    logits = np.random.default_rng(0).normal(0, 2, (2000, 7)).astype(np.float32)
    prior = np.array([40, 5, 40, 70, 50, 50, 30]) / 285
    labels = (logits - 0.75 * np.log(prior)).argmax(axis=1).astype(np.uint8)
    data = FerData(np.arange(2000).astype(str), labels, np.zeros((2000, 48, 48), np.uint8))
    monkeypatch.setattr(calibration, "_logits", lambda *_: logits)
    network = ScratchCNN([4, 8, 8, 8], hidden=16).eval()
    preprocessing = get_model_spec("multiclass").preprocessing
    training_labels = np.repeat(np.arange(7), [40, 5, 40, 70, 50, 50, 30])
    images = torch.rand(3, 1, 48, 48)
    with torch.no_grad():
        before = network(images)
        tau = apply_logit_adjustment(network, preprocessing, data, training_labels)
        risen = (network(images) - before).numpy()
    assert tau == 0.75
    np.testing.assert_allclose(risen, np.tile(-0.75 * np.log(prior), (3, 1)), atol=1e-4)


def test_the_keras_network_is_scaled_in_its_last_layer(public_test: FerData) -> None:
    import keras

    from fer_core.models.networks.keras_cnn import build, network_from
    from training.engine.keras_trainer import fit_keras_temperature, keras_tensors

    keras.utils.set_random_seed(0)
    before = keras_tensors(build())
    before["logits/kernel"] *= 20  # an untrained network is almost undecided
    pixels = public_test.chips[..., None] / 255
    predicted = network_from(before).predict(pixels, verbose=0).argmax(axis=1)
    mostly_correct = np.where(np.arange(len(public_test)) % 3, predicted, public_test.labels)
    public_test = replace(public_test, labels=mostly_correct.astype(np.uint8))
    after, temperature = fit_keras_temperature(before, public_test)
    assert {key for key in before if not np.array_equal(before[key], after[key])} == {
        "logits/kernel",  # the bias is initially 0
    }
    old, new = (network_from(tensors).predict(pixels, verbose=0) for tensors in (before, after))
    assert temperature != pytest.approx(1, abs=0.05)
    np.testing.assert_allclose(new, old / temperature, rtol=1e-4, atol=1e-5)
    again = fit_temperature(public_test.labels, softmax(new))
    assert again == pytest.approx(1, abs=0.01)
