"""A face's answer in sentences."""

from collections.abc import Mapping
from dataclasses import dataclass

from fer_core.reports.format import percent

UNSURE_BELOW = 0.5  # a top probability below this is called a guess


@dataclass(frozen=True)
class Verdict:
    """A face's answer in words."""

    emotion: str
    headline: str
    detail: str
    hint: str  # empty when the model is fairly sure


def verdict(probabilities: Mapping[str, float]) -> Verdict:
    """'Most likely happy, 87 %', the runner-up, and a warning when the top one is no clear winner.

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
        hint="No answer holds half of the probability: read this as a guess." if unsure else "",
    )


def yes_no(scores: Mapping[str, float], thresholds: Mapping[str, float]) -> tuple[list[str], str]:
    """Which of the seven yes/no models say yes, and that in one sentence.

    A model says yes when its score reaches its own threshold; highest score first.
    """
    ranked = sorted(scores, key=lambda name: -scores[name])
    yes = [name for name in ranked if scores[name] >= thresholds[name]]
    named = [f"{name} ({percent(scores[name])})" for name in yes]
    if not yes:
        closest = min(ranked, key=lambda name: thresholds[name] - scores[name])
        return yes, f"None of the seven models says yes; {closest} comes closest."
    if len(yes) == 1:
        return yes, f"One of the seven models says yes: {named[0]}."
    count = ("Two", "Three", "Four", "Five", "Six", "All")[len(yes) - 2]
    return yes, f"{count} of the seven models say yes: {', '.join(named[:-1])} and {named[-1]}."
