"""Sentences on how the models compare: who is tied with the first, and the gap between splits."""

from collections.abc import Sequence

from fer_core.artifacts import summaries
from fer_core.artifacts.summaries import evaluated_models
from fer_core.errors import ResultsError
from fer_core.evaluation import ferplus_agreement, near_copies, ties
from fer_core.evaluation.evaluation_set import TEST_SPLIT, EvaluationSet, committed_set
from fer_core.evaluation.split_gap import split_gaps
from fer_core.evaluation.ties import Standing
from fer_core.evaluation.uncertainty import Comparison
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports.format import (
    join_words,
    number_word,
    p_value,
    percent,
    percent_with_interval,
    points,
)

_NO_PUBLIC_TEST = (
    "No test on PublicTest: it chose the epochs, the thresholds and the ensembles' parameters, so "
    "its faces favour whatever was chosen on them most. The interval covers the draw of faces, not "
    "that choice."
)


def no_test(evaluation_set: EvaluationSet) -> str:
    """Why a set on which models were chosen has no p-value, in one or two sentences."""
    if evaluation_set.is_fer2013:
        return _NO_PUBLIC_TEST
    return (
        f"No test on {evaluation_set.title}: our models were trained or chosen on many of its "
        "faces, which favours some of them."
    )


def load_standings() -> list[Standing]:
    """The standings of all evaluated models on PrivateTest; raises `ResultsError` if there are
    none or if predictions are missing."""
    names = tuple(model.name for model in evaluated_models())
    if not names:
        raise ResultsError("No model has been evaluated yet.")
    return ties.standings(committed_set(TEST_SPLIT), names)


def verdict(standings: Sequence[Standing], evaluation_set: EvaluationSet | None = None) -> str:
    """Which models cannot be told apart from the first, then who leads, as Markdown.

    Args:
        standings: All models, most accurate first, at least one.
        evaluation_set: The faces; by default PrivateTest.
    """
    evaluation_set = evaluation_set or committed_set(TEST_SPLIT)
    where = evaluation_set.title
    models = evaluation_set.models

    def titles(rows: Sequence[Standing]) -> str:
        return join_words([models[row.name].title for row in rows])

    first, *others = standings
    tied = [row for row in others if row.tied]
    level = [row for row in standings if not row.behind]  # the first and any as accurate
    if not others:
        return f"Only **{titles([first])}** was evaluated: {_accuracy(first)} on {where}."
    if first.p_value is None:
        best = f"**{titles([first])}** has the highest accuracy on {where}: {_accuracy(first)}"
        if len(level) > 1:
            best = f"{_shared(level)} on {where}: {titles(level)}"
        return f"{best}. {no_test(evaluation_set)}"
    if tied:
        p_values = [row.p_value or 0.0 for row in tied]
        bound = "p =" if min(p_values) == max(p_values) else "p at least"
        text = (
            f"**{number_word(len(tied) + 1).capitalize()} of {number_word(len(standings))} models "
            f"cannot be told apart** on {where}: {titles([first, *tied])}. "
        )
        if len(level) <= len(tied):
            text += (
                f"Each difference from {'the first' if len(level) == 1 else titles([first])} "
                f"could be chance ({bound} {min(p_values):.2f}, Holm-corrected). "
            )
        if len(level) == 1:
            text += (
                f"**{titles([first])}** leads with {_accuracy(first)}, "
                f"{_lead(tied[0], titles(tied[:1]))}, and would be the most accurate in "
                f"{percent(first.best_probability)} of redraws of the faces."
            )
        else:
            named = f": {titles(level)}" if len(level) <= len(tied) else ""
            text += f"{_shared(level)}{named}."
    else:
        text = (
            f"**{titles([first])}** is the most accurate on {where}, beyond chance "
            f"({p_value(max(row.p_value or 0.0 for row in others))}, Holm-corrected): "
            f"{_accuracy(first)}."
        )
    if worse := [row for row in others if not row.tied]:
        text += f" Significantly worse: {titles(worse)}."
    return text


