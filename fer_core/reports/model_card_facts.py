"""The facts of a variant's model card that are not in its results file as they are."""

from dataclasses import dataclass

import numpy as np

from fer_core.artifacts.predictions import split_predictions
from fer_core.artifacts.store import kept
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import classification, uncertainty
from fer_core.evaluation.uncertainty import Interval


@dataclass(frozen=True)
class Weakness:
    """How an emotion fares with a variant on a split."""

    emotion: str
    found: int  # its images that were called by its name
    n: int  # its images
    recall: float
    mistaken_for: str | None  # the commonest wrong answer; None where there is none


def by_recall(name: str, split: str) -> list[Weakness]:
    """The seven emotions, the one with the lowest recall first."""
    counts = _matrix(name, split)
    recall = classification.recall(counts)
    wrong = counts - np.diag(np.diag(counts))
    return [
        Weakness(
            emotion=EMOTIONS[i],
            found=int(counts[i, i]),
            n=int(counts[i].sum()),
            recall=float(recall[i]),
            mistaken_for=EMOTIONS[int(wrong[i].argmax())] if wrong[i].any() else None,
        )
        for i in np.argsort(recall, kind="stable")
    ]


@kept
def intervals(name: str, split: str) -> dict[str, Interval]:
    """95 % bootstrap intervals of `accuracy`, `balanced_accuracy` and `macro_f1`."""
    counts = _matrix(name, split)
    return {
        "accuracy": uncertainty.interval(counts, classification.accuracy),
        "balanced_accuracy": uncertainty.interval(counts, classification.balanced_accuracy),
        "macro_f1": uncertainty.interval(counts, classification.macro_f1),
    }


def _matrix(name: str, split: str) -> np.ndarray:
    answers = split_predictions(name, split)
    return classification.matrix(answers.labels, answers.predicted)
