"""How far a number could be off by chance: bootstrap intervals and a paired test.

The bootstrap draws the test images again with replacement (Efron & Tibshirani 1993). Everything
here depends on an image only through its cell of a small table, so drawing N images is drawing the
cells' counts from a multinomial distribution: the same resampling, without touching the images.
What it covers is the choice of test images; another training run would add its own spread.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

RESAMPLES = 4000
LEVEL = 0.95

Statistic = Callable[[np.ndarray], np.ndarray]


class Interval(NamedTuple):
    """A 95 % interval; both ends belong to it."""

    low: float
    high: float


def interval(counts: np.ndarray, statistic: Statistic) -> Interval:
    """Percentile bootstrap interval of `statistic`, a function of confusion matrices.

    `counts` (7, 7) as of `fer_core.evaluation.classification.matrix`; `statistic` takes (R, 7, 7)
    and gives (R,),
    e.g. `confusion.accuracy`. Always the same draws, so a page shows the same interval twice.
    """
    n = int(counts.sum())
    drawn = np.random.default_rng(0).multinomial(n, counts.ravel() / n, RESAMPLES)
    return _percentiles(statistic(drawn.reshape(-1, *counts.shape)))


class Comparison(NamedTuple):
    """Two variants on the same images."""

    only_first: int  # images only the first got right
    only_second: int
    difference: float  # accuracy of the first minus that of the second
    interval: Interval  # of the difference, paired bootstrap
    p: float  # exact McNemar test, two-sided

    @property
    def could_be_chance(self) -> bool:
        """Whether the 5 % level is missed."""
        return self.p >= 1 - LEVEL


def compare(first: np.ndarray, second: np.ndarray) -> Comparison:
    """McNemar's exact test and the paired bootstrap of the difference in accuracy.

    `first` and `second` (N,) bool: whether each variant got an image right, images in the same
    order. The exact test (McNemar 1947) asks how often a fair coin would split the images that only
    one got right at least as unevenly. Raises `ValueError` for arrays that do not pair up.
    """
    # Half a second to import, and only two variants side by side need it.
    from scipy.stats import binomtest

    if first.shape != second.shape or first.ndim != 1 or not len(first):
        raise ValueError(f"{first.shape} and {second.shape} answers do not pair up")
    n = len(first)
    b, c = int((first & ~second).sum()), int((~first & second).sum())
    drawn = np.random.default_rng(0).multinomial(n, [b / n, c / n, 1 - (b + c) / n], RESAMPLES)
    p = binomtest(b, b + c).pvalue if b + c else 1.0
    spread = _percentiles((drawn[:, 0] - drawn[:, 1]) / n)
    return Comparison(b, c, (b - c) / n, spread, float(p))


def _percentiles(values: np.ndarray) -> Interval:
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(values, [tail, 100 - tail])
    return Interval(float(low), float(high))
