"""`python -m training.layer_search`: its faces, a tiny run, and the committed results."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fer_core import EMOTIONS
from fer_core.datasets import near_copies
from fer_core.datasets.fer2013_ids import SPLIT_SIZES
from fer_core.evaluation.explanations import CENTRE_BASELINE
from fer_core.explain import METHODS, default_depth, explain
from fer_core.explain.faithfulness import measure_faithfulness
from fer_core.models.predictors import load
from fer_core.registry import list_networks
from training import layer_search
from training.engine import explained_faces
from training.engine.data import load_data
from training.layer_search import LayerResult

RESULT = LayerResult("keras_cnn", "layer_cam", 2, 30, 5, 12.34, -1.6, 20.5, "0123456789ab")


def test_no_face_chooses_a_layer_and_is_measured(
    tiny_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = load_data(tiny_data).split("PublicTest")
    copies = {str(min(data.ids[data.labels == i])) for i in range(7)}
    monkeypatch.setattr(
        near_copies, "has_training_copy", lambda ids: np.array([i in copies for i in ids])
    )
    monkeypatch.setattr(explained_faces, "SEARCH_FACES", 2)
    faces = explained_faces.search_faces(data)
    for i in range(7):
        expected = sorted(data.ids[data.labels == i])[1:3]  # the first has a copy
        assert list(faces.ids[faces.labels == i]) == expected
    measured = explained_faces.measured_faces(data, 2)
    assert copies <= set(measured.ids)
    assert not set(measured.ids) & set(faces.ids)


def test_a_tiny_run_continues_where_it_stopped(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SPLIT_SIZES, "PublicTest", 70)
    out = tmp_path / "layers.csv"
    arguments = ["--data", str(tiny_data), "--models", "multiclass", "--methods", "layer_cam"]
    arguments += ["--out", str(out)]
    monkeypatch.setattr(explained_faces, "SEARCH_FACES", 1)
    assert layer_search.main(arguments) == 0
    results = layer_search.read_results(out)
    assert [(row.method, row.depth) for row in results] == [
        (CENTRE_BASELINE, 0),
        *(("layer_cam", depth) for depth in (1, 2, 3, 4)),
    ]

    faces = explained_faces.search_faces(load_data(tiny_data).split("PublicTest"))
    assert len(faces) == 7
    predict = load("multiclass").predict_proba
    gains = []
    for chip in faces.chips:
        explanation = explain("multiclass", chip[None], method="layer_cam", depth=3)[0]
        if not explanation.flat:
            emotion = EMOTIONS.index(explanation.emotion)
            row = measure_faithfulness(
                chip, explanation.map, predict, emotion, draws=explained_faces.DRAWS
            )
            gains.append(100 * (row.confidence_drop - row.random_drop))
    third = results[3]
    assert (third.n, third.flat) == (len(gains), len(faces) - len(gains))
    assert third.difference == pytest.approx(np.mean(gains), abs=0.006)
    assert third.low <= third.difference <= third.high

    rows = out.read_text().splitlines(keepends=True)
    out.write_text("".join(rows[:-1]))
    measured = []
    measure_layer = layer_search.measure_layer
    monkeypatch.setattr(
        layer_search,
        "measure_layer",
        lambda *args: measured.append(args[:3]) or measure_layer(*args),
    )
    assert layer_search.main(arguments) == 0
    assert measured == [("multiclass", "layer_cam", 4)]
    assert layer_search.read_results(out) == results


def test_results_of_other_weights_are_ignored(tmp_path: Path) -> None:
    from training.engine.trainer import write_log

    out = tmp_path / "layers.csv"
    write_log(out, [vars(RESULT)])
    assert layer_search.read_results(out) == []


def test_the_table_marks_the_default_depth_and_counts_flat_maps() -> None:
    assert default_depth("keras_cnn", "layer_cam") == 3
    results = [
        replace(RESULT, depth=1, flat=0),
        replace(RESULT, depth=2, n=0, difference=0.0, low=0.0, high=0.0),
        replace(RESULT, depth=3),
        replace(
            RESULT, method=CENTRE_BASELINE, depth=0, flat=0, difference=-0.4, low=-5.4, high=2.0
        ),
    ]
    assert layer_search.format_table(results).splitlines()[2] == (
        "| LayerCAM | `keras_cnn` | 12 (−2 to 20) | all flat | **12** (−2 to 20, 5 flat) | – "
        "| 0 (−5 to 2) |"
    )


def test_every_network_has_been_measured_with_its_committed_weights() -> None:
    measured = {(row.variant, row.method, row.depth) for row in layer_search.read_results()}
    for name in list_networks():
        missing = {
            (name, *key) for key in layer_search.method_depths(name, list(METHODS))
        } - measured
        assert not missing


def test_no_depth_is_significantly_more_faithful_than_the_default() -> None:
    by_key = {(row.variant, row.method, row.depth): row for row in layer_search.read_results()}
    for (name, method, _), row in by_key.items():
        if method != CENTRE_BASELINE:
            default = by_key[name, method, default_depth(name, method)]
            assert row.low <= default.high, (row, default)
