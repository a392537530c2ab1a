"""What training fits on PublicTest and folds into a last layer."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from fer_core.evaluation.calibration import fit_temperature
from fer_core.models.networks.face_model import FaceModel
from fer_core.models.networks.torch_loading import ChipNetwork
from fer_core.probability import softmax
from fer_core.registry import get_model_spec
from training.engine.calibration import fit_temperature
from training.engine.data import FerData, load_data


@pytest.fixture
def public(tiny_data: Path) -> FerData:
    return load_data(tiny_data).split("PublicTest")


def test_temperature_scaling_needs_no_second_time(public: FerData) -> None:
    torch.manual_seed(0)
    network = FaceModel("resnet18").eval()
    how = get_model_spec("resnet101").preprocessing
    assert how is not None
    chips = torch.from_numpy(public.chips)
    with torch.no_grad():
        before = ChipNetwork(network, how)(chips)
        temperature = fit_temperature(network, how, public)
        after = ChipNetwork(network, how)(chips)
    torch.testing.assert_close(after, before / temperature)
    again = fit_temperature(public.labels, after.softmax(1).numpy())
    assert again == pytest.approx(1, abs=0.01)


def test_the_keras_network_is_scaled_in_its_last_layer(public: FerData) -> None:
    import keras

    from fer_core.models.networks.keras_cnn import build, network_from
    from training.engine.keras_trainer import keras_tensors, fit_keras_temperature

    keras.utils.set_random_seed(0)
    before = keras_tensors(build())
    before["logits/kernel"] *= 20  # an untrained network is next to undecided
    pixels = public.chips[..., None] / 255
    said = network_from(before).predict(pixels, verbose=0).argmax(axis=1)
    often_right = np.where(np.arange(len(public)) % 3, said, public.labels)
    public = replace(public, labels=often_right.astype(np.uint8))
    after, temperature = fit_keras_temperature(before, public)
    assert {key for key in before if not np.array_equal(before[key], after[key])} == {
        "logits/kernel",  # its bias begins as 0
    }
    old, new = (network_from(each).predict(pixels, verbose=0) for each in (before, after))
    assert temperature != pytest.approx(1, abs=0.05)
    np.testing.assert_allclose(new, old / temperature, rtol=1e-4, atol=1e-5)
    again = fit_temperature(public.labels, softmax(new))
    assert again == pytest.approx(1, abs=0.01)
