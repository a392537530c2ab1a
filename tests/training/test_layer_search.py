"""`python -m training.layer_search`: its faces, a tiny run, and the committed numbers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fer_core import EMOTIONS
from fer_core.evaluation.explanations import CENTRE_BASELINE
from fer_core.explain import default_depth, explain
from fer_core.explain.faithfulness import measure_drops, measure_faithfulness
from fer_core.models.predictors import load
from fer_core.registry import list_networks
from training import layer_search
from training.engine.data import load_data
from training.layer_search import LayerResult
from training.saliency import FACES_PER_EMOTION, first_faces

LINE = LayerResult("keras_cnn", "layer_cam", 2, 30, 5, 12.34, -1.6, 20.5, "0123456789ab")


def test_falls_are_those_of_the_whole_measure() -> None:
    chip = np.random.default_rng(0).integers(0, 255, (48, 48)).astype(np.uint8)
    heat = np.random.default_rng(1).random((48, 48)).astype(np.float32)
    predict = load("multiclass").predict_proba
    whole = measure_faithfulness(chip, heat, predict, 3)
    assert measure_drops(chip, heat, predict, 3) == pytest.approx((whole.confidence_drop, whole.random_drop), abs=1e-6)
    assert whole.confidence_drop != whole.random_drop


def test_no_face_is_one_that_the_app_tells_of(tiny_data: Path) -> None:
    data = load_data(tiny_data).split("PublicTest")
    faces = layer_search.search_faces(data, 2)
    assert not set(faces.ids) & set(first_faces(data, FACES_PER_EMOTION).ids)
    for i in range(7):
        sixth = sorted(data.ids[data.labels == i])[FACES_PER_EMOTION : FACES_PER_EMOTION + 2]
        assert list(faces.ids[faces.labels == i]) == sixth


def test_a_tiny_run_goes_on_where_it_was(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "layers.csv"
    asked = ["--data", str(tiny_data), "--variants", "multiclass", "--methods", "layer_cam"]
    asked += ["--faces", "1", "--out", str(out)]
    assert layer_search.main(asked) == 0
    found = layer_search.read_results(out)
    assert [(each.method, each.depth) for each in found] == [
        (CENTRE_BASELINE, 0),
        *(("layer_cam", depth) for depth in (1, 2, 3, 4)),
    ]

    faces = layer_search.search_faces(load_data(tiny_data).split("PublicTest"), 1)
    predict = load("multiclass").predict_proba
    gains = []
    for chip in faces.chips:
        told = explain("multiclass", chip[None], method="layer_cam", depth=3)[0]
        if not told.flat:
            fall, elsewhere = measure_drops(chip, told.map, predict, EMOTIONS.index(told.emotion))
            gains.append(100 * (fall - elsewhere))
    third = found[3]
    assert (third.n, third.flat) == (len(gains), len(faces) - len(gains))
    assert third.difference == pytest.approx(np.mean(gains), abs=0.006)
    assert third.low <= third.difference <= third.high

    rows = out.read_text().splitlines(keepends=True)
    out.write_text("".join(rows[:-1]))
    asked_for = []
    real = layer_search.measure_layer
    monkeypatch.setattr(
        layer_search, "measure_layer", lambda *args: asked_for.append(args[:3]) or real(*args)
    )
    assert layer_search.main(asked) == 0
    assert asked_for == [("multiclass", "layer_cam", 4)]
    assert layer_search.read_results(out) == found


def test_numbers_of_other_weights_are_not_taken(tmp_path: Path) -> None:
    from training.engine.trainer import write_log

    out = tmp_path / "layers.csv"
    write_log(out, [vars(LINE)])
    assert layer_search.read_results(out) == []


def test_the_table_marks_the_usual_depth_and_counts_flat_maps() -> None:
    assert default_depth("keras_cnn", "layer_cam") == 3
    lines = [
        replace(LINE, depth=1, flat=0),
        replace(LINE, depth=2, n=0, difference=0.0, low=0.0, high=0.0),
        replace(LINE, depth=3),
        replace(LINE, method=CENTRE_BASELINE, depth=0, flat=0, difference=-0.4, low=-5.4, high=2.0),
    ]
    assert layer_search.format_table(lines).splitlines()[2] == (
        "| LayerCAM | `keras_cnn` | 12 (−2 to 20) | all flat | **12** (−2 to 20, 5 flat) | – "
        "| 0 (−5 to 2) |"
    )


def test_every_network_has_been_measured_with_its_committed_weights() -> None:
    known = {(each.variant, each.method, each.depth) for each in layer_search.read_results()}
    for name in list_networks():
        missing = {
            (name, *place) for place in layer_search.method_depths(name, layer_search.METHOD_NAMES)
        } - known
        assert not missing


def test_no_depth_is_clearly_truer_than_the_usual_one() -> None:
    known = {(each.variant, each.method, each.depth): each for each in layer_search.read_results()}
    for (name, method, _), line in known.items():
        if method != CENTRE_BASELINE:
            usual = known[name, method, default_depth(name, method)]
            assert line.low <= usual.high, (line, usual)
