"""How well confidence matches accuracy, on Per-class metrics."""

import numpy as np
import pytest
from apptest import open_page, text_of
from committed_file import committed
from sklearn import metrics

from fer_core.artifacts.predictions import split_predictions
from fer_core.evaluation import calibration
from fer_core.registry import MODELS
from fer_core.reports import calibration_text
from fer_core.reports.format import percent
from pages.sections.per_class import reliability

PAGE = "pages/per_class.py"


def part(confidence: float, error: float) -> calibration.Reliability:
    return calibration.Reliability(
        [], confidence, 0.6, error, calibration.ErrorByChance(0.018, 0.025), 1.0
    )


@pytest.mark.parametrize("split", ["PrivateTest", "PublicTest"])
def test_temperature_is_fitted_on_public_test(split: str) -> None:
    app = open_page(PAGE, model=MODELS["stacking"].title, split=split)
    text = text_of(app)
    assert ("fitted on these very faces" in text) == (split == "PublicTest")
    public = committed(MODELS["stacking"], "PublicTest")
    shown = committed(MODELS["stacking"], split)

    def loss(file: dict[str, np.ndarray], temperature: float) -> float:
        powers = file["probabilities"].astype(float).clip(1e-6) ** (1 / temperature)
        return metrics.log_loss(
            file["labels"], powers / powers.sum(axis=1, keepdims=True), labels=range(7)
        )

    grid = np.arange(0.3, 4, 0.01)
    best = grid[np.argmin([loss(public, threshold) for threshold in grid])]
    result = calibration.calibration_report(
        split_predictions("stacking", split), calibration.public_temperature("stacking")
    )
    assert result.temperature == pytest.approx(best, abs=0.02)
    assert result.uncalibrated.log_loss == pytest.approx(loss(shown, 1), abs=2e-3)
    assert result.temperature_scaled.log_loss == pytest.approx(
        loss(shown, result.temperature), abs=2e-3
    )
    assert f"here **{result.temperature:.2f}**" in text
    confidence = shown["probabilities"].astype(float).max(axis=1)
    right = shown["probabilities"].argmax(axis=1) == shown["labels"]
    bins = np.minimum((confidence * 15).astype(int), 14)
    error = sum(
        abs(confidence[bins == i].mean() - right[bins == i].mean()) * (bins == i).mean()
        for i in range(15)
        if (bins == i).any()
    )
    assert result.uncalibrated.error == pytest.approx(error, abs=1e-3)
    gap = 100 * (confidence.mean() - right.mean())
    assert f"confident by {abs(gap):.1f} points" in text or abs(gap) < 1


def test_the_calibration_error_is_judged_beside_chance() -> None:
    assert "is within chance**: 2.5" in reliability.error_verdict(part(0.6, 0.025))
    text = reliability.error_verdict(part(0.6, 0.026))
    assert "is above chance**: 2.6" in text
    assert "1.8\u00a0% on average and stays below 2.5\u00a0%" in text


@pytest.mark.parametrize("name", ["keras_cnn", "individual", "multiclass"])
def test_the_page_shows_chance_and_what_is_folded_in(name: str) -> None:
    text = text_of(open_page(PAGE, model=MODELS[name].title))
    report = calibration.calibration_report(
        split_predictions(name, "PrivateTest"), calibration.public_temperature(name)
    )
    for value in report.uncalibrated.error_by_chance:
        assert f"<td>{percent(value, 1)}</td>" in text
    folded_in = calibration_text.folded_in(MODELS[name])
    assert ("already folded into the weights" in text) == bool(folded_in)
    assert folded_in in text


def test_confidence_is_judged_in_words() -> None:
    def judged(confidence: float) -> str:
        return reliability.verdict(part(confidence, 0.1))

    assert judged(0.75).startswith("Overconfident by 15.0 points")
    assert judged(0.5).startswith("Underconfident by 10.0 points")
    assert judged(0.605).startswith("On average as confident as it should be")


@pytest.mark.parametrize("model", ["resnet101", "stacking"])
def test_a_second_diagram_is_drawn_only_where_scaling_changes_it(model: str) -> None:
    temperature = calibration.calibration_report(
        split_predictions(model, "PrivateTest"), calibration.public_temperature(model)
    ).temperature
    app = open_page(PAGE, model=MODELS[model].title)
    assert not app.exception
    charts = [
        chart.proto.id for chart in app.get("plotly_chart") if "reliability" in chart.proto.id
    ]
    assert len(charts) == (1 if 0.97 <= temperature <= 1.03 else 2)
    assert (reliability.TEMPERATURE_SCALED in text_of(app).split("Log loss")[0]) == (
        len(charts) == 2
    )
