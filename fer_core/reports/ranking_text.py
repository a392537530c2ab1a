"""Sentences on rankings by another metric than accuracy, and on what accuracy hides."""

from collections.abc import Sequence

from fer_core.evaluation.hidden_failures import HiddenFailure
from fer_core.evaluation.rankings import FERPLUS, RANKINGS, Place
from fer_core.registry import MODELS
from fer_core.reports.format import join_words, p_value, percent_with_interval


def verdict(metric: str, places: Sequence[Place]) -> str:
    """Who leads by a metric of `RANKINGS` and who is within chance of it, as Markdown.

    Args:
        metric: Any but `accuracy`, which `standing.verdict` describes.
        places: All models, best first, at least one.
    """
    first, *others = places
    lead = f"**{_title(first)}** leads with {percent_with_interval(first.value, first.interval)}"
    text = f"By **{_lower(RANKINGS[metric])}** on PrivateTest, {lead}."
    if metric == FERPLUS:
        return (
            f"{text} Ten annotators per face are the judges here. Which differences could be "
            "chance was not tested: compare the intervals."
        )
    if tied := [row for row in others if row.tied]:
        text += f" Within chance of it (Holm-corrected): {_titles(tied)}."
    if worse := [row for row in others if not row.tied]:
        highest = p_value(max(row.p_value or 0 for row in worse))
        text += f" Significantly worse: {_titles(worse)} ({highest} or less)."
    return text


def failures_text(failures: Sequence[HiddenFailure], first_name: str) -> str:
    """What accuracy hides, a sentence per model and emotion, as Markdown; empty for nothing."""
    first = MODELS[first_name].title
    return " ".join(
        f"**{MODELS[row.name].title} matches in accuracy, but finds only "
        f"{percent_with_interval(row.recall, row.interval, 0)} of the faces labelled "
        f"{row.emotion}**; {first} finds "
        f"{percent_with_interval(row.first_recall, row.first_interval, 0)}, "
        f"{p_value(row.p_value)}."
        for row in failures
    )


def _lower(title: str) -> str:
    return title[0].lower() + title[1:]


def _title(place: Place) -> str:
    return MODELS[place.name].title


def _titles(places: Sequence[Place]) -> str:
    return join_words([_title(place) for place in places])
