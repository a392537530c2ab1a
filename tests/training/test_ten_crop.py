"""Test-time augmentation: the ten views, their mean, and how it is stored."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from PIL.Image import Resampling
from torch.nn.functional import interpolate

from fer_core.artifacts import private_test_ledger, store, summaries
from fer_core.artifacts.predictions import load_predictions, split_predictions
from fer_core.errors import ResultsError
from fer_core.models import predictors
from fer_core.models.networks.torch_loading import load_network
from fer_core.registry import MODELS, get_model_spec
from training import ten_crop
from training.engine.data import FerData

MEASURED = [
    name
    for name, model in MODELS.items()
    if summaries.load_summary(model) is not None and load_predictions(name).ten_crop is not None
]


def test_views_are_four_corners_the_centre_and_their_mirrors() -> None:
    ramp = np.broadcast_to(np.arange(48, dtype=np.uint8)[None] * 5, (48, 48))
    chips = np.stack([ramp, ramp.T])
    views = ten_crop.ten_views(chips)
    assert len(views) == 10
    assert {view.shape for view in views} == {(2, 44, 44)}
    assert {view.dtype for view in views} == {np.dtype(np.uint8)}
    lefts = [int(view[0, 22, 0]) for view in views]
    assert lefts == [0, 20, 0, 20, 10, 235, 215, 235, 215, 225]
    tops = [int(view[1, 0, 22]) for view in views]
    assert tops == [0, 0, 20, 20, 10] * 2


def test_the_result_is_the_mean_of_ten_views(chips: np.ndarray) -> None:
    averages = ten_crop.mean_probabilities(get_model_spec("multiclass"), chips)
    predictor = predictors.load("multiclass")
    enlarged = [
        np.stack(
            [
                np.asarray(Image.fromarray(crop).resize((48, 48), Resampling.BILINEAR))
                for crop in view
            ]
        )
        for view in ten_crop.ten_views(chips)
    ]
    expected = np.mean([predictor.predict_proba(view) for view in enlarged], axis=0)
    np.testing.assert_allclose(averages, expected, atol=5e-3)  # Pillow rounds differently
    np.testing.assert_allclose(averages.sum(axis=1), 1, atol=1e-5)


def test_a_network_with_larger_inputs_gets_each_view_resized_once(chips: np.ndarray) -> None:
    averages = ten_crop.mean_probabilities(get_model_spec("efficientnet_b5"), chips[:2])
    network = load_network("efficientnet_b5")
    assert network.preprocessing.size == 96
    expected = []
    for view in ten_crop.ten_views(chips[:2]):
        grey = torch.from_numpy(view)[:, None] / 255
        large = interpolate(grey, (96, 96), mode="bilinear", align_corners=False)
        preprocessing = network.preprocessing
        with torch.no_grad():
            logits = network.network(
                ((large - preprocessing.mean) / preprocessing.std).expand(-1, 3, -1, -1)
            )
        expected.append(logits.softmax(1).numpy())
    np.testing.assert_allclose(averages, np.mean(expected, axis=0), atol=1e-5)


def test_the_averages_are_added_to_the_results_file(
    copied_results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    predictions = load_predictions("multiclass")
    scorings = private_test_ledger.read()
    data = FerData(
        predictions.ids,
        predictions.labels.astype(np.uint8),
        np.zeros((len(predictions), 48, 48), np.uint8),
    )
    correct = np.eye(7, dtype=np.float32)[predictions.labels]
    monkeypatch.setattr(ten_crop, "mean_probabilities", lambda model, chips: correct)
    accuracies = ten_crop.add_ten_crop(get_model_spec("multiclass"), data)
    assert {split: ten for split, (_, ten) in accuracies.items()} == {
        "PublicTest": 1,
        "PrivateTest": 1,
    }
    [row] = private_test_ledger.read()[len(scorings) :]
    assert (row.model, row.views, row.n, row.accuracy) == ("multiclass", 10, 3589, 1)
    assert accuracies["PrivateTest"][0] == pytest.approx(
        summaries.accuracy(get_model_spec("multiclass"), "PrivateTest")
    )
    again = load_predictions("multiclass")
    np.testing.assert_array_equal(again.probabilities, predictions.probabilities)
    assert split_predictions("multiclass", "PrivateTest").ten_crop_accuracy == 1
    with pytest.raises(ResultsError, match="other images"):
        ten_crop.add_ten_crop(get_model_spec("multiclass"), data.split("PrivateTest"))


def test_other_weights_are_refused(copied_weights: Path, fer2013: FerData) -> None:
    path = copied_weights / "multiclass.safetensors"
    sums = copied_weights / store.CHECKSUMS_FILE
    checksums = sums.read_text()
    for linked in (path, sums):
        linked.unlink()
    sums.write_text(checksums)
    path.write_bytes(b"others")
    store.record_checksums(path)
    with pytest.raises(ResultsError, match="trained anew since it was evaluated"):
        ten_crop.add_ten_crop(get_model_spec("multiclass"), fer2013)


@pytest.mark.parametrize("name", MEASURED)
def test_committed_averages_match_the_committed_weights(name: str, fer2013: FerData) -> None:
    """A new evaluation drops outdated averages; here some are recomputed."""
    private = fer2013.split("PrivateTest")
    few = slice(0, 40)
    averages = ten_crop.mean_probabilities(get_model_spec(name), private.chips[few])
    committed = split_predictions(name, "PrivateTest")
    np.testing.assert_array_equal(committed.ids[few], private.ids[few])
    assert committed.ten_crop is not None
    np.testing.assert_allclose(averages, committed.ten_crop[few], atol=2e-3)
