"""The calibration error beside what chance alone gives, and where a calibration is folded in."""

from collections.abc import Sequence

from fer_core.artifacts import summaries
from fer_core.artifacts.predictions import split_predictions
from fer_core.evaluation import calibration
from fer_core.evaluation.calibration import ErrorByChance
from fer_core.evaluation.scores import compute_scores
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports.format import join_words, percent
from fer_core.reports.markdown import table


def within_chance(error: float, by_chance: ErrorByChance) -> bool:
    """Whether a perfectly calibrated model could show this error."""
    return error <= by_chance.high


def verdict(error: float, by_chance: ErrorByChance) -> str:
    """In percent, for a table cell: 'within chance (1.3, limit 2.4)'."""
    side = "within" if within_chance(error, by_chance) else "above"
    return f"{side} chance ({100 * error:.1f}, limit {100 * by_chance.high:.1f})"


def with_chance(error: float, by_chance: ErrorByChance) -> str:
    """'1.3 % (by chance 1.7 %, up to 2.4 %)'."""
    mean, high = (percent(value, 1) for value in by_chance)
    return f"{percent(error, 1)} (by chance {mean}, up to {high})"


def card_row(model: ModelSpec) -> tuple[str, str, str, str]:
    """The row of a card's table of scores: title, PrivateTest, baseline, PublicTest.

    Raises `ResultsError` if the predictions are missing or damaged.
    """
    private, public = (
        with_chance(
            compute_scores(predictions).value("calibration_error"),
            calibration.chance_error(predictions),
        )
        for predictions in (
            split_predictions(model.name, "PrivateTest"),
            split_predictions(model.name, "PublicTest"),
        )
    )
    return ("Calibration error", private, "—", public)


def card_note(model: ModelSpec) -> str:
    """What the numbers of `card_row` are, and the calibration that the weights contain."""
    note = (
        "By chance: mean and 95th percentile for a perfectly calibrated model with the same "
        "confidences; an error within that is no evidence of miscalibration and ranks no models."
    )
    return f"{note} {folded_in(model)}".strip()


def folded_in(model: ModelSpec, *, by_fer2013: bool = True) -> str:
    """One sentence: the calibration that the weights already contain; empty if they contain none.

    It is empty for ensembles too, whose parameters are fitted on PublicTest.

    Args:
        model: The model.
        by_fer2013: Whether the calibration error beside the sentence is by FER2013's labels.
    """
    summary = summaries.load_summary(model) or {}
    temperature, tau = summary.get("temperature"), summary.get("logit_adjustment")
    if temperature is not None:
        measure, remark = "", ""
        if tau:
            remark = f" A logit adjustment (τ = {tau:g}) came after it and is folded in too."
        if summaries.trained_by_votes(model):
            measure = " to the crowd's votes"
            remark = (
                " It was not fitted to FER2013's labels, by which this error is measured."
                if by_fer2013
                else ""
            )
        return (
            f"A temperature of {temperature:.2f}, fitted{measure} on PublicTest, is already folded "
            f"into the weights.{remark}"
        )
    if model.yes_no:
        return "Platt scaling, fitted on PublicTest, is already folded into the weights."
    return ""


def table_note(models: Sequence[ModelSpec]) -> str:
    """Why a table's calibration errors do not rank the models, and whose weights contain one."""
    titles = [model.title for model in models if folded_in(model)]
    note = (
        "A calibration error within chance is no evidence of miscalibration, so it does not rank "
        "models; each model is judged alone."
    )
    if titles:
        note += f" The weights already contain a calibration: {join_words(titles)}."
    return note


def markdown_table() -> str:
    """All models' calibration errors on both test splits beside those of chance.

    Raises `ResultsError` if predictions are missing or damaged.
    """
    rows = []
    for model in MODELS.values():
        _, private, _, public = card_row(model)
        rows.append((f"`{model.name}`", private, public, folded_in(model)))
    return table(("model", "PrivateTest", "PublicTest", "folded in"), rows)
