"""`python -m training.saliency`: its faces, a tiny run, and the committed results recomputed."""

import json
from pathlib import Path

import numpy as np
import pytest

from fer_core.artifacts import store
from fer_core.artifacts.predictions import Predictions
from fer_core.datasets import near_copies
from fer_core.datasets.fer2013_ids import SPLIT_SIZES
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import explanation_results, explanations
from fer_core.evaluation.explanations import CENTRE_BASELINE
from fer_core.explain import api, faithfulness
from fer_core.models.predictors import load
from fer_core.registry import MODELS
from training import saliency as command
from training.engine import explained_faces
from training.engine.data import FerData, load_data


def public_test(data: FerData) -> FerData:
    return data.split("PublicTest")


def test_the_first_faces_of_each_emotion(tiny_data: Path) -> None:
    data = public_test(load_data(tiny_data))
    faces = explained_faces.first_faces(data, 2)
    assert len(faces) == 14
    assert list(faces.ids) == sorted(faces.ids)
    for i in range(7):
        assert list(faces.ids[faces.labels == i]) == sorted(data.ids[data.labels == i])[:2]


def test_a_mean_map_uses_only_correctly_classified_faces(
    tiny_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = public_test(load_data(tiny_data))
    probabilities = np.eye(7)[data.labels]
    probabilities[data.labels == 1] = np.eye(7)[0]  # disgust is never predicted
    probabilities[:3] = np.eye(7)[(data.labels[:3] + 1) % 7]
    predictions = Predictions(data.ids[::-1], data.labels[::-1].astype(int), probabilities[::-1])
    monkeypatch.setattr(command, "split_predictions", lambda name, split: predictions)
    faces = command.correct_faces("multiclass", data, 4)
    assert not set(data.ids[:3]) & set(faces.ids)
    expected = [4, 0, 4, 4, 4, 4, 4]
    assert np.bincount(faces.labels, minlength=7).tolist() == expected


@pytest.fixture
def results_file(no_results: Path) -> Path:
    return no_results / "saliency.json"


def test_a_tiny_run(
    tiny_data: Path,
    results_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(SPLIT_SIZES, "PublicTest", 70)
    data = public_test(load_data(tiny_data))
    truth = Predictions(data.ids, data.labels.astype(int), np.eye(7)[data.labels])
    monkeypatch.setattr(command, "split_predictions", lambda name, split: truth)
    monkeypatch.setattr(near_copies, "has_training_copy", lambda ids: np.zeros(len(ids), bool))
    monkeypatch.setattr(command, "FEW_FACES_PER_EMOTION", 1)
    few = ["--data", str(tiny_data), "--faces", "1", "--maps", "2", "--models", "multiclass"]
    assert command.main([*few, "--methods", "grad_cam"]) == 0
    results = explanation_results.load_results()
    [(name, result)] = results.models.items()
    assert name == "multiclass"
    assert set(result.measurements) == {CENTRE_BASELINE, "grad_cam"}
    grad_cam = result.mean_maps["grad_cam"]
    assert set(result.mean_maps) == {"grad_cam"}
    assert (grad_cam.n + grad_cam.flat).tolist() == [2] * 7
    assert not explanation_results.is_stale(result, name)

    # Each face's row equals that computed with the library directly.
    faces = explained_faces.measured_faces(data, 1)
    for method in (CENTRE_BASELINE, "grad_cam"):
        for chip, row in zip(faces.chips, result.measurements[method].faces, strict=True):
            assert row == pytest.approx(by_hand(name, method, chip), abs=1e-5, nan_ok=True)
    assert not grad_cam.maps.any()  # two faces are too few for a mean

    # A second run adds the missing steps and keeps the others.
    capsys.readouterr()
    assert command.main([*few, "--methods", "grad_cam", "layer_cam"]) == 0
    output = capsys.readouterr().out
    assert "layer_cam" in output
    assert "grad_cam" not in output
    assert set(explanation_results.load_results().models[name].measurements) == {
        CENTRE_BASELINE,
        "grad_cam",
        "layer_cam",
    }
    # With more faces, those measured before are kept, and slow methods stop at the first few.
    assert command.main([*few, "--faces", "2", "--methods", "grad_cam", "score_cam"]) == 0
    more = explanation_results.load_results()
    measured_before = np.isin(more.ids, results.ids)
    assert (len(more.ids), measured_before.sum()) == (14, 7)
    rows = more.models[name].measurements
    np.testing.assert_array_equal(
        rows["grad_cam"].faces[measured_before], result.measurements["grad_cam"].faces
    )
    assert not np.isnan(rows["grad_cam"].faces[:, -1]).any()
    assert np.isnan(rows["grad_cam"].faces[~measured_before, 3:5]).all()  # no curves
    assert (~np.isnan(rows["score_cam"].faces[:, -1])).tolist() == measured_before.tolist()

    # With other weights every step is repeated.
    content = json.loads(results_file.read_text(encoding="utf-8"))
    content["models"][name]["weights"] = {"multiclass.safetensors": "old"}
    results_file.write_text(json.dumps(content), encoding="utf-8")
    store.record_checksums(results_file)
    assert command.main([*few, "--methods", "grad_cam"]) == 0
    assert "mean maps" in capsys.readouterr().out
    assert set(explanation_results.load_results().models[name].measurements) == {
        CENTRE_BASELINE,
        "grad_cam",
    }


def test_a_mean_map_is_the_mean_of_its_faces(
    tiny_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "MIN_FACES", 2)
    faces = explained_faces.first_faces(public_test(load_data(tiny_data)), 3)
    means = command.mean_maps("multiclass", "layer_cam", faces)
    for i, emotion in enumerate(EMOTIONS):
        chips = faces.chips[faces.labels == i]
        batch = api.explain("multiclass", chips, emotion, "layer_cam")
        maps = [explanation.map for explanation in batch if not explanation.flat]
        assert (means.n[i], means.flat[i]) == (len(maps), 3 - len(maps))
        expected = np.mean(maps, axis=0) if len(maps) >= 2 else np.zeros((48, 48))
        np.testing.assert_allclose(means.maps[i], expected, atol=1e-5)


def test_missing_data_gives_a_one_line_error(
    tmp_path: Path, results_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--data", str(tmp_path / "nowhere")]) == 1
    assert "no data at" in capsys.readouterr().err
    assert not results_file.exists()


@pytest.mark.parametrize(
    ("name", "method"),
    [("multiclass", "grad_cam"), ("individual", "layer_cam"), ("keras_cnn", "grad_cam")],
)
def test_committed_faces_measured_again(fer2013: FerData, name: str, method: str) -> None:
    if not explanation_results.files()[0].is_file():
        pytest.skip("not measured: run python -m training.saliency")
    results = explanation_results.load_results()
    data = public_test(fer2013)
    n = len(results.ids) // len(EMOTIONS)
    assert list(explained_faces.measured_faces(data, n).ids) == list(results.ids)
    rows = results.models[name].measurements[method].faces
    has_curves = ~np.isnan(rows[:, 3])
    assert 0 < has_curves.sum() <= command.FEW_FACES_PER_EMOTION * len(EMOTIONS)
    for i, columns in ((has_curves.argmax(), 6), ((~has_curves).argmax(), 3)):
        chip = data.chips[np.flatnonzero(data.ids == results.ids[i])[0]]
        expected = by_hand(name, method, chip)[:columns]
        assert rows[i, :columns] == pytest.approx(expected, abs=0.01, nan_ok=True)


@pytest.mark.parametrize("name", MODELS)
def test_committed_counts_are_those_of_the_predictions(fer2013: FerData, name: str) -> None:
    if not explanation_results.files()[0].is_file():
        pytest.skip("not measured: run python -m training.saliency")
    results = explanation_results.load_results()
    result = results.models[name]
    faces = command.correct_faces(name, public_test(fer2013), results.max_faces)
    for mean in result.mean_maps.values():
        assert (mean.n + mean.flat).tolist() == np.bincount(faces.labels, minlength=7).tolist()


def by_hand(name: str, method: str, chip: np.ndarray) -> list[float]:
    """Compute one face's row with the library directly."""
    predict = load(name).predict_proba
    predicted = int(predict(chip[None])[0].argmax())
    if method == CENTRE_BASELINE:
        heat = explanations.centre_map()
    else:
        [explanation] = api.explain(name, chip[None], None, method)
        assert explanation.emotion == EMOTIONS[predicted]
        if explanation.flat:
            return [*[np.nan] * 5, 1]
        heat = explanation.map
    result = faithfulness.measure_faithfulness(
        chip,
        heat,
        predict,
        predicted,
        draws=explained_faces.DRAWS,
        fractions=command.CURVE_FRACTIONS,
    )
    areas = result.deletion_area, result.insertion_area
    return [result.probability, result.confidence_drop, result.random_drop, *areas, 0]
