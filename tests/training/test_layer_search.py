"""`python -m training.layer_search`: its faces, a tiny run, and the committed results."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fer_core import EMOTIONS
from fer_core.datasets.fer2013_ids import SPLIT_SIZES
from fer_core.evaluation.explanations import CENTRE_BASELINE
from fer_core.explain import default_depth, explain
from fer_core.explain.faithfulness import measure_drops, measure_faithfulness
from fer_core.models.predictors import load
from fer_core.registry import list_networks
from training import layer_search
from training.engine.data import load_data
from training.layer_search import LayerResult
from training.saliency import FACES_PER_EMOTION, first_faces

RESULT = LayerResult("keras_cnn", "layer_cam", 2, 30, 5, 12.34, -1.6, 20.5, "0123456789ab")


def test_confidence_drops_equal_those_of_measure() -> None:
    chip = np.random.default_rng(0).integers(0, 255, (48, 48)).astype(np.uint8)
    heat = np.random.default_rng(1).random((48, 48)).astype(np.float32)
    predict = load("multiclass").predict_proba
    faithfulness = measure_faithfulness(chip, heat, predict, 3)
    assert measure_drops(chip, heat, predict, 3) == pytest.approx(
        (faithfulness.confidence_drop, faithfulness.random_drop), abs=1e-6
    )
    assert faithfulness.confidence_drop != faithfulness.random_drop


def test_search_faces_are_not_the_faces_behind_the_apps_numbers(tiny_data: Path) -> None:
    data = load_data(tiny_data).split("PublicTest")
    faces = layer_search.search_faces(data, 2)
    assert not set(faces.ids) & set(first_faces(data, FACES_PER_EMOTION).ids)
    for i in range(7):
        expected = sorted(data.ids[data.labels == i])[FACES_PER_EMOTION : FACES_PER_EMOTION + 2]
        assert list(faces.ids[faces.labels == i]) == expected


def test_a_tiny_run_continues_where_it_stopped(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SPLIT_SIZES, "PublicTest", 70)
    out = tmp_path / "layers.csv"
    arguments = ["--data", str(tiny_data), "--models", "multiclass", "--methods", "layer_cam"]
    arguments += ["--faces", "1", "--out", str(out)]
    assert layer_search.main(arguments) == 0
    results = layer_search.read_results(out)
    assert [(row.method, row.depth) for row in results] == [
        (CENTRE_BASELINE, 0),
        *(("layer_cam", depth) for depth in (1, 2, 3, 4)),
    ]

    faces = layer_search.search_faces(load_data(tiny_data).split("PublicTest"), 1)
    predict = load("multiclass").predict_proba
    gains = []
    for chip in faces.chips:
        explanation = explain("multiclass", chip[None], method="layer_cam", depth=3)[0]
        if not explanation.flat:
            emotion = EMOTIONS.index(explanation.emotion)
            drop, random_drop = measure_drops(chip, explanation.map, predict, emotion)
            gains.append(100 * (drop - random_drop))
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
            (name, *key) for key in layer_search.method_depths(name, layer_search.METHOD_NAMES)
        } - measured
        assert not missing


def test_no_depth_is_significantly_more_faithful_than_the_default() -> None:
    by_key = {(row.variant, row.method, row.depth): row for row in layer_search.read_results()}
    for (name, method, _), row in by_key.items():
        if method != CENTRE_BASELINE:
            default = by_key[name, method, default_depth(name, method)]
            assert row.low <= default.high, (row, default)
