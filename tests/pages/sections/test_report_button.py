"""The Leaderboard's report as a download."""

import numpy as np
import pytest
from apptest import open_page

from fer_core.evaluation.evaluation_set import committed_set
from pages.components import downloads
from pages.sections.leaderboard import report_button


def test_the_leaderboard_offers_a_report() -> None:
    app = open_page("pages/leaderboard.py")
    assert "Report (HTML)" in [button.label for button in app.get("download_button")]
    assert not app.checkbox


def test_faces_are_blurred_unless_the_visitor_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, chips: np.ndarray
) -> None:
    evaluated = committed_set("PrivateTest")
    pictures = np.resize(chips, (len(evaluated), 48, 48))
    files, answers = [], iter((True, False))
    monkeypatch.setattr(
        downloads.st, "download_button", lambda label, data, *a, **k: files.append(data)
    )
    monkeypatch.setattr(
        report_button.st, "checkbox", lambda *a, value, **k: value and next(answers)
    )
    for _ in range(2):
        report_button.show(evaluated, ["multiclass"], pictures)
    blurred, plain = (data() for data in files)
    assert blurred.startswith("<!DOCTYPE html>")
    assert "The faces are blurred" in blurred
    assert "The faces are blurred" not in plain
