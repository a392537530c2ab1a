"""How the app says things: percentages, verdicts, names that came from outside."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

UNSURE_BELOW = 0.5  # a top probability below this is called a guess
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_BLANKS = re.compile(r"\s+")
#: Streamlit and its Markdown make links, arrows and pictures of these even where they are escaped.
_JOINED = re.compile(r"(?<=[:@])(?=\S)|(?<=www)|(?<=[-<>=~])(?=[-<>=~])", re.IGNORECASE)
JOINER = "\u2060"  # no width, no break
LONGEST = 255  # letters of a name; file systems know no longer ones


def percent(fraction: float, digits: int = 0) -> str:
    """0.8712 → '87 %', with a no-break space; small but real chances are never called 0 %."""
    if 0 < fraction < 0.5 * 10 ** -(digits + 2):
        return f"<{10**-digits:.{digits}f}\u00a0%"
    return f"{fraction * 100:.{digits}f}\u00a0%"


def listed(items: Sequence[str]) -> str:
    """'a, b and c'."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def escape(name: str) -> str:
    """A file name for Streamlit's Markdown: shown as typed, never as formatting, link or maths."""
    return _PUNCTUATION.sub(r"\\\1", _JOINED.sub(JOINER, plain(name)))


def plain(name: str) -> str:
    """A file name on one line, without control characters; the middle of a very long one goes."""
    spaced = _BLANKS.sub(" ", name)
    shown = "".join(c for c in spaced if c.isprintable()).strip() or "unnamed"
    half = LONGEST // 2
    return shown if len(shown) <= LONGEST else f"{shown[:half]}…{shown[-half:]}"


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
