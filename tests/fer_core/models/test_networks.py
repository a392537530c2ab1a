"""The networks are what the study describes."""

import numpy as np
import pytest
import torch
from torch import nn

from fer_core.emotions import EMOTIONS
from fer_core.models import ensembles
from fer_core.models.networks.face_model import FaceModel
from fer_core.models.networks.scratch_cnn import ScratchCNN, YesNoModels
from fer_core.models.networks.torch_loading import preprocess
from fer_core.registry import Preprocessing, get_model_spec


def test_multiclass_has_four_blocks_and_two_fully_connected_layers() -> None:
    network = ScratchCNN()
    assert len(network.blocks) == 4
    assert sum(isinstance(layer, nn.Linear) for layer in network.head) == 2
    assert network.eval()(torch.zeros(2, 1, 48, 48)).shape == (2, 7)


def test_yes_no_models_share_nothing() -> None:
    network = YesNoModels().eval()
    images = torch.rand(2, 1, 48, 48)
    before = network(images)
    with torch.no_grad():
        for parameter in network.models["happy"].parameters():
            parameter.add_(0.1)
    changed = (network(images) != before).any(dim=0)
    assert changed.tolist() == [name == "happy" for name in EMOTIONS]


def test_calibration_is_an_affine_change_of_the_logits() -> None:
    network = YesNoModels().eval()
    images = torch.rand(2, 1, 48, 48)
    before = network(images)
    slope, offset = torch.linspace(0.5, 2, 7), torch.linspace(-1, 1, 7)
    network.calibrate(slope, offset)
    torch.testing.assert_close(network(images), before * slope + offset)


def test_face_model_keeps_the_contract_of_the_study() -> None:
    network = FaceModel("resnet18")
    assert isinstance(network.dropout, nn.Dropout)
    assert network.dropout.p == 0.5
    assert isinstance(network.norm, nn.BatchNorm1d)
    images, labels = torch.rand(4, 3, 48, 48), torch.tensor([0, 1, 2, 3])
    assert network(images).shape == (4, 7)
    network.eval()
    logits, loss = network(images, labels)
    torch.testing.assert_close(loss, nn.functional.cross_entropy(logits, labels))


def test_each_logit_gets_its_slope_and_offset() -> None:
    network = FaceModel("resnet18").eval()
    images, slope, offset = torch.rand(4, 3, 48, 48), torch.rand(7) + 0.5, torch.randn(7)
    before = network(images)
    network.calibrate(slope, offset)
    torch.testing.assert_close(network(images), slope * before + offset)


def test_keras_layers_are_those_of_the_study() -> None:
    from keras import layers

    from fer_core.models.networks.keras_cnn import build

    model = build()
    assert model.input_shape == (None, 48, 48, 1)
    assert model.output_shape == (None, 7)
    convolutions = [la for la in model.layers if isinstance(la, layers.Conv2D)]
    found = [(la.filters, la.kernel_size[0], la.padding) for la in convolutions]
    assert found == [(64, 3, "same"), (128, 5, "same"), (512, 3, "same"), (512, 3, "same")]
    assert sum(isinstance(la, layers.Dense) for la in model.layers) == 3  # two and the outputs
    block = [type(la).__name__ for la in model.layers[:5]]
    assert block == ["Conv2D", "BatchNormalization", "Activation", "MaxPooling2D", "Dropout"]
    assert model.layers[4].rate == 0.25


def test_prepare_resizes_normalises_and_repeats() -> None:
    images = torch.full((2, 1, 48, 48), 0.75)
    found = preprocess(images, Preprocessing(size=64, channels=3, mean=0.5, std=0.25))
    assert found.shape == (2, 3, 64, 64)
    torch.testing.assert_close(found, torch.ones(2, 3, 64, 64))


def test_single_ensemble_with_neutral_numbers_is_softmax_of_the_log_odds() -> None:
    scores = np.array([[0.9, 0.5, 0.5, 0.5, 0.5, 0.5, 0.1]], np.float32)
    neutral = {"slope": [1.0] * 7, "offset": [0.0] * 7}
    found = ensembles.combine(get_model_spec("ensemble_single"), neutral, [scores])
    odds = np.array([9, 1, 1, 1, 1, 1, 1 / 9])
    np.testing.assert_allclose(found[0], odds / odds.sum(), rtol=1e-5)


def test_full_ensemble_weights_its_members() -> None:
    scores = np.full((1, 7), 0.5, np.float32)  # softmax of equal odds: 1/7 each
    sure = np.eye(7, dtype=np.float32)[:1]
    fitted = {"slope": [1.0] * 7, "offset": [0.0] * 7, "multiclass_share": 0.3}
    found = ensembles.combine(get_model_spec("ensemble_full"), fitted, [scores, sure])
    assert found[0, 0] == pytest.approx(0.3 + 0.7 / 7)
    assert found[0, 1] == pytest.approx(0.7 / 7)


def test_the_mean_weights_all_members_alike() -> None:
    first, second = np.eye(7)[:1], np.full((1, 7), 0.2)  # the second: scores, which sum to 1.4
    assert ensembles.mean({}, first, second)[0] == pytest.approx([0.5 + 0.5 / 7] + [0.5 / 7] * 6)


def test_a_missing_member_is_refused() -> None:
    with pytest.raises(ValueError, match="stacking combines 2 members, not 1"):
        ensembles.combine(get_model_spec("stacking"), {}, [np.full((1, 7), 0.5)])
    with pytest.raises(ValueError, match="multiclass"):
        ensembles.combine(get_model_spec("multiclass"), {}, [])
