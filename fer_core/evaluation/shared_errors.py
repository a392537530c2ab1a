"""Shared errors: the faces that every model misclassifies."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fer_core.artifacts.predictions import Predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation.uncertainty import Interval, wilson_interval


@dataclass(frozen=True)
class SharedErrors:
    """The faces of one split that every model misclassifies."""

    indices: np.ndarray  # (M,) into the predictions, most confident mistakes first
    n: int  # faces in the split
    by_label: dict[str, tuple[int, int]]  # emotion → shared errors, faces with that label
    expected_by_chance: float  # shared errors if the models erred independently

    @property
    def shares(self) -> dict[str, float]:
        """Emotion → share of the faces with that label; 0 if there are none."""
        return {
            emotion: errors / faces if faces else 0.0
            for emotion, (errors, faces) in self.by_label.items()
        }

    @property
    def share(self) -> float:
        """Share of the split's faces."""
        return len(self.indices) / self.n

    @property
    def interval(self) -> Interval:
        """95 % Wilson interval of `share`."""
        return wilson_interval(len(self.indices), self.n)


def find_shared_errors(predictions: Sequence[Predictions]) -> SharedErrors:
    """Find the faces that all models misclassify.

    The most confident mistakes are those whose label got the lowest probability, averaged over the
    models. `expected_by_chance` is n times the product of the error rates.

    Args:
        predictions: One or more models' predictions for the same images in the same order.

    Returns:
        The shared errors.

    Raises:
        ValueError: The images differ.
    """
    if not predictions or any(not np.array_equal(p.ids, predictions[0].ids) for p in predictions):
        raise ValueError("the models must have predicted the same images in the same order")
    labels, n = predictions[0].labels, len(predictions[0])
    wrong = ~np.any([p.correct for p in predictions], axis=0)
    rows = np.arange(n)
    label_probability = np.mean([p.probabilities[rows, labels] for p in predictions], axis=0)
    indices = np.flatnonzero(wrong)
    return SharedErrors(
        indices=indices[np.argsort(label_probability[indices], kind="stable")],
        n=n,
        by_label={
            emotion: (int(wrong[labels == i].sum()), int((labels == i).sum()))
            for i, emotion in enumerate(EMOTIONS)
        },
        expected_by_chance=float(n * np.prod([1 - p.correct.mean() for p in predictions])),
    )
