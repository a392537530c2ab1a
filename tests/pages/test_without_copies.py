"""The filter "No copy in Training" on Confusion matrices and Per-class metrics."""

from pathlib import Path

import pytest
from apptest import open_page, text_of

from fer_core.artifacts.predictions import split_predictions
from fer_core.datasets.near_copies import has_training_copy
from fer_core.evaluation import per_class
from fer_core.evaluation.near_copies import FACES, select_predictions
from fer_core.registry import MODELS
from fer_core.reports.format import percent

TITLE = MODELS["stacking"].title


def test_confusion_matrices_of_faces_without_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FER2013_DIR", str(tmp_path))  # a folder without any image
    private = split_predictions("stacking", "PrivateTest")
    new = private.select(~has_training_copy(private.ids))
    app = open_page("pages/confusion.py", model=TITLE, faces=FACES["no_copy"])
    assert not app.exception
    text = text_of(app)
    assert f"accuracy **{percent(new.correct.mean(), 1)}** on PrivateTest without copies" in text
    assert f"{len(new):,} faces of FER2013's PrivateTest without a copy in Training" in text


def test_per_class_metrics_of_faces_without_a_copy() -> None:
    pages = [open_page("pages/per_class.py", model=TITLE, faces=title) for title in FACES.values()]
    everyone, new = pages
    assert not new.exception
    expected = per_class.rows(select_predictions("stacking", "PrivateTest", "no_copy"))
    assert new.dataframe[0].value["Faces"].tolist() == [row.faces for row in expected]
    assert everyone.dataframe[0].value["Faces"].sum() == 3589
    n = sum(row.faces for row in expected)
    assert f"{n:,} faces of FER2013's PrivateTest without a copy in Training" in text_of(new)
