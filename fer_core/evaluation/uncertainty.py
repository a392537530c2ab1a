"""Uncertainty: 95 % intervals and a paired test.

Shares of images (accuracy, recall, precision) have Wilson score intervals; everything else
(macro-F1, balanced accuracy, means, differences) has percentile bootstrap intervals.

The bootstrap resamples the test images with replacement (Efron & Tibshirani 1993). Here every
statistic depends on an image only through its cell in a small table, so drawing the cell counts
from a multinomial distribution is equivalent to drawing N images. The intervals cover the choice of
test images; retraining would add variance of its own.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import sqrt
from typing import NamedTuple

import numpy as np

from fer_core.errors import requires_extra

RESAMPLES = 4000
LEVEL = 0.95
TAILS = (2.5, 97.5)  # percentiles at the ends of the interval
Z = 1.959963984540054  # two-sided quantile of the normal distribution for LEVEL

Statistic = Callable[[np.ndarray], np.ndarray]


class Interval(NamedTuple):
    """A closed 95 % interval."""

    low: float
    high: float


def wilson_interval(hits: int, n: int) -> Interval:
    """Wilson score interval of a share (Wilson 1927).

    It stays within [0, 1] and has a positive width even at 0 and 1.

    Args:
        hits: Number of successes, 0 to `n`.
        n: Number of trials, at least 1.

    Returns:
        The interval of `hits / n`, fractions.

    Raises:
        ValueError: `hits / n` is not a share.

    Examples:
        >>> low, high = wilson_interval(72, 100)
        >>> f"{low:.3f} to {high:.3f}"
        '0.625 to 0.799'
    """
    if not 0 <= hits <= n or n == 0:
        raise ValueError(f"{hits} of {n} is not a share")
    share, spread = hits / n, Z**2 / n
    centre = (share + spread / 2) / (1 + spread)
    half_width = Z * sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return Interval(max(centre - half_width, 0.0), min(centre + half_width, 1.0))


def bootstrap_interval(counts: np.ndarray, statistic: Statistic) -> Interval:
    """Percentile bootstrap interval of a statistic of a confusion matrix.

    The seed is fixed, so the interval is reproducible.

    Args:
        counts: (7, 7), see `fer_core.evaluation.classification.confusion_matrix`.
        statistic: Maps (R, 7, 7) resampled matrices to (R,) values, e.g. `classification.macro_f1`.

    Returns:
        The interval.
    """
    n = int(counts.sum())
    samples = np.random.default_rng(0).multinomial(n, counts.ravel() / n, RESAMPLES)
    return percentile_interval(statistic(samples.reshape(-1, *counts.shape)))


def mean_interval(values: np.ndarray, counts: np.ndarray | None = None) -> Interval:
    """Percentile bootstrap interval of a mean, with a fixed seed.

    Args:
        values: (K,) values.
        counts: (K,) how often each value occurs; once by default.

    Returns:
        The interval.
    """
    counts = np.ones(len(values), np.int64) if counts is None else counts
    return percentile_interval(_weights(tuple(counts.tolist())) @ values)


@lru_cache(maxsize=2)
def _weights(counts: tuple[int, ...]) -> np.ndarray:
    """(RESAMPLES, K): weight of each of K values in each resample; rows sum to 1."""
    n = sum(counts)
    return np.random.default_rng(0).multinomial(n, np.array(counts) / n, RESAMPLES) / n


class Comparison(NamedTuple):
    """Two models compared on the same images."""

    both_correct: int  # images
    only_first: int  # images that only the first model classifies correctly
    only_second: int
    both_wrong: int
    difference: float  # accuracy of the first minus that of the second
    interval: Interval  # of the difference, paired bootstrap
    p_value: float | None  # exact McNemar test, two-sided; None where no test is valid

    @property
    def n(self) -> int:
        """Number of images."""
        return self.both_correct + self.only_first + self.only_second + self.both_wrong

    @property
    def tested_p(self) -> float:
        """The p-value; raises `ValueError` where no test is valid."""
        if self.p_value is None:
            raise ValueError("these images chose the models, so no test on them is valid")
        return self.p_value

    @property
    def could_be_chance(self) -> bool:
        """Whether the difference is not significant at the 5 % level; raises as `tested_p`."""
        return self.tested_p >= 1 - LEVEL

    def is_significant_among(self, tests: int) -> bool:
        """Whether it is significant at the 5 % level as one of several tests (Bonferroni)."""
        return self.tested_p < bonferroni_level(tests)

    def without_test(self) -> "Comparison":
        """The same counts, difference and interval, for images on which no test is valid."""
        return self._replace(p_value=None)


def bonferroni_level(tests: int) -> float:
    """Significance level per test that keeps the family-wise level at 5 %."""
    return (1 - LEVEL) / tests


def holm(p_values: Sequence[float]) -> list[float]:
    """Correct p-values for their number (Holm 1979).

    Args:
        p_values: K p-values.

    Returns:
        The K corrected p-values in the same order, at most 1.

    Examples:
        >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
        [0.03, 0.06, 0.06]
    """
    values = np.asarray(p_values, float)
    order = np.argsort(values, kind="stable")
    factors = np.arange(len(values), 0, -1)
    corrected = np.empty_like(values)
    corrected[order] = np.minimum(np.maximum.accumulate(values[order] * factors), 1)
    return [float(p) for p in corrected]


def compare(first: np.ndarray, second: np.ndarray) -> Comparison:
    """Compare two models by McNemar's exact test and a paired bootstrap of their difference.

    The p-value (McNemar 1947) is the probability that a fair coin would split the images that only
    one model classifies correctly at least as unevenly.

    Args:
        first: (N,) bool, whether the first model classifies each image correctly, N ≥ 1.
        second: The same for the second model, images in the same order.

    Returns:
        The comparison.

    Raises:
        ValueError: The arrays are empty or their shapes differ.

    Examples:
        >>> first = np.array([True] * 8 + [False] * 2)
        >>> second = np.array([True] * 5 + [False] * 5)
        >>> result = compare(first, second)
        >>> round(result.difference, 2), round(result.tested_p, 2)
        (0.3, 0.25)
    """
    if first.shape != second.shape or first.ndim != 1 or not len(first):
        raise ValueError(f"{first.shape} and {second.shape} answers do not pair up")
    return compare_counts(
        int((first & second).sum()),
        int((first & ~second).sum()),
        int((~first & second).sum()),
        int((~first & ~second).sum()),
    )


@lru_cache(maxsize=256)
def compare_counts(a: int, b: int, c: int, d: int) -> Comparison:
    """`compare` from the numbers of images both, only the first, only the second, none gets right.

    Raises:
        ValueError: There is no image.
    """
    # Imported here because it takes half a second and only comparisons need it.
    with requires_extra("evaluation", "Statistics need"):
        from scipy.stats import binomtest

    n = a + b + c + d
    if not n:
        raise ValueError("there is no image to compare on")
    samples = np.random.default_rng(0).multinomial(n, [b / n, c / n, 1 - (b + c) / n], RESAMPLES)
    p = binomtest(b, b + c).pvalue if b + c else 1.0
    interval = percentile_interval((samples[:, 0] - samples[:, 1]) / n)
    return Comparison(a, b, c, d, (b - c) / n, interval, float(p))


def percentile_interval(values: np.ndarray) -> Interval:
    """The interval that leaves out 2.5 % of the values, such as (R,) resamples, at either end."""
    low, high = np.percentile(values, TAILS)
    return Interval(float(low), float(high))
