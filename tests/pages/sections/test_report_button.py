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
    assert not [c for c in app.get("button_group") if "report" in c.proto.id]


def test_faces_are_in_the_report_only_as_the_visitor_says(
    monkeypatch: pytest.MonkeyPatch, chips: np.ndarray
) -> None:
    evaluated = committed_set("PrivateTest")
    pictures = np.resize(chips, (len(evaluated), 48, 48))
    files, answers = [], iter(report_button.FACES)
    monkeypatch.setattr(
        downloads.st, "download_button", lambda label, data, *a, **k: files.append(data)
    )
    monkeypatch.setattr(report_button.st, "segmented_control", lambda *a, **k: next(answers))
    for _ in report_button.FACES:
        report_button.show(evaluated, ["multiclass"], pictures)
    none, blurred, plain = (data() for data in files)
    assert "data:image/png" not in none
    assert "The faces are blurred" in blurred
    assert "The faces are blurred" not in plain
    assert "data:image/png" in plain
