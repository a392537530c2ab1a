"""The hardest faces: those that every variant gets wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fer_core.artifacts.predictions import Predictions
from fer_core.emotions import EMOTIONS


@dataclass(frozen=True)
class SharedErrors:
    """Faces of one split that no variant gave FER2013's label."""

    indices: np.ndarray  # (M,) places in the predictions, surest mistakes first
    n: int  # faces of the split
    by_label: dict[str, tuple[int, int]]  # emotion → faces wrong in all, faces of that label
    expected_by_chance: float  # how many it would be if variants erred independently of each other

    @property
    def shares(self) -> dict[str, float]:
        """Emotion → share of that label's faces that all get wrong; 0 where it has none."""
        return {
            name: wrong / faces if faces else 0.0 for name, (wrong, faces) in self.by_label.items()
        }

    @property
    def share(self) -> float:
        """Of the split's faces."""
        return len(self.indices) / self.n


def find_shared_errors(found: Sequence[Predictions]) -> SharedErrors:
    """The faces on which all of `found`, one or more variants on the same images, are wrong.

    The surest mistakes are those whose label got the least probability, mean over the variants.
    `by_chance` is n times the product of the error rates. Raises `ValueError` where the images
    differ.
    """
    if not found or any(not np.array_equal(each.ids, found[0].ids) for each in found):
        raise ValueError("the variants must have answered for the same images in the same order")
    labels, n = found[0].labels, len(found[0])
    wrong = ~np.any([each.correct for each in found], axis=0)
    given = np.mean([each.probabilities[np.arange(n), labels] for each in found], axis=0)
    rows = np.flatnonzero(wrong)
    return SharedErrors(
        indices=rows[np.argsort(given[rows], kind="stable")],
        n=n,
        by_label={
            name: (int(wrong[labels == i].sum()), int((labels == i).sum()))
            for i, name in enumerate(EMOTIONS)
        },
        expected_by_chance=float(n * np.prod([1 - each.correct.mean() for each in found])),
    )
