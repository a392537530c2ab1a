"""The facts of a variant's model card that are not in its results file as they are."""

from dataclasses import dataclass

import numpy as np

from fer_core.emotions import EMOTIONS
from fer_core.evaluation import classification


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
    counts = classification.split_matrix(name, split)
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
