"""One emotion against the rest: ROC and precision–recall curves, and counts at a threshold.

Shapes: `labels` (N,) integers into EMOTIONS; `truth` (N,) bool, whether the label is the emotion;
`scores` (N,), the model's probability (or yes/no score) of that emotion, or (N, 7) of all of them.
The answer is "yes" if the score is at or above the threshold.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from math import nan
from typing import NamedTuple

import numpy as np

from fer_core.artifacts.predictions import Predictions, memoized
from fer_core.emotions import EMOTIONS
from fer_core.errors import requires_extra
from fer_core.evaluation import baselines, classification, uncertainty
from fer_core.evaluation.uncertainty import Comparison, Interval

with requires_extra("evaluation", "Statistics need"):
    from sklearn.metrics import (
        average_precision_score,
        precision_recall_curve,
        roc_auc_score,
        roc_curve,
    )

#: Minimum balanced accuracy of a threshold on the images it is chosen on: 0.75, plus 0.01 as a
#: margin for other images.
MIN_BALANCED_ACCURACY = 0.76


class OneVsRest(NamedTuple):
    """One emotion against the rest: the truth and a model's scores for N images."""

    truth: np.ndarray  # (N,) bool
    scores: np.ndarray  # (N,)


@memoized
def one_vs_rest(predictions: Predictions, emotion: str) -> OneVsRest:
    """The truth and the scores of one emotion.

    Args:
        predictions: A model's predictions; its yes/no scores are used if it has them.
        emotion: One of EMOTIONS.

    Returns:
        The two arrays.
    """
    column = EMOTIONS.index(emotion)
    return OneVsRest(predictions.labels == column, predictions.one_vs_rest_scores[:, column])


class Curve(NamedTuple):
    """The points of a curve and the area under it."""

    x: np.ndarray
    y: np.ndarray
    area: float


def roc(truth: np.ndarray, scores: np.ndarray) -> Curve:
    """ROC curve: x is the false positive rate, y the recall; the area is 0.5 for random scores.

    Where all images are of the emotion, or none is, there is no curve, and the area is NaN.
    """
    if truth.all() or not truth.any():
        return Curve(np.empty(0), np.empty(0), nan)
    x, y, _ = roc_curve(truth, scores)
    return Curve(x, y, float(roc_auc_score(truth, scores)))


def precision_recall(truth: np.ndarray, scores: np.ndarray) -> Curve:
    """Precision–recall curve: x is the recall, y the precision, the area the average precision.

    The baseline of the area is the emotion's share of the images.
    """
    y, x, _ = precision_recall_curve(truth, scores, drop_intermediate=True)
    return Curve(x[::-1], y[::-1], float(average_precision_score(truth, scores)))


class Curves(NamedTuple):
    """The ROC and the precision–recall curve of an emotion."""

    roc: Curve
    precision_recall: Curve


@memoized
def curves(predictions: Predictions, emotion: str) -> Curves:
    """The curves of one emotion, which at least one image has."""
    truth, scores = one_vs_rest(predictions, emotion)
    return Curves(roc(truth, scores), precision_recall(truth, scores))


class BinaryCounts(NamedTuple):
    """The four image counts of a yes/no decision at one threshold."""

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int

    @property
    def total(self) -> int:
        return sum(self)

    @property
    def positives(self) -> int:
        """Images with the emotion's label."""
        return self.true_positives + self.false_negatives

    @property
    def predicted_positives(self) -> int:
        """Images with the answer "yes"."""
        return self.true_positives + self.false_positives

    @property
    def recall(self) -> float:
        return _ratio(self.true_positives, self.positives)

    @property
    def precision(self) -> float:
        """0 if no answer is "yes"."""
        return _ratio(self.true_positives, self.predicted_positives)

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
        """Mean of recall and specificity; 0.5 for a constant or random answer."""
        return (self.recall + self.specificity) / 2

    @property
    def baseline(self) -> float:
        """Accuracy of always giving the more frequent of the two answers."""
        return baselines.majority_accuracy((self.positives, self.total - self.positives))

    @property
    def versus_always_no(self) -> Comparison:
        """The answers compared with always "no" on the same images, by McNemar's test."""
        return uncertainty.compare_counts(
            self.true_negatives, self.true_positives, self.false_positives, self.false_negatives
        )

    def interval(self, rate: str) -> Interval | None:
        """95 % interval of a rate: Wilson's, or the bootstrap's for balanced accuracy.

        Args:
            rate: Name of the property.

        Returns:
            The interval; None if the rate has a zero denominator.

        Raises:
            KeyError: The rate has no interval.
        """
        if rate == "balanced_accuracy":
            return balanced_accuracy_interval(*self) if self.total else None
        hits, n = {
            "recall": (self.true_positives, self.positives),
            "precision": (self.true_positives, self.predicted_positives),
            "specificity": (self.true_negatives, self.total - self.positives),
            "accuracy": (self.true_positives + self.true_negatives, self.total),
        }[rate]
        return uncertainty.wilson_interval(hits, n) if n else None


