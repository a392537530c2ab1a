"""How well models bear corrupted faces: curves, a ranking, and where models swap places.

**Accuracy kept** is a model's accuracy relative to its own accuracy on the same faces when they are
clean, averaged over the five severities (and over the corruptions): 100 % for a model that a
corruption does not touch. The **effective severity** of a corruption is what is lost, 1 − accuracy
kept. The idea is the mean corruption error of Hendrycks and Dietterich (2019, arXiv 1903.12261);
that one divides by a reference model's error, this one by the model's own clean accuracy.

All models answered the same faces, so intervals and tests redraw the faces for all of them
together.
"""

from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from fer_core.artifacts.predictions import memoized
from fer_core.evaluation.rankings import Place, two_sided_p
from fer_core.evaluation.robustness_results import SEVERITIES, MeasuredCorruption, RobustnessResults
from fer_core.evaluation.uncertainty import (
    Comparison,
    Interval,
    compare,
    holm,
    percentile_interval,
    wilson_interval,
)

RESAMPLES = 1000


class Point(NamedTuple):
    """A model at one severity of a corruption."""

    severity: int  # 0 for clean faces
    amount: float
    accuracy: float
    interval: Interval  # 95 %, Wilson
    confidence: float  # mean of the largest probability
    n: int  # faces

    @property
    def columns(self) -> dict[str, Any]:
        """The numbers as columns of a table."""
        return {
            "severity": self.severity,
            "amount": self.amount,
            "accuracy": self.accuracy,
            "accuracy_low": self.interval.low,
            "accuracy_high": self.interval.high,
            "confidence": self.confidence,
            "faces": self.n,
        }


class CorruptionEffect(NamedTuple):
    """What a corruption takes from the models on average."""

    name: str
    corruption: MeasuredCorruption
    severity: float  # the effective severity, a fraction
    interval: Interval  # 95 %, bootstrap over faces


class Swap(NamedTuple):
    """Two models whose order on clean faces and at a severity differs beyond chance both times."""

    better_clean: str
    better_corrupted: str
    severity: int
    clean: Comparison  # of `better_clean` with `better_corrupted`, on clean faces
    corrupted: Comparison  # the same at the severity


def curve(results: RobustnessResults, model_name: str, corruption: str) -> list[Point]:
    """A model's accuracy and confidence from clean faces to the fifth severity."""
    amounts = results.corruptions[corruption].amounts
    rows = results.correct_of(model_name, corruption)
    confidence = results.confidence_of(model_name, corruption)
    n = len(results.ids)
    return [
        Point(
            severity,
            amounts[severity],
            float(rows[severity].mean()),
            wilson_interval(int(rows[severity].sum()), n),
            float(confidence[severity]),
            n,
        )
        for severity in range(SEVERITIES + 1)
    ]


@memoized
def ranking(
    results: RobustnessResults, model_names: tuple[str, ...], corruptions: tuple[str, ...]
) -> list[Place]:
    """Rank models by the accuracy that they keep.

    Args:
        results: The answers.
        model_names: One or more of its models.
        corruptions: One or more of its corruptions; their accuracies kept are averaged.

    Returns:
        The models, best first, each with its interval (paired bootstrap over faces) and the
        Holm-corrected p-value of its difference from the first.
    """
    shares = {name: _accuracy_kept(results, name, corruptions) for name in model_names}
    values = {name: float(shares[name][0]) for name in model_names}
    redrawn = {name: shares[name][1:] for name in model_names}
    first, *others = sorted(model_names, key=lambda name: -values[name])
    p_values = holm([two_sided_p(redrawn[first] - redrawn[name]) for name in others])
    return [
        Place(name, values[name], percentile_interval(redrawn[name]), p)
        for name, p in zip([first, *others], [1.0, *p_values], strict=True)
    ]


@memoized
def effects(results: RobustnessResults, model_names: tuple[str, ...]) -> list[CorruptionEffect]:
    """The corruptions by their mean effective severity for these models, the hardest first."""
    rows = []
    for name, corruption in results.corruptions.items():
        lost = 1 - np.mean(
            [_accuracy_kept(results, model, (name,)) for model in model_names], axis=0
        )
        interval = percentile_interval(lost[1:])
        rows.append(CorruptionEffect(name, corruption, float(lost[0]), interval))
    return sorted(rows, key=lambda row: -row.severity)


@memoized
def rank_swaps(
    results: RobustnessResults, model_names: tuple[str, ...], corruption: str
) -> list[Swap]:
    """Find pairs of models that swap places under a corruption, beyond chance.

    Both differences, on clean faces and the opposite one at the severity, must be significant by
    McNemar's exact test, with Bonferroni's correction for the number of all pairs at all severities
    of this corruption.

    Args:
        results: The answers.
        model_names: Two or more of its models.
        corruption: One of its corruptions.

    Returns:
        One swap per pair at most, at the lowest severity at which it is beyond chance.
    """
    pairs = list(combinations(model_names, 2))
    tests = len(pairs) * (SEVERITIES + 1)
    swaps = []
    for pair in pairs:
        first, second = (results.correct_of(name, corruption) for name in pair)
        if first[0].sum() < second[0].sum():
            pair, first, second = pair[::-1], second, first
        clean = compare(first[0], second[0])
        if not clean.is_significant_among(tests):
            continue
        for severity in range(1, SEVERITIES + 1):
            corrupted = compare(first[severity], second[severity])
            if corrupted.difference < 0 and corrupted.is_significant_among(tests):
                swaps.append(Swap(*pair, severity, clean, corrupted))
                break
    return swaps


@memoized
def _accuracy_kept(
    results: RobustnessResults, model_name: str, corruptions: tuple[str, ...]
) -> np.ndarray:
    """(1 + RESAMPLES,): the accuracy kept on the faces, then on each redraw of them."""
    weights = np.vstack([np.ones(len(results.ids)), _weights(results)])
    means = []
    for corruption in corruptions:
        right = weights @ results.correct_of(model_name, corruption).T.astype(np.float64)
        means.append((right[:, 1:] / np.maximum(right[:, :1], 1)).mean(axis=1))
    shares: np.ndarray = np.mean(means, axis=0)
    return shares


@memoized
def _weights(results: RobustnessResults) -> np.ndarray:
    """(RESAMPLES, N): how often each face is drawn, the same for all models and corruptions."""
    n = len(results.ids)
    drawn: np.ndarray = np.random.default_rng(0).multinomial(n, np.full(n, 1 / n), RESAMPLES)
    return drawn
