"""The speed of the models on the Leaderboard."""

import json
from pathlib import Path

import pytest
from apptest import SurelyHappy, open_page, text_of

from fer_core.artifacts import speed
from fer_core.evaluation.rankings import Place
from fer_core.evaluation.uncertainty import Interval
from fer_core.registry import MODELS
from fer_core.reports import benchmark
from pages.sections.leaderboard import speed_chart
from pages.sections.leaderboard.speed_chart import Point

PAGE = "pages/leaderboard.py"


def test_speed_is_measured_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmark, "load", lambda *_: SurelyHappy())
    app, committed = open_page(PAGE), speed.load_speed()
    times = app.dataframe[0].value.set_index("Model")["Time, ms"]
    assert times["ResNet-101"] == committed.face_ms["resnet101"]
    assert f"Measured on {committed.device}, {committed.date}" in text_of(app)
    [button] = [button for button in app.button if "speed" in button.label]
    app = button.click().run()
    assert not app.exception
    measured = app.session_state["speed"].face_ms
    assert set(measured) == set(MODELS)
    times = app.dataframe[0].value.set_index("Model")["Time, ms"]
    assert times["ResNet-101"] == measured["resnet101"] < committed.face_ms["resnet101"]
    assert "Measured on this machine, just now" in text_of(app)


def test_the_whole_photo_takes_longer_than_the_model() -> None:
    committed = speed.load_speed()
    for kind, whole in (("model", False), ("photo", True)):
        app = open_page(PAGE, time=kind)
        chart = json.loads(app.get("plotly_chart")[1].proto.spec)
        drawn = sorted(trace["x"][0] for trace in chart["data"] if trace["mode"] == "markers")
        times = [committed.milliseconds(name, whole_photo=whole) for name in MODELS]
        assert drawn == pytest.approx(sorted(time for time in times if time is not None))


def test_the_line_joins_the_models_that_no_other_beats() -> None:
    def point(milliseconds: float, value: float) -> Point:
        return Point(Place("resnet101", value, Interval(value, value), 1), milliseconds, None)

    points = [point(1, 0.5), point(2, 0.4), point(3, 0.7), point(3, 0.6), point(9, 0.7)]
    assert speed_chart.pareto_front(points[::-1]) == [points[0], points[2]]


def test_a_damaged_speed_is_named(copied_results: Path) -> None:
    (copied_results / "speed.json").write_bytes(b"{}")
    app = open_page(PAGE)
    assert not app.exception
    assert "speed.json is damaged" in text_of(app)
    assert app.dataframe[0].value["Time, ms"].isna().all()
