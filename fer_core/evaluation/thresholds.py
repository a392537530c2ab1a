"""One emotion against the rest: ROC and precision–recall curves, and a threshold's point on them.

Shapes: `labels` (N,) integers into EMOTIONS; `truth` (N,) bool, whether the label is the emotion;
`scores` (N,), the variant's probability (or yes/no score) of that emotion, or (N, 7) of each. An
image counts as "yes" from the threshold on.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from sklearn.metrics import (
    average_precision_score,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)

from fer_core.artifacts.predictions import Predictions, split_predictions
from fer_core.artifacts.store import cached
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import baselines

#: Balanced accuracy that a chosen threshold keeps on the images it is chosen by: three quarters,
#: and a hundredth for what other images may cost.
MIN_BALANCED_ACCURACY = 0.76


class OneVsRest(NamedTuple):
    """Is it this emotion? N images' truth, and a variant's score for it."""

    truth: np.ndarray  # (N,) bool
    scores: np.ndarray  # (N,)


def one_vs_rest(predictions: Predictions, emotion: str) -> OneVsRest:
    """One emotion against the rest; its own yes/no score where the variant has one."""
    column = EMOTIONS.index(emotion)
    return OneVsRest(predictions.labels == column, predictions.one_vs_rest_scores[:, column])


@cached
def split_one_vs_rest(name: str, split: str, emotion: str) -> OneVsRest:
    """The question put to a variant's committed answers; raises `ResultsError` without them."""
    return one_vs_rest(split_predictions(name, split), emotion)


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
    y, x, _ = precision_recall_curve(truth, scores, drop_intermediate=True)
    return Curve(x[::-1], y[::-1], float(average_precision_score(truth, scores)))


class Curves(NamedTuple):
    """Both curves of an emotion."""

    roc: Curve
    precision_recall: Curve


@cached
def split_curves(name: str, split: str, emotion: str) -> Curves:
    """Of a variant's committed answers; raises `ResultsError` where there are none."""
    asked = split_one_vs_rest(name, split, emotion)
    return Curves(roc(*asked), precision_recall(*asked))


class BinaryCounts(NamedTuple):
    """A yes/no model at one threshold, in images."""

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
        """Images called yes."""
        return self.true_positives + self.false_positives

    @property
    def recall(self) -> float:
        return _ratio(self.true_positives, self.positives)

    @property
    def precision(self) -> float:
        """0 where nothing was called yes."""
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
        """Mean of recall and specificity: 0.5 for always "no", always "yes" and a coin."""
        return (self.recall + self.specificity) / 2

    @property
    def baseline(self) -> float:
        """Accuracy of always giving the commoner of the two answers."""
        return baselines.majority_accuracy((self.positives, self.total - self.positives))


def counts_at_threshold(truth: np.ndarray, scores: np.ndarray, threshold: float) -> BinaryCounts:
    """The four counts when `scores >= threshold` is "yes"."""
    yes = scores >= threshold
    return BinaryCounts(
        int((yes & truth).sum()),
        int((yes & ~truth).sum()),
        int((~yes & truth).sum()),
        int((~yes & ~truth).sum()),
    )


def sweep(truth: np.ndarray, scores: np.ndarray, thresholds: Iterable[float]) -> list[BinaryCounts]:
    """The counts at each of the thresholds."""
    return [counts_at_threshold(truth, scores, threshold) for threshold in thresholds]


SWEEP_STEPS = 300  # of a split's sweep


class Sweep(NamedTuple):
    """Accuracy and balanced accuracy at every threshold from 0 to beyond the highest score."""

    thresholds: np.ndarray
    accuracy: np.ndarray
    balanced_accuracy: np.ndarray


@cached
def split_sweep(name: str, split: str, emotion: str) -> Sweep:
    """Of a variant's committed answers; at the right end the model never says yes."""
    truth, scores = split_one_vs_rest(name, split, emotion)
    # The right end lies beyond every score, on the next twentieth where there is one.
    top = np.floor(scores.max() * 20 + 1) / 20 if scores.max() < 1 else 1.001
    places = np.linspace(0, top, SWEEP_STEPS + 1)
    told = sweep(truth, scores, places)
    return Sweep(
        places,
        np.array([counts.accuracy for counts in told]),
        np.array([counts.balanced_accuracy for counts in told]),
    )


def yes_no_summary(
    labels: np.ndarray, scores: np.ndarray, chosen: Mapping[str, float]
) -> dict[str, dict[str, float]]:
    """For each emotion's yes/no model at its threshold: accuracy beside its no-skill baseline
    (always "no"), balanced accuracy, recall of "yes", F1 and average precision.

    `scores` (N, 7); the form of a results file.
    """
    rows = {}
    for i, name in enumerate(EMOTIONS):
        truth = labels == i
        counts = counts_at_threshold(truth, scores[:, i], chosen[name])
        rows[name] = {
            "accuracy": counts.accuracy,
            "no_skill": float(1 - truth.mean()),
            "balanced_accuracy": counts.balanced_accuracy,
            "recall": counts.recall,
            "f1": counts.f1,
            "average_precision": float(average_precision_score(truth, scores[:, i])),
        }
    return rows


def best_thresholds(labels: np.ndarray, scores: np.ndarray) -> dict[str, float]:
    """For each emotion the most accurate threshold that keeps `LEAST_BALANCED`: "yes" from that
    score on. Where none keeps it, the one of greatest balanced accuracy.

    Accuracy alone would choose a model that hardly ever says yes.
    """
    chosen = {}
    for i, name in enumerate(EMOTIONS):
        truth = labels == i
        points = roc_curve(truth, scores[:, i], drop_intermediate=False)
        wrong_yes, recall, thresholds = (part[1:] for part in points)  # the first never says yes
        balanced = (recall + 1 - wrong_yes) / 2
        accuracy = truth.mean() * recall + (1 - truth.mean()) * (1 - wrong_yes)
        enough = balanced >= min(MIN_BALANCED_ACCURACY, balanced.max())
        chosen[name] = float(thresholds[np.where(enough, accuracy, -1).argmax()])
    return chosen


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
