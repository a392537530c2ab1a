"""Sentences on rankings by another metric than accuracy, and on what accuracy hides."""

from collections.abc import Sequence
from math import isclose

from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.hidden_failures import HiddenFailure
from fer_core.evaluation.rankings import RANKINGS, Place
from fer_core.reports.format import (
    join_words,
    number_word,
    p_value,
    percent,
    percent_with_interval,
)
from fer_core.reports.standing import no_test


def verdict(metric: str, places: Sequence[Place], evaluation_set: EvaluationSet) -> str:
    """Who leads by a metric of `RANKINGS` and who is within chance of it, as Markdown.

    Args:
        metric: Any but `accuracy`, which `standing.verdict` describes.
        places: All models, best first, at least one.
        evaluation_set: The faces.
    """
    models = evaluation_set.models

    def titles(rows: Sequence[Place]) -> str:
        return join_words([models[row.name].title for row in rows])

    first, *others = places
    level = [row for row in places if isclose(row.value, first.value, abs_tol=1e-9)]
    if len(level) > 1:
        number = number_word(len(level))
        lead = f"**{number} models share first place** with {percent(first.value, 1)}"
        lead += f": {titles(level)}"
    else:
        verb = "leads with" if others else "has"
        interval = first.interval if first.interval.low < first.interval.high else None
        lead = f"**{titles([first])}** {verb} {percent_with_interval(first.value, interval)}"
    text = f"By **{_lower(RANKINGS[metric])}** on {evaluation_set.title}, {lead}."
    if first.p_value is None:
        return f"{text} {no_test(evaluation_set)}"
    if tied := [row for row in others if row.tied and row not in level]:
        whom = "it" if len(level) == 1 else titles([first])
        text += f" Within chance of {whom} (Holm-corrected): {titles(tied)}."
    if worse := [row for row in others if not row.tied]:
        highest = p_value(max(row.p_value or 0 for row in worse))
        text += f" Significantly worse: {titles(worse)} ({highest} or less)."
    return text


def failures_text(
    failures: Sequence[HiddenFailure], first_name: str, evaluation_set: EvaluationSet
) -> str:
    """What accuracy hides, a sentence per model and emotion, as Markdown; empty for nothing."""
    first = evaluation_set.title_of(first_name)
    return " ".join(
        f"**{evaluation_set.title_of(row.name)} matches in accuracy, but finds only "
        f"{percent_with_interval(row.recall, row.interval, 0)} of the faces labelled "
        f"{row.emotion}**; {first} finds "
        f"{percent_with_interval(row.first_recall, row.first_interval, 0)}, "
        f"{p_value(row.p_value)}."
        for row in failures
    )


def _lower(title: str) -> str:
    return title[0].lower() + title[1:]
