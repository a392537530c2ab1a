"""How many independent opinions the answers of several models are worth.

Models that make the same mistakes add little to one another. With a mean correlation r between the
errors of m models, the share of errors among their m answers to a face varies about as much as
among m / (1 + (m - 1) r) models that err independently (Kish's design effect: Kish 1965, Survey
Sampling; for ensembles Tumer & Ghosh 1996). Errors are answers that differ from FER2013's labels on
PublicTest; a wrong label makes all models err together.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from fer_core.artifacts.predictions import split_predictions
from fer_core.artifacts.store import cached
from fer_core.evaluation.uncertainty import Interval, percentile_interval

SPLIT = "PublicTest"
RESAMPLES = 500


class EffectiveNumber(NamedTuple):
    """The number of independent opinions that some models' answers are worth."""

    models: int
    value: float  # 1 if all err alike, `models` if they err independently
    interval: Interval  # percentile bootstrap over the faces
    correlation: float  # mean over the pairs
    n: int  # faces


@cached
def effective_number(model_names: tuple[str, ...]) -> EffectiveNumber:
    """Compute the number for committed predictions of two or more models.

    Raises:
        ResultsError: A model has no predictions.
        ValueError: There are fewer than two models, or one is always right or always wrong.
    """
    return measure([split_predictions(name, SPLIT).correct for name in model_names])


def measure(correct: Sequence[np.ndarray]) -> EffectiveNumber:
    """Compute the number of independent opinions.

    Args:
        correct: m arrays (N,) bool, m ≥ 2: whether each model is right about each image.

    Returns:
        The number, with a fixed seed.

    Raises:
        ValueError: There are fewer than two models, or one is always right or always wrong.
    """
    wrong = ~np.array(correct)
    count, n = wrong.shape
    if count < 2:
        raise ValueError("one model's answer is one opinion")
    if wrong.all(axis=1).any() or not wrong.any(axis=1).all():
        raise ValueError("errors that never vary have no correlation")
    # All that matters of an image is which models are wrong about it.
    patterns, occurrences = np.unique(wrong.T, axis=0, return_counts=True)
    random = np.random.default_rng(0)
    weights = np.vstack([occurrences, random.multinomial(n, occurrences / n, RESAMPLES)]) / n
    correlations = _mean_correlations(patterns.astype(np.float64), weights)
    numbers = count / (1 + (count - 1) * correlations)
    interval = percentile_interval(numbers[1:])
    return EffectiveNumber(count, float(numbers[0]), interval, float(correlations[0]), n)


def _mean_correlations(patterns: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(K, m) patterns of errors and (R, K) weights → (R,) mean correlation over the pairs."""
    count = patterns.shape[1]
    means = weights @ patterns
    first, second = np.triu_indices(count, 1)
    both = weights @ (patterns[:, first] * patterns[:, second])
    deviations = np.sqrt(means * (1 - means))
    correlations: np.ndarray = (
        (both - means[:, first] * means[:, second]) / (deviations[:, first] * deviations[:, second])
    ).mean(axis=1)
    return correlations
