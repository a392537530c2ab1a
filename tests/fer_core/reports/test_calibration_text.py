"""A calibration error is shown with that of chance, and with the calibration folded in."""

import pytest

from fer_core.artifacts import summaries
from fer_core.artifacts.predictions import split_predictions
from fer_core.evaluation import calibration
from fer_core.evaluation.calibration import ErrorByChance
from fer_core.registry import MODELS
from fer_core.reports import calibration_text, score_table
from fer_core.reports.format import percent


def test_the_limit_itself_is_within_chance() -> None:
    by_chance = ErrorByChance(0.018, 0.025)
    assert calibration_text.verdict(0.025, by_chance) == "within chance (2.5, limit 2.5)"
    assert calibration_text.verdict(0.0301, by_chance) == "above chance (3.0, limit 2.5)"


@pytest.mark.parametrize("name", MODELS)
def test_the_card_shows_chance_beside_the_error(name: str) -> None:
    report = calibration.calibration_report(
        split_predictions(name, "PrivateTest"), calibration.public_temperature(name)
    ).uncalibrated
    mean, high = (percent(value, 1) for value in report.error_by_chance)
    text = score_table.section(MODELS[name])
    expected = f"| Calibration error | {percent(report.error, 1)} (by chance {mean}, up to {high})"
    assert expected in text


@pytest.mark.parametrize("name", MODELS)
def test_a_temperature_in_the_weights_is_named(name: str) -> None:
    temperature = (summaries.load_summary(MODELS[name]) or {}).get("temperature")
    text = score_table.section(MODELS[name])
    assert ("already folded into the weights" in text) == (
        temperature is not None or MODELS[name].yes_no
    )
    if temperature is not None:
        assert f"temperature of {temperature:.2f}" in text