def copies_sentence(model_name: str) -> str:
    """How many PrivateTest faces have a copy in Training, and a model's accuracy without them.

    Empty without the table of near copies.
    """
    try:
        copied = near_copies.total_share("PrivateTest")
        without = near_copies.accuracy(model_name, "PrivateTest").other
    except ResultsError:
        return ""
    return (
        f"{copied.hits:,} of these {copied.n:,} faces ({percent(copied.value)}) are "
        "photographs that Training has too, in another crop or light: on the others "
        f"{MODELS[model_name].title} is correct on "
        f"{percent_with_interval(without.value, without.interval)}."
    )


def model_sentence(model: ModelSpec) -> str:
    """How a model compares with the most accurate one on PrivateTest.

    Raises:
        ResultsError: The model has no usable results, or a model's predictions are missing.
    """
    summaries.require_summary(model)
    standings = load_standings()
    first, *others = standings
    tied = [row for row in standings if row.tied]
    [row] = [row for row in standings if row.name == model.name]
    chance = f"It is the most accurate in {percent(row.best_probability)} of redraws of the faces."
    if not row.tied:
        return (
            f"On the same faces it is significantly worse than {_title(first)} "
            f"({p_value(row.p_value or 0.0)}, McNemar's test, Holm-corrected). {chance}"
        )
    if len(tied) == 1:
        return f"It is significantly better than every other model. {chance}" if others else ""
    rest = _titles([other for other in tied if other.name != model.name])
    return (
        f"On the same faces it is one of {number_word(len(tied))} models that cannot be told "
        f"apart; the others are {rest} (McNemar's test against the first, Holm-corrected). {chance}"
    )


def gap_sentence(model_names: Sequence[str]) -> str:
    """Why PublicTest, said to be optimistic, may be lower than PrivateTest; empty if unknown.

    Args:
        model_names: The models whose scores on both splits are shown, at least one.
    """
    try:
        gaps = split_gaps(tuple(model_names))
        labels = ferplus_agreement.load_agreement().labels
    except ResultsError:
        return ""
    low, high = min(gap.difference for gap in gaps), max(gap.difference for gap in gaps)
    if low <= 0:
        return ""
    shift = points(low) if len(gaps) == 1 else f"{points(low)} to {points(high)}"
    beyond = [gap for gap in gaps if gap.interval.low > 0]
    alone = "" if len(gaps) == 1 else ", each judged alone"
    chance = (
        "no more than two draws of faces differ by chance"
        if not beyond
        else f"beyond chance for {number_word(len(beyond))}{alone}"
    )
    public, private = (
        percent_with_interval(
            labels[split].majority_agreement, labels[split].majority_agreement_interval
        )
        for split in ("PublicTest", "PrivateTest")
    )
    return (
        f"Choosing on PublicTest raises scores there, yet PrivateTest is higher ({shift} points): "
        f"the two hold different faces, and the gap is {chance} (95 % interval of the "
        f"difference). Ten annotators confirm about as many labels: their majority is the label of "
        f"{public} of PublicTest's faces and of {private} of PrivateTest's."
    )


def chance_note(comparison: Comparison) -> str:
    """': could be chance (p = 0.531)', or only the p-value; empty without a test."""
    if comparison.p_value is None:
        return ""
    p = p_value(comparison.p_value)
    return f", which could be chance ({p})" if comparison.could_be_chance else f" ({p})"


def _accuracy(row: Standing) -> str:
    return percent_with_interval(row.accuracy, row.interval)


def _shared(level: Sequence[Standing]) -> str:
    """'**Two models share the highest accuracy**, 72.1 % (70.6–73.5)'."""
    number = number_word(len(level)).capitalize()
    return f"**{number} models share the highest accuracy**, {_accuracy(level[0])}"


def _lead(second: Standing, title: str) -> str:
    faces = "face" if second.behind == 1 else "faces"
    return f"{number_word(second.behind)} {faces} ahead of {title}"


def _title(row: Standing) -> str:
    return MODELS[row.name].title


def _titles(rows: Sequence[Standing]) -> str:
    return join_words([_title(row) for row in rows])
