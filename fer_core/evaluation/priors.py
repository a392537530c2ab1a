"""Class priors: accuracy if the emotions occurred with other shares, and correcting answers for it.

Accuracy is the mean of the recalls, weighted by how often each emotion occurs (its prior). So it
can be computed for any shares, as long as the faces of an emotion look the same: only how many
there are changes (label shift).

The correction multiplies each probability by the wanted share over the share in training and
rescales them to sum to 1 (Saerens, Latinne and Decaestecker 2002; Elkan 2001). It has no parameter
to fit, so nothing is chosen on the faces that it is measured on.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import isfinite
from typing import Final, NamedTuple

import numpy as np

from fer_core.artifacts.predictions import Predictions
from fer_core.datasets import fer2013_stats
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError, UsageError
from fer_core.evaluation import classification, uncertainty
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.uncertainty import Interval
from fer_core.registry import ModelSpec

#: Seven fractions that sum to 1, in the order of EMOTIONS.
Shares = tuple[float, ...]

EQUAL_SHARES: Final[Shares] = (1 / len(EMOTIONS),) * len(EMOTIONS)


class Estimate(NamedTuple):
    """An accuracy, a fraction, with its 95 % interval; None where resamples cannot tell it."""

    accuracy: float
    interval: Interval | None


class PriorRow(NamedTuple):
    """A model's accuracy at the shares of a set, and at other shares."""

    model: ModelSpec
    in_set: Estimate
    at_shares: Estimate
    corrected: Estimate  # at the same shares, with the answers corrected for them


def scale_shares(weights: Sequence[float]) -> Shares:
    """Scale seven weights, such as a visitor's percentages, to sum to 1.

    Raises:
        UsageError: One is negative or no number, or all are 0.
    """
    if len(weights) != len(EMOTIONS) or not all(isfinite(each) and each >= 0 for each in weights):
        raise UsageError(f"Shares are {len(EMOTIONS)} numbers, none of them below 0.")
    total = sum(weights)
    if not total:
        raise UsageError("All shares are 0; give at least one emotion a share above 0.")
    return tuple(each / total for each in weights)


def set_shares(labels: np.ndarray) -> Shares:
    """The shares of the emotions among (N,) labels, indices into EMOTIONS, N ≥ 1."""
    return scale_shares(np.bincount(labels, minlength=len(EMOTIONS)).tolist())


def training_shares() -> Shares:
    """The shares in FER2013's Training; raises `ResultsError` if its statistics are damaged."""
    shares = fer2013_stats.load_stats().shares("Training")
    return tuple(shares[emotion] for emotion in EMOTIONS)


def measurable_shares(labels: np.ndarray, shares: Shares) -> Shares:
    """The shares without the emotions that no label has, scaled to sum to 1.

    Raises:
        ResultsError: No label has an emotion with a share above 0.
    """
    present = np.bincount(labels, minlength=len(EMOTIONS)) > 0
    weights = np.where(present, shares, 0)
    if not weights.any():
        raise ResultsError(
            "No face of this set has an emotion with a share above 0, so there is nothing to "
            "measure; give another emotion a share."
        )
    return scale_shares(weights.tolist())


def correct(predictions: Predictions, shares: Shares) -> Predictions:
    """Correct a model's probabilities for the shares with which the emotions occur.

    Args:
        predictions: Of a model that was trained on FER2013's Training.
        shares: With which the emotions occur.

    Returns:
        The same faces with corrected probabilities; the shares themselves where the model rules out
        every emotion that occurs. Yes/no scores and ten crops are left out.
    """
    weights = np.array(shares) / training_shares()
    probabilities = predictions.probabilities * weights
    total = probabilities.sum(axis=1, keepdims=True)
    corrected = np.divide(
        probabilities, total, out=np.tile(shares, (len(predictions), 1)), where=total > 0
    )
    return Predictions(predictions.ids, predictions.labels, corrected)


def accuracy_at(predictions: Predictions, shares: Shares) -> Estimate:
    """The accuracy if the emotions occurred with these shares.

    Args:
        predictions: A model's predictions.
        shares: With which the emotions occur; those that no face is labelled with are left out, see
            `measurable_shares`.

    Returns:
        The mean recall, weighted by the shares. Its interval is the bootstrap's of the other
        scores, so at equal shares it is that of the balanced accuracy; where the number is a plain
        share of faces (at the set's own shares, or of one emotion) it is Wilson's.

    Raises:
        ResultsError: No face has an emotion with a share above 0.
    """
    counts = classification.matrix_of(predictions)
    return _accuracy_at(
        tuple(counts.ravel().tolist()),
        measurable_shares(predictions.labels, shares),
        shares == set_shares(predictions.labels),
    )


@lru_cache(maxsize=512)
def _accuracy_at(cells: tuple[int, ...], shares: Shares, in_set: bool) -> Estimate:
    """`accuracy_at` from the cells of the confusion matrix; `shares` are measurable."""
    # Faces of emotions that do not occur tell nothing, so they are not drawn either.
    counts = np.array(cells).reshape(len(EMOTIONS), -1) * (np.array(shares)[:, None] > 0)
    n, hits = int(counts.sum()), int(counts.trace())
    if in_set or np.count_nonzero(shares) == 1:
        return Estimate(hits / n, uncertainty.wilson_interval(hits, n))

    def weighted_recall(matrices: np.ndarray) -> np.ndarray:
        weights = np.where(matrices.sum(axis=-1) > 0, shares, 0)
        sums: np.ndarray = (weights * classification.recall(matrices)).sum(axis=-1)
        means: np.ndarray = sums / weights.sum(axis=-1)
        return means

    interval = uncertainty.bootstrap_interval(counts, weighted_recall)
    is_known = interval.low < interval.high  # otherwise all resamples are equal: it looks exact
    return Estimate(float(weighted_recall(counts)), interval if is_known else None)


def baseline_at(labels: np.ndarray, shares: Shares) -> tuple[str, float]:
    """The no-skill baseline at these shares: the emotion to answer always, and its share.

    Raises:
        ResultsError: No label has an emotion with a share above 0.
    """
    measurable = measurable_shares(labels, shares)
    most = max(range(len(EMOTIONS)), key=lambda i: measurable[i])
    return EMOTIONS[most], measurable[most]


def prior_rows(evaluation_set: EvaluationSet, shares: Shares) -> list[PriorRow]:
    """Measure all models of a set at these shares, in display order.

    Models whose predictions cannot be read are left out.

    Raises:
        ResultsError: No face has an emotion with a share above 0, or FER2013's statistics are
            damaged.
    """
    rows = []
    for name, model in evaluation_set.models.items():
        try:
            predictions = evaluation_set.predictions(name)
        except ResultsError:
            continue
        rows.append(
            PriorRow(
                model,
                accuracy_at(predictions, set_shares(predictions.labels)),
                accuracy_at(predictions, shares),
                accuracy_at(correct(predictions, shares), shares),
            )
        )
    return rows
