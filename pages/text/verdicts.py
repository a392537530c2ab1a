"""Sentences about a model's answer for a face."""

from collections.abc import Mapping
from dataclasses import dataclass

from fer_core.answers import Answer
from fer_core.reports.format import join_words, percent

UNSURE_BELOW = 0.5  # a top probability below this is flagged as a guess


@dataclass(frozen=True)
class Verdict:
    """A model's answer for a face, in words."""

    emotion: str
    headline: str
    detail: str
    hint: str  # empty if the top probability reaches UNSURE_BELOW


def verdict(probabilities: Mapping[str, float]) -> Verdict:
    """'Most likely happy, 87 %', the second emotion, and a hint if the top probability is low.

    >>> verdict({"happy": 0.87, "neutral": 0.13}).headline
    'Most likely happy, 87\\xa0%'
    """
    ranked = sorted(probabilities, key=lambda name: -probabilities[name])
    first, second = ranked[:2]
    top = probabilities[first]
    unsure = top < UNSURE_BELOW
    return Verdict(
        emotion=first,
        headline=f"Most likely {first}, {percent(top)}",
        detail=f"Second: {second}, {percent(probabilities[second])}",
        hint=f"No emotion reaches {percent(UNSURE_BELOW)}: treat this as a guess."
        if unsure
        else "",
    )


def yes_no_sentence(answer: Answer, thresholds: Mapping[str, float]) -> str:
    """One sentence: which of the seven yes/no models say yes. `answer` must have their scores."""
    scores = answer.scores or {}
    yes = answer.positive_emotions(thresholds)
    if not yes:
        closest = max(scores, key=lambda name: (scores[name] - thresholds[name], scores[name]))
        return f"None of the seven models says yes; {closest} comes closest."
    yes_names = join_words([f"{name} ({percent(scores[name])})" for name in yes])
    if len(yes) == 1:
        return f"One of the seven models says yes: {yes_names}."
    count = ("Two", "Three", "Four", "Five", "Six", "All")[len(yes) - 2]
    return f"{count} of the seven models say yes: {yes_names}."
