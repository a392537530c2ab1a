"""Agreement of people who label faces: with a model, with the labels, and among themselves.

Answers are (N,) indices into a fixed list of categories, `MISSING` where a face has no answer.
Fleiss' kappa and Krippendorff's alpha are sums over faces, so their intervals are percentile
bootstraps over faces: the interval covers the choice of faces, not that of the people.
"""

from collections.abc import Callable, Sequence
from math import nan
from typing import NamedTuple

import numpy as np

from fer_core.emotions import EMOTIONS
from fer_core.evaluation import agreement, uncertainty
from fer_core.evaluation.agreement import Kappa
from fer_core.evaluation.uncertainty import Interval

MISSING = -1
MIN_DEFINED = 0.95  # share of the redraws that must be defined for an interval
K = len(EMOTIONS)


class Match(NamedTuple):
    """How often two answer alike, on the faces that both have answered."""

    n: int
    same: int  # faces with the same answer
    interval: Interval  # of the share, Wilson
    kappa: Kappa  # Cohen's

    @property
    def share(self) -> float:
        """Share of the faces with the same answer."""
        return self.same / self.n


class Reliability(NamedTuple):
    """Agreement of several people beyond chance; NaN where it is undefined."""

    value: float
    interval: Interval  # 95 %, bootstrap over faces; NaN where few faces cannot give one
    n: int  # faces that count


def match(first: np.ndarray, second: np.ndarray) -> Match | None:
    """Compare the answers of two, such as a person and a model.

    Args:
        first: (N,) indices into EMOTIONS or `MISSING`.
        second: (N,) of the same faces.

    Returns:
        The comparison; None if they have no face in common.
    """
    both = (first != MISSING) & (second != MISSING)
    n = int(both.sum())
    if not n:
        return None
    same = int((first[both] == second[both]).sum())
    interval = uncertainty.wilson_interval(same, n)
    return Match(n, same, interval, agreement.kappa(first[both], second[both]))


def count_answers(answers: Sequence[np.ndarray], categories: int = K) -> np.ndarray:
    """Count the answers to each face.

    Args:
        answers: One (N,) array per person.
        categories: Number of categories.

    Returns:
        (N, categories) int64.
    """
    table = np.stack(answers)
    return np.stack([(table == category).sum(axis=0) for category in range(categories)], axis=1)


def fleiss_kappa(counts: np.ndarray) -> Reliability | None:
    """Fleiss' kappa (Fleiss 1971): the share of agreeing pairs of answers, corrected for chance.

    Chance is what would be expected if everybody drew answers at random as often as all of them
    give each.

    Args:
        counts: (N, K) answers per face and category, see `count_answers`.

    Returns:
        Kappa; undefined (NaN) if all answers are the same. None without faces, with fewer than two
        answers per face, or if faces have different numbers of answers.
    """
    totals = counts.sum(axis=1)
    if not len(counts) or totals[0] < 2 or (totals != totals[0]).any():
        return None
    m = int(totals[0])
    agreeing = (counts * (counts - 1)).sum(axis=1) / (m * (m - 1))

    def statistic(sums: np.ndarray) -> np.ndarray:  # (R, 1 + K): of `agreeing` and of the counts
        observed = sums[:, 0] * m / sums[:, 1:].sum(axis=1)
        shares = sums[:, 1:] / sums[:, 1:].sum(axis=1, keepdims=True)
        return _beyond_chance(observed, (shares**2).sum(axis=1))

    return _with_interval(np.column_stack([agreeing, counts]), statistic)


def krippendorff_alpha(counts: np.ndarray) -> Reliability | None:
    """Krippendorff's alpha for categories without an order (nominal; Krippendorff 2011).

    Unlike `fleiss_kappa` it allows for faces that some people have not answered; faces with fewer
    than two answers do not count.

    Args:
        counts: (N, K) answers per face and category, see `count_answers`.

    Returns:
        Alpha; undefined (NaN) if all answers are the same. None if no face has two answers.
    """
    counts = counts[counts.sum(axis=1) > 1]
    if not len(counts):
        return None
    agreeing = (counts * (counts - 1)).sum(axis=1) / (counts.sum(axis=1) - 1)

    def statistic(sums: np.ndarray) -> np.ndarray:
        total = sums[:, 1:].sum(axis=1)
        chance = (sums[:, 1:] * (sums[:, 1:] - 1)).sum(axis=1) / (total * (total - 1))
        return _beyond_chance(sums[:, 0] / total, chance)

    return _with_interval(np.column_stack([agreeing, counts]), statistic)


def _beyond_chance(observed: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """(R,) agreement beyond chance; NaN where chance alone gives full agreement."""
    with np.errstate(invalid="ignore", divide="ignore"):
        values: np.ndarray = np.where(chance < 1, (observed - chance) / (1 - chance), nan)
    return values


def _with_interval(rows: np.ndarray, statistic: Callable[[np.ndarray], np.ndarray]) -> Reliability:
    """A statistic of the sums of `rows`, one row per face, with its bootstrap interval."""
    kinds, numbers = np.unique(rows, axis=0, return_counts=True)
    n = len(rows)
    draws = np.random.default_rng(0).multinomial(n, numbers / n, uncertainty.RESAMPLES)
    values = statistic(draws @ kinds)
    defined = values[~np.isnan(values)]
    value = float(statistic(rows.sum(axis=0)[None])[0])
    low = high = nan
    if len(defined) >= MIN_DEFINED * len(values):  # in the others everybody agrees
        low, high = np.percentile(defined, uncertainty.TAILS)
    if low == high:  # all redraws are equal, so the interval would look exact
        low = high = nan
    return Reliability(value, Interval(float(low), float(high)), n)