@lru_cache(maxsize=256)
def balanced_accuracy_interval(tp: int, fp: int, fn: int, tn: int) -> Interval:
    """Bootstrap interval of the balanced accuracy of a yes/no decision, from its four counts."""
    return uncertainty.bootstrap_interval(
        np.array([[tp, fn], [fp, tn]]), classification.balanced_accuracy
    )


def counts_at_threshold(truth: np.ndarray, scores: np.ndarray, threshold: float) -> BinaryCounts:
    """Count the four outcomes at one threshold.

    Args:
        truth: (N,) bool.
        scores: (N,).
        threshold: The answer is "yes" if `scores >= threshold`.

    Returns:
        The counts.
    """
    yes = scores >= threshold
    return BinaryCounts(
        int((yes & truth).sum()),
        int((yes & ~truth).sum()),
        int((~yes & truth).sum()),
        int((~yes & ~truth).sum()),
    )


def sweep(truth: np.ndarray, scores: np.ndarray, thresholds: Iterable[float]) -> list[BinaryCounts]:
    """Count the four outcomes at each threshold; arguments as for `counts_at_threshold`."""
    return [counts_at_threshold(truth, scores, threshold) for threshold in thresholds]


SWEEP_STEPS = 300  # intervals between the thresholds of a sweep


class Sweep(NamedTuple):
    """Accuracy and balanced accuracy at thresholds from 0 to above the highest score."""

    thresholds: np.ndarray
    accuracy: np.ndarray
    balanced_accuracy: np.ndarray


@memoized
def threshold_sweep(predictions: Predictions, emotion: str) -> Sweep:
    """Sweep the threshold over the scores of one emotion; at the last one no answer is "yes"."""
    truth, scores = one_vs_rest(predictions, emotion)
    # The last threshold is above every score: the next multiple of 0.05, or just above 1.
    top = np.floor(scores.max() * 20 + 1) / 20 if scores.max() < 1 else 1.001
    points = np.linspace(0, top, SWEEP_STEPS + 1)
    counts_by_threshold = sweep(truth, scores, points)
    return Sweep(
        points,
        np.array([counts.accuracy for counts in counts_by_threshold]),
        np.array([counts.balanced_accuracy for counts in counts_by_threshold]),
    )


def yes_no_summary(
    labels: np.ndarray, scores: np.ndarray, thresholds: Mapping[str, float]
) -> dict[str, dict[str, float]]:
    """Compute the metrics of the seven yes/no models, in the form of a results file.

    Args:
        labels: (N,) indices into EMOTIONS.
        scores: (N, 7) yes/no scores.
        thresholds: Emotion → decision threshold.

    Returns:
        Emotion → accuracy, its baseline (always "no"), balanced accuracy, recall of "yes", F1 and
        average precision.
    """
    summary = {}
    for i, emotion in enumerate(EMOTIONS):
        truth = labels == i
        counts = counts_at_threshold(truth, scores[:, i], thresholds[emotion])
        summary[emotion] = {
            "accuracy": counts.accuracy,
            "no_skill": float(1 - truth.mean()),
            "balanced_accuracy": counts.balanced_accuracy,
            "recall": counts.recall,
            "f1": counts.f1,
            "average_precision": float(average_precision_score(truth, scores[:, i])),
        }
    return summary


def best_thresholds(labels: np.ndarray, scores: np.ndarray) -> dict[str, float]:
    """Choose the decision thresholds of the seven yes/no models.

    Each is the most accurate threshold with a balanced accuracy of at least
    `MIN_BALANCED_ACCURACY`, or, if there is none, the one with the highest balanced accuracy.
    Accuracy alone would select a model that hardly ever says yes.

    Args:
        labels: (N,) indices into EMOTIONS.
        scores: (N, 7) yes/no scores.

    Returns:
        Emotion → threshold.
    """
    best = {}
    for i, emotion in enumerate(EMOTIONS):
        truth = labels == i
        curve = roc_curve(truth, scores[:, i], drop_intermediate=False)
        # The first point is left out: its threshold is infinite.
        false_positive_rate, recall, thresholds = (values[1:] for values in curve)
        balanced = (recall + 1 - false_positive_rate) / 2
        accuracy = truth.mean() * recall + (1 - truth.mean()) * (1 - false_positive_rate)
        eligible = balanced >= min(MIN_BALANCED_ACCURACY, balanced.max())
        best[emotion] = float(thresholds[np.where(eligible, accuracy, -1).argmax()])
    return best


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
