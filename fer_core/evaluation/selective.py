"""Answering only when sure: how many faces a model answers, and how many of the answers are right.

The confidence of an answer is its highest probability. A model that answers only from a threshold
on leaves faces out: its coverage is the share of faces that it answers, its risk the share of wrong
answers among them (selective classification; Geifman and El-Yaniv 2017). Faces of equal confidence
are answered together, because no threshold separates them.
"""

from typing import Final, NamedTuple

import numpy as np

from fer_core.artifacts.predictions import Predictions, memoized
from fer_core.emotions import EMOTIONS
from fer_core.evaluation.areas import resampled_counts
from fer_core.evaluation.uncertainty import Interval, percentile_interval, wilson_interval

#: Accuracy for which a threshold is chosen on PublicTest.
WANTED_ACCURACY: Final = 0.9


class RiskCoverage(NamedTuple):
    """A risk–coverage curve: one point per distinct confidence, highest first."""

    thresholds: np.ndarray  # (K,) float64, descending: lowest confidence that is answered
    coverage: np.ndarray  # (K,) float64, ascending to 1: share of the faces answered
    risk: np.ndarray  # (K,) float64: share of wrong answers among them


class Area(NamedTuple):
    """The area under a risk–coverage curve (AURC): lower is better.

    It is the mean, over all faces, of the risk at the coverage that just includes the face.
    """

    value: float
    interval: Interval  # 95 %, bootstrap over the faces
    best: float  # what the same answers would have with every wrong one less confident
    random: float  # what they have in random order on average: the share of wrong answers

    @property
    def excess(self) -> float:
        """The area above that of the best possible order (E-AURC; Geifman et al. 2019)."""
        return self.value - self.best


class Selected(NamedTuple):
    """The answers from a confidence on."""

    n: int  # faces
    answered: int
    correct: int  # of those answered

    @property
    def coverage(self) -> float:
        """Share of the faces that are answered."""
        return self.answered / self.n

    @property
    def coverage_interval(self) -> Interval:
        """95 % Wilson interval of the coverage."""
        return wilson_interval(self.answered, self.n)

    @property
    def accuracy(self) -> float | None:
        """Share of right answers; None where no face is answered."""
        return self.correct / self.answered if self.answered else None

    @property
    def accuracy_interval(self) -> Interval | None:
        """95 % Wilson interval of the accuracy; None where no face is answered."""
        return wilson_interval(self.correct, self.answered) if self.answered else None


@memoized
def risk_coverage(predictions: Predictions) -> RiskCoverage:
    """The risk–coverage curve of a model's predictions for at least one face."""
    thresholds, group = _by_confidence(predictions)
    answered = np.bincount(group).cumsum()
    wrong = np.bincount(group, ~predictions.correct).cumsum()
    return RiskCoverage(thresholds, answered / len(predictions), wrong / answered)


@memoized
def area(predictions: Predictions) -> Area:
    """The area under the risk–coverage curve, with its interval.

    The seed is fixed, so the interval is reproducible.
    """
    _, group = _by_confidence(predictions)
    wrong = ~predictions.correct
    groups, n = int(group.max()) + 1, len(predictions)
    cell = (2 * group + wrong).astype(np.int32)  # all that matters of a face
    redrawn = [
        _areas(counts.reshape(-1, groups, 2)) for counts in resampled_counts(cell, 2 * groups)
    ]
    counts = np.bincount(cell, minlength=2 * groups).reshape(1, groups, 2)
    return Area(
        float(_areas(counts)[0]),
        percentile_interval(np.concatenate(redrawn)),
        _best_area(n, int(wrong.sum())),
        float(wrong.mean()),
    )


def select(predictions: Predictions, threshold: float) -> Selected:
    """The answers with at least this confidence."""
    is_answered = predictions.probabilities.max(axis=1) >= threshold
    correct = int((is_answered & predictions.correct).sum())
    return Selected(len(predictions), int(is_answered.sum()), correct)


def select_by_emotion(predictions: Predictions, threshold: float) -> dict[str, Selected]:
    """`select` on the faces of each label in the data; its accuracy is their recall.

    Returns:
        Emotion → its faces' answers, in the order of EMOTIONS.
    """
    masks = ((name, predictions.labels == i) for i, name in enumerate(EMOTIONS))
    return {name: select(predictions.select(mask), threshold) for name, mask in masks if mask.any()}


@memoized
def threshold_for(predictions: Predictions, accuracy: float = WANTED_ACCURACY) -> float | None:
    """The lowest confidence from which the answers are at least this accurate.

    Choose it on other faces than those on which it is measured: where it was chosen, the accuracy
    is reached by construction.

    Args:
        predictions: The model's predictions for the faces to choose on.
        accuracy: A fraction.

    Returns:
        The threshold with the largest coverage; None if no threshold is that accurate.
    """
    curve = risk_coverage(predictions)
    reached = np.flatnonzero(1 - curve.risk >= accuracy)
    return float(curve.thresholds[reached[-1]]) if len(reached) else None


def _by_confidence(predictions: Predictions) -> tuple[np.ndarray, np.ndarray]:
    """(K,) the distinct confidences, highest first, and (N,) the index of each face's."""
    negative, group = np.unique(-predictions.probabilities.max(axis=1), return_inverse=True)
    return -negative, group


def _areas(counts: np.ndarray) -> np.ndarray:
    """(R, K, 2) right and wrong answers per confidence, highest first → (R,) areas."""
    faces = counts.sum(axis=2)
    answered = np.maximum(faces.cumsum(axis=1), 1)
    risk = counts[:, :, 1].cumsum(axis=1) / answered
    areas: np.ndarray = (faces * risk).sum(axis=1) / faces.sum(axis=1)
    return areas


def _best_area(n: int, wrong: int) -> float:
    """The area of `n` answers if the wrong ones come last, each with a confidence of its own."""
    errors = np.arange(1, wrong + 1)
    return float((errors / (n - wrong + errors)).sum() / n)
