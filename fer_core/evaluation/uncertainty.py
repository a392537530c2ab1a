"""How far a number could be off by chance: intervals and a paired test.

A share of images (accuracy, recall, precision) has the Wilson score interval; what is no share
(macro-F1, balanced accuracy, a mean, a difference) has a percentile bootstrap interval.

The bootstrap draws the test images again with replacement (Efron & Tibshirani 1993). Everything
here depends on an image only through its cell of a small table, so drawing N images is drawing the
cells' counts from a multinomial distribution: the same resampling, without touching the images.
What it covers is the choice of test images; another training run would add its own spread.
"""

from collections.abc import Callable
from functools import lru_cache
from math import sqrt
from typing import NamedTuple

import numpy as np

RESAMPLES = 4000
LEVEL = 0.95
TAILS = (2.5, 97.5)  # percentiles that LEVEL leaves out at either end
Z = 1.959963984540054  # quantile of the normal distribution for LEVEL, two-sided

Statistic = Callable[[np.ndarray], np.ndarray]


class Interval(NamedTuple):
    """A 95 % interval; both ends belong to it."""

    low: float
    high: float


def wilson_interval(hits: int, n: int) -> Interval:
    """Wilson score interval of the share `hits / n` (Wilson 1927), a fraction.

    It stays within [0, 1] and has a width at 0 and at 1 too. Raises `ValueError` where there is no
    share: `n` is 0, or `hits` is not one of 0 … n.
    """
    if not 0 <= hits <= n or n == 0:
        raise ValueError(f"{hits} of {n} is no share")
    share, spread = hits / n, Z**2 / n
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return Interval(max(middle - half, 0.0), min(middle + half, 1.0))


def bootstrap_interval(counts: np.ndarray, statistic: Statistic) -> Interval:
    """Percentile bootstrap interval of `statistic`, a function of confusion matrices.

    `counts` (7, 7) as of `fer_core.evaluation.classification.confusion_matrix`; `statistic` takes (R, 7, 7)
    and gives (R,), e.g. `classification.macro_f1`. Always the same draws, so a page shows the same
    interval twice.
    """
    n = int(counts.sum())
    drawn = np.random.default_rng(0).multinomial(n, counts.ravel() / n, RESAMPLES)
    return _percentiles(statistic(drawn.reshape(-1, *counts.shape)))


def mean_interval(values: np.ndarray, counts: np.ndarray | None = None) -> Interval:
    """Percentile bootstrap interval of the mean of N values, always the same draws.

    `values` (N,), or (K,) different ones of which `counts` (K,) says how often each occurs.
    """
    counts = np.ones(len(values), np.int64) if counts is None else counts
    return _percentiles(_weights(tuple(counts.tolist())) @ values)


@lru_cache(maxsize=2)
def _weights(counts: tuple[int, ...]) -> np.ndarray:
    """(RESAMPLES, K): the share that each of K values has in each draw; rows sum to 1."""
    n = sum(counts)
    return np.random.default_rng(0).multinomial(n, np.array(counts) / n, RESAMPLES) / n


class Comparison(NamedTuple):
    """Two variants on the same images."""

    both_correct: int  # images
    only_first: int  # images that only the first got right
    only_second: int
    both_wrong: int
    difference: float  # accuracy of the first minus that of the second
    interval: Interval  # of the difference, paired bootstrap
    p_value: float  # exact McNemar test, two-sided

    @property
    def n(self) -> int:
        """Images."""
        return self.both_correct + self.only_first + self.only_second + self.both_wrong

    @property
    def could_be_chance(self) -> bool:
        """Whether the 5 % level is missed."""
        return self.p_value >= 1 - LEVEL

    def is_significant_among(self, tests: int) -> bool:
        """Whether p is below the 5 % level though it is one of so many tests (Bonferroni)."""
        return self.p_value < bonferroni_level(tests)


def bonferroni_level(tests: int) -> float:
    """The level each of so many tests must reach so that all together keep the 5 % level."""
    return (1 - LEVEL) / tests


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
    a, b = int((first & second).sum()), int((first & ~second).sum())
    c, d = int((~first & second).sum()), int((~first & ~second).sum())
    drawn = np.random.default_rng(0).multinomial(n, [b / n, c / n, 1 - (b + c) / n], RESAMPLES)
    p = binomtest(b, b + c).pvalue if b + c else 1.0
    spread = _percentiles((drawn[:, 0] - drawn[:, 1]) / n)
    return Comparison(a, b, c, d, (b - c) / n, spread, float(p))


def _percentiles(values: np.ndarray) -> Interval:
    low, high = np.percentile(values, TAILS)
    return Interval(float(low), float(high))
