"""`python -m training.saliency`: its faces, a tiny run, and the committed numbers once more."""

import json
from pathlib import Path

import numpy as np
import pytest

from fer_core.artifacts import store
from fer_core.artifacts.predictions import Predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import explanation_results, explanations
from fer_core.evaluation.explanations import CENTRE_BASELINE
from fer_core.explain import api, faithfulness
from fer_core.models.predictors import load
from fer_core.registry import MODELS
from training import saliency as command
from training.engine.data import FerData, load_data


def public(data: FerData) -> FerData:
    return data.split("PublicTest")


def test_the_first_faces_of_each_emotion(tiny_data: Path) -> None:
    data = public(load_data(tiny_data))
    faces = command.first_faces(data, 2)
    assert len(faces) == 14
    assert list(faces.ids) == sorted(faces.ids)
    for i in range(7):
        assert list(faces.ids[faces.labels == i]) == sorted(data.ids[data.labels == i])[:2]


def test_only_recognised_faces_make_a_mean_map(
    tiny_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = public(load_data(tiny_data))
    said = np.eye(7)[data.labels]
    said[data.labels == 1] = np.eye(7)[0]  # disgust is never recognised
    said[:3] = np.eye(7)[(data.labels[:3] + 1) % 7]
    told = Predictions(data.ids[::-1], data.labels[::-1].astype(int), said[::-1])
    monkeypatch.setattr(command, "split_predictions", lambda name, split: told)
    found = command.correct_faces("multiclass", data, 4)
    assert not set(data.ids[:3]) & set(found.ids)
    expected = [4, 0, 4, 4, 4, 4, 4]
    assert np.bincount(found.labels, minlength=7).tolist() == expected


@pytest.fixture
def place(no_results: Path) -> Path:
    return no_results / "saliency.json"


def test_a_tiny_run(
    tiny_data: Path,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = public(load_data(tiny_data))
    truth = Predictions(data.ids, data.labels.astype(int), np.eye(7)[data.labels])
    monkeypatch.setattr(command, "split_predictions", lambda name, split: truth)
    few = ["--data", str(tiny_data), "--faces", "1", "--maps", "2", "--variants", "multiclass"]
    assert command.main([*few, "--methods", "grad_cam"]) == 0
    first = explanation_results.load_results()
    [(name, found)] = first.models.items()
    assert name == "multiclass"
    assert set(found.measurements) == {CENTRE_BASELINE, "grad_cam"}
    grad_cam = found.mean_maps["grad_cam"]
    assert set(found.mean_maps) == {"grad_cam"}
    assert (grad_cam.n + grad_cam.flat).tolist() == [2] * 7
    assert not explanation_results.is_stale(found, name)

    # The numbers are those of the library, face by face.
    faces = command.first_faces(data, 1)
    for method in (CENTRE_BASELINE, "grad_cam"):
        for chip, row in zip(faces.chips, found.measurements[method].faces, strict=True):
            assert row == pytest.approx(by_hand(name, method, chip), abs=1e-5, nan_ok=True)
    assert not grad_cam.maps.any()  # two faces are too few for a mean

    # A second run adds what is lacking and leaves the rest.
    capsys.readouterr()
    assert command.main([*few, "--methods", "grad_cam", "layer_cam"]) == 0
    said = capsys.readouterr().out
    assert "layer_cam" in said
    assert "grad_cam" not in said
    assert set(explanation_results.load_results().models[name].measurements) == {
        CENTRE_BASELINE,
        "grad_cam",
        "layer_cam",
    }
    # Other weights make it all anew.
    told = json.loads(place.read_text())
    told["variants"][name]["weights"] = {"multiclass.safetensors": "old"}
    place.write_text(json.dumps(told))
    store.record_checksums(place)
    assert command.main([*few, "--methods", "grad_cam"]) == 0
    assert "mean maps" in capsys.readouterr().out
    assert set(explanation_results.load_results().models[name].measurements) == {CENTRE_BASELINE, "grad_cam"}


def test_a_mean_map_is_the_mean_of_its_faces(
    tiny_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "FEWEST", 2)
    faces = command.first_faces(public(load_data(tiny_data)), 3)
    found = command.mean_maps("multiclass", "layer_cam", faces)
    for i, emotion in enumerate(EMOTIONS):
        of_it = faces.chips[faces.labels == i]
        told = api.explain("multiclass", of_it, emotion, "layer_cam")
        maps = [each.map for each in told if not each.flat]
        assert (found.n[i], found.flat[i]) == (len(maps), 3 - len(maps))
        expected = np.mean(maps, axis=0) if len(maps) >= 2 else np.zeros((48, 48))
        np.testing.assert_allclose(found.maps[i], expected, atol=1e-5)


def test_no_data_is_one_sentence(
    tmp_path: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--data", str(tmp_path / "nowhere")]) == 1
    assert "no data at" in capsys.readouterr().err
    assert not place.exists()


@pytest.mark.parametrize(
    ("name", "method"),
    [("multiclass", "grad_cam"), ("individual", "layer_cam"), ("keras_cnn", "grad_cam")],
)
def test_committed_faces_measured_again(fer2013: FerData, name: str, method: str) -> None:
    if not explanation_results.files()[0].is_file():
        pytest.skip("not measured: run python -m training.saliency")
    recorded = explanation_results.load_results()
    data = public(fer2013)
    each = len(recorded.ids) // len(EMOTIONS)
    assert list(command.first_faces(data, each).ids) == list(recorded.ids)
    for i in (0, len(recorded.ids) // 2):
        chip = data.chips[np.flatnonzero(data.ids == recorded.ids[i])[0]]
        row = recorded.models[name].measurements[method].faces[i]
        assert row == pytest.approx(by_hand(name, method, chip), abs=0.01, nan_ok=True)


@pytest.mark.parametrize("name", MODELS)
def test_committed_counts_are_those_of_the_predictions(fer2013: FerData, name: str) -> None:
    if not explanation_results.files()[0].is_file():
        pytest.skip("not measured: run python -m training.saliency")
    recorded = explanation_results.load_results()
    found = recorded.models[name]
    faces = command.correct_faces(name, public(fer2013), recorded.max_faces)
    for each in found.mean_maps.values():
        assert (each.n + each.flat).tolist() == np.bincount(faces.labels, minlength=7).tolist()


def by_hand(name: str, method: str, chip: np.ndarray) -> list[float]:
    """One face's row, from the library directly."""
    predict = load(name).predict_proba
    answer = int(predict(chip[None])[0].argmax())
    if method == CENTRE_BASELINE:
        heat = explanations.centre_map()
    else:
        [told] = api.explain(name, chip[None], None, method)
        assert told.emotion == EMOTIONS[answer]
        if told.flat:
            return [*[np.nan] * 5, 1]
        heat = told.map
    found = faithfulness.measure_faithfulness(chip, heat, predict, answer)
    areas = found.deletion_area, found.insertion_area
    return [found.probability, found.confidence_drop, found.random_drop, *areas, 0]
