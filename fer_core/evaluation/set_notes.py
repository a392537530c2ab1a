"""Sentences about a set of labelled faces that belong beside every number from it."""

from typing import Final

from fer_core.emotions import EMOTIONS
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.uncertainty import wilson_interval

#: From this half width of an accuracy's 95 % interval on, a set is too small for a claim.
MAX_HALF_WIDTH: Final = 0.05
PURPOSE_NOTE: Final = (
    "A test set only reports: if you choose a model, a threshold or your own training's settings "
    "by these scores, measure the choice on other faces."
)


def half_width(evaluation_set: EvaluationSet) -> float:
    """Half the width of the widest 95 % interval of a model's accuracy, a fraction.

    Raises:
        ResultsError: The set has no model, or predictions are missing.
    """
    n = len(evaluation_set)
    hits = [int(evaluation_set.predictions(name).correct.sum()) for name in evaluation_set.models]
    intervals = [wilson_interval(hit, n) for hit in hits]
    return max((interval.high - interval.low) / 2 for interval in intervals)


def is_small(evaluation_set: EvaluationSet) -> bool:
    """Whether a set is too small for a claim; see `size_note`."""
    return half_width(evaluation_set) > MAX_HALF_WIDTH


def size_note(evaluation_set: EvaluationSet) -> str | None:
    """That a set is too small for a claim; None where it is not."""
    if not is_small(evaluation_set):
        return None
    n = len(evaluation_set)
    faces = "1 face is" if n == 1 else f"{n:,} faces are"
    points = half_width(evaluation_set) * 100
    return (
        f"{faces} too few to say how good a model is: its accuracy is uncertain by {points:.0f} "
        "points to either side."
    )


def missing_note(evaluation_set: EvaluationSet) -> str | None:
    """Which emotions no face is labelled with, and what that does; None where none is missing."""
    missing = evaluation_set.missing_emotions
    if not missing:
        return None
    left = [name for name in EMOTIONS if name not in missing]
    if len(left) == 1:
        return (
            f"Every face is labelled {left[0]}: macro-F1 and balanced accuracy are of this emotion "
            "alone."
        )
    return (
        f"No face is labelled {_joined(missing, 'or')}: macro-F1 and balanced accuracy are means "
        f"of the other {len(left)}."
    )


def purpose_note(evaluation_set: EvaluationSet) -> str | None:
    """That nothing may be chosen on a test set; None for a set on which models were chosen."""
    return None if evaluation_set.chose_models else PURPOSE_NOTE


def _joined(words: tuple[str, ...], conjunction: str) -> str:
    *first, last = words
    return f"{', '.join(first)} {conjunction} {last}" if first else last
