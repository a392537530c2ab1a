"""95 % intervals of the ROC area and of the average precision.

Percentile bootstrap over the test images, as in `fer_core.evaluation.uncertainty`. A resample
weights each image by how often it was drawn; both areas are sums over the distinct scores.
"""

from collections.abc import Iterator
from math import nan
from typing import NamedTuple

import numpy as np

from fer_core.artifacts.predictions import Predictions, memoized
from fer_core.evaluation import thresholds
from fer_core.evaluation.uncertainty import TAILS, Interval

#: Fewer than elsewhere, because each takes a pass over the images; the ends move by about 0.001.
RESAMPLES = 1000
CHUNK = 50  # resamples computed at once, which bounds the memory


class AreaIntervals(NamedTuple):
    """95 % intervals of the two areas of one emotion against the rest."""

    roc: Interval
    average_precision: Interval


@memoized
def emotion_area_intervals(predictions: Predictions, emotion: str) -> AreaIntervals:
    """`area_intervals` of one emotion, which at least one image has.

    NaN where all images have it.
    """
    return area_intervals(*thresholds.one_vs_rest(predictions, emotion))


def area_intervals(truth: np.ndarray, scores: np.ndarray) -> AreaIntervals:
    """Compute the intervals of the ROC area and the average precision.

    The seed is fixed, so the intervals are reproducible.

    Args:
        truth: (N,) bool; intervals are NaN unless both values occur.
        scores: (N,).

    Returns:
        The intervals.
    """
    if truth.all() or not truth.any():
        return AreaIntervals(Interval(nan, nan), Interval(nan, nan))
    distinct, group = np.unique(-scores, return_inverse=True)  # highest score first
    cell = (2 * group + truth).astype(np.int32)  # all that matters of an image
    areas = [
        _areas(counts[:, 1::2].astype(np.float32), counts[:, ::2].astype(np.float32))
        for counts in resampled_counts(cell, 2 * len(distinct))
    ]
    low, high = np.nanpercentile(np.concatenate(areas, axis=1), TAILS, axis=1).tolist()
    return AreaIntervals(Interval(low[0], high[0]), Interval(low[1], high[1]))


def resampled_counts(cell: np.ndarray, cells: int) -> Iterator[np.ndarray]:
    """Draw images with replacement and count them by the cell that each belongs to.

    The seed is fixed, so the draws are reproducible.

    Args:
        cell: (N,) int32, all that matters of each image, below `cells`.
        cells: Number of cells.

    Yields:
        (CHUNK, cells) int64 counts, `RESAMPLES` rows in all.
    """
    n, random = len(cell), np.random.default_rng(0)
    for _ in range(RESAMPLES // CHUNK):
        drawn = cell[random.integers(0, n, (CHUNK, n), np.int32)]
        drawn += np.arange(CHUNK, dtype=np.int32)[:, None] * cells
        yield np.bincount(drawn.ravel(), minlength=CHUNK * cells).reshape(CHUNK, cells)


def _areas(positive: np.ndarray, negative: np.ndarray) -> np.ndarray:
    """(R, K) images with and without the emotion per distinct score, highest score first →
    (2, R) ROC areas and average precisions; NaN without an image of either kind."""
    found, alarms = positive.cumsum(axis=1), negative.cumsum(axis=1)
    positives, negatives = found[:, -1], alarms[:, -1]
    below = negatives[:, None] - alarms + negative / 2  # other images that score lower; ties half
    precision = found / np.maximum(found + alarms, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        roc = np.einsum("rk,rk->r", positive, below) / (positives * negatives)
        return np.array([roc, np.einsum("rk,rk->r", positive, precision) / positives])
