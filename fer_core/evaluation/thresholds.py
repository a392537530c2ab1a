"""One emotion against the rest: ROC and precision–recall curves, and a threshold's point on them.

Shapes: `truth` (N,) bool, whether the label is the emotion; `scores` (N,), the variant's
probability (or yes/no score) of that emotion. An image counts as "yes" from the threshold on.
"""

from typing import NamedTuple

import numpy as np
from sklearn.metrics import (
    average_precision_score,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)


class Curve(NamedTuple):
    """Points of a curve and the area below it."""

    x: np.ndarray
    y: np.ndarray
    area: float


def roc(truth: np.ndarray, scores: np.ndarray) -> Curve:
    """x: false positive rate, y: recall; the area is 0.5 without skill, 1 when perfect."""
    x, y, _ = roc_curve(truth, scores)
    return Curve(x, y, float(roc_auc_score(truth, scores)))


def precision_recall(truth: np.ndarray, scores: np.ndarray) -> Curve:
    """x: recall, y: precision; the area is the average precision, without skill the emotion's share
    of the images."""
    y, x, _ = precision_recall_curve(truth, scores)
    return Curve(x[::-1], y[::-1], float(average_precision_score(truth, scores)))


class Counts(NamedTuple):
    """A yes/no model at one threshold, in images."""

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int

    @property
    def total(self) -> int:
        return sum(self)

    @property
    def recall(self) -> float:
        return _ratio(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def precision(self) -> float:
        """0 where nothing was called yes."""
        return _ratio(self.true_positives, self.true_positives + self.false_positives)

    @property
    def specificity(self) -> float:
        return _ratio(self.true_negatives, self.true_negatives + self.false_positives)

    @property
    def f1(self) -> float:
        wrong = self.false_positives + self.false_negatives
        return _ratio(2 * self.true_positives, 2 * self.true_positives + wrong)

    @property
    def accuracy(self) -> float:
        return _ratio(self.true_positives + self.true_negatives, self.total)

    @property
    def balanced_accuracy(self) -> float:
        """Mean of recall and specificity: 0.5 for always "no", always "yes" and a coin."""
        return (self.recall + self.specificity) / 2

    @property
    def no_skill(self) -> float:
        """Accuracy of always giving the commoner of the two answers."""
        yes = self.true_positives + self.false_negatives
        return _ratio(max(yes, self.total - yes), self.total)


def at_threshold(truth: np.ndarray, scores: np.ndarray, threshold: float) -> Counts:
    """The four counts when `scores >= threshold` is "yes"."""
    yes = scores >= threshold
    return Counts(
        int((yes & truth).sum()),
        int((yes & ~truth).sum()),
        int((~yes & truth).sum()),
        int((~yes & ~truth).sum()),
    )


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
