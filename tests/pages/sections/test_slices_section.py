"""The section "Where is it worst?" of Per-class metrics."""

import csv
import io

import numpy as np
import pytest
from apptest import open_page, text_of
from labelled_sets import NAME, labelled_set, open_with
from streamlit.testing.v1 import AppTest

from fer_core.emotions import EMOTIONS
from fer_core.evaluation import slice_features
from fer_core.evaluation.evaluation_set import committed_set
from fer_core.registry import MODELS
from fer_core.reports import export
from fer_core.reports.format import format_points_interval, points
from pages.components import downloads
from pages.sections.per_class import slices
from pages.session.own_sets import OwnResults

PAGE = "pages/per_class.py"
MODEL = MODELS["multiclass"]
CONCLUSION = "do not show that darker ones are harder"


def table_of(app: AppTest) -> dict[str, dict[str, object]]:
    [table] = [t.value for t in app.dataframe if "Slice" in t.value]
    return {row["Slice"]: dict(row) for _, row in table.iterrows()}


def test_the_table_is_the_librarys_in_all_four_ways() -> None:
    app = open_page(PAGE, model=MODEL.title)
    assert not app.exception
    table = table_of(app)
    rows = slice_features.slice_rows(committed_set("PrivateTest"), MODEL.name)
    assert list(table) == [f"{row.feature}: {row.name}" for row in rows]
    dark = table["brightness: lowest quarter"]
    for yardstick in slice_features.YARDSTICKS:
        [other] = [
            row
            for row in slice_features.slice_rows(yardstick.of("PrivateTest"), MODEL.name)
            if (row.feature, row.name) == ("brightness", "lowest quarter")
        ]
        if yardstick.faces == "all" and not yardstick.by_crowd:
            assert dark["Difference"] == pytest.approx(100 * other.difference)
            assert dark["Difference, 95 %"] == format_points_interval(other.interval)
        else:
            expected = f"{points(other.difference)} ({format_points_interval(other.interval)})"
            assert dark[f"B{yardstick.title[1:]}"] == expected


def test_the_worst_slice_and_the_gap_by_brightness_are_said() -> None:
    text = text_of(open_page(PAGE, model=MODEL.title))
    rows = slice_features.slice_rows(committed_set("PrivateTest"), MODEL.name)
    worse = [row for row in rows if row.is_worse]
    assert f"is significantly worse on {len(worse)}, corrected for their number" in text
    assert f"Most surely so on **{rows[0].name}** ({rows[0].feature})" in text
    majorities = len(committed_set("PrivateTest", by_crowd=True))
    assert f"on the {majorities:,} of {len(committed_set('PrivateTest')):,} faces" in text
    assert CONCLUSION in text


def test_no_test_on_the_split_that_chose() -> None:
    app = open_page(PAGE, model=MODELS["keras_cnn"].title, split="PublicTest")
    assert "**Brightness.**" in text_of(app)
    assert CONCLUSION not in text_of(app)  # although its intervals by the majority hold 0
    assert "No test is made" in text_of(app)
    assert all("p (Holm)" not in row for row in table_of(app).values())


def test_two_features_together() -> None:
    app = open_page(PAGE, model=MODEL.title, slices="two")
    assert not app.exception
    rows = slice_features.slice_rows(committed_set("PrivateTest"), MODEL.name, crossed=True)
    assert len(table_of(app)) == len(rows) > 100
    assert any(name.startswith("label and near copy: fear, none") for name in table_of(app))


def test_own_faces_by_look_and_size() -> None:
    count, own = 200, OwnResults()
    chips = np.random.default_rng(0).integers(0, 255, (count, 48, 48), np.uint8)
    own.add_set(labelled_set(EMOTIONS, count), chips, np.arange(count))
    app = open_with(own, PAGE, model=MODEL.title)
    assert not app.exception
    features = {name.partition(":")[0] for name in table_of(app)}
    assert features == {"label", "brightness", "contrast", "sharpness", "face size"}
    assert "**Brightness.**" not in text_of(app)
    own.remove_set(NAME)
    assert not own.sides


def test_a_small_set_has_no_slices() -> None:
    own = OwnResults()
    own.add_set(labelled_set(["happy", "sad"], 12))
    app = open_with(own, PAGE, model=MODEL.title)
    assert not app.exception
    assert "No slice has" in text_of(app)


def test_the_csv_has_all_four_ways() -> None:
    evaluation_set = committed_set("PrivateTest")
    rows = slice_features.slice_rows(evaluation_set, MODEL.name)
    by_crowd = slice_features.YARDSTICKS[2]
    other = slice_features.slice_rows(by_crowd.of("PrivateTest"), MODEL.name, tested=False)
    others = {by_crowd: {(row.feature, row.name): row for row in other}}
    lines = slices.csv_rows(rows, others, MODEL, evaluation_set)
    [line] = [
        line
        for line in csv.DictReader(io.StringIO(export.to_csv(downloads.with_provenance(lines))))
        if (line["feature"], line["slice"]) == ("near copy", "none")
    ]
    same = others[by_crowd]["near copy", "none"]
    assert float(line["difference_crowd_all"]) == pytest.approx(same.difference, abs=1e-6)
    assert float(line["difference_crowd_all_low"]) == pytest.approx(same.interval.low, abs=1e-6)
    assert float(line["p_holm"]) < 0.05
    assert line["title"] == MODEL.title
