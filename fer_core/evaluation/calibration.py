"""Calibration: whether confidence equals accuracy (of all answers given 80 %, are 80 % correct?).

Shapes: `labels` (N,) integers into EMOTIONS; `probabilities` (N, 7), rows sum to 1. The confidence
of an answer is its highest probability.
"""

from typing import NamedTuple

import numpy as np

from fer_core.artifacts.predictions import Predictions, memoized, split_predictions
from fer_core.artifacts.store import cached
from fer_core.errors import requires_extra
from fer_core.evaluation import baselines
from fer_core.probability import EPSILON, softmax
from fer_core.registry import MODELS

BINS = 15
DRAWS = 2000  # of labels, for the calibration error by chance


class Bin(NamedTuple):
    """The answers with a confidence in [low, high); the last bin includes 1."""

    low: float
    high: float
    n: int  # answers
    confidence: float  # mean; NaN if the bin is empty
    accuracy: float  # NaN if the bin is empty


def reliability_bins(labels: np.ndarray, probabilities: np.ndarray, bins: int = BINS) -> list[Bin]:
    """Compute the equal-width bins of a reliability diagram (Guo et al. 2017).

    Args:
        labels: (N,) indices into EMOTIONS.
        probabilities: (N, 7).
        bins: Number of bins.

    Returns:
        The bins by ascending confidence, empty ones included.
    """
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == labels
    edges = np.linspace(0, 1, bins + 1)
    bin_index = np.clip(np.digitize(confidence, edges) - 1, 0, bins - 1)
    rows = []
    for i in range(bins):
        mask = bin_index == i
        count = int(mask.sum())
        means = (confidence[mask].mean(), correct[mask].mean()) if count else (np.nan, np.nan)
        rows.append(Bin(float(edges[i]), float(edges[i + 1]), count, *map(float, means)))
    return rows


def expected_calibration_error(
    labels: np.ndarray, probabilities: np.ndarray, bins: int = BINS
) -> float:
    """Expected calibration error (Naeini et al. 2015; for several classes Guo et al. 2017).

    Args:
        labels: (N,) indices into EMOTIONS.
        probabilities: (N, 7).
        bins: Number of bins.

    Returns:
        The mean gap between confidence and accuracy over the bins, weighted by count, in [0, 1].
    """
    rows = [row for row in reliability_bins(labels, probabilities, bins) if row.n]
    return sum(row.n * abs(row.accuracy - row.confidence) for row in rows) / len(labels)


class ErrorByChance(NamedTuple):
    """The calibration error of a perfectly calibrated model, a fraction."""

    mean: float
    high: float  # its 95th percentile


def error_by_chance(probabilities: np.ndarray, bins: int = BINS) -> ErrorByChance:
    """Simulate the calibration error that chance alone gives a perfectly calibrated model.

    The expected calibration error is biased upwards: in a bin of few answers, accuracy differs from
    confidence by chance, and the error adds up the absolute differences. Here every face's label is
    drawn from the model's own probabilities, which makes the model perfectly calibrated, and the
    error is computed again (consistency resampling; Bröcker and Smith 2007). The error depends on a
    label only through whether the answer is right, so only that is drawn: it is right with the
    probability that the model gives it.

    Args:
        probabilities: (N, 7).
        bins: Number of bins.

    Returns:
        Mean and 95th percentile over `DRAWS` draws. The seed is fixed, so they are reproducible.
    """
    confidence = np.sort(probabilities.max(axis=1))
    bin_index = np.clip(np.digitize(confidence, np.linspace(0, 1, bins + 1)) - 1, 0, bins - 1)
    starts = np.flatnonzero(np.diff(bin_index, prepend=-1))
    expected = np.add.reduceat(confidence, starts)
    random = np.random.default_rng(0)
    errors = np.empty(DRAWS)
    for i in range(DRAWS):
        right = random.random(len(confidence), np.float32) < confidence
        correct = np.add.reduceat(right, starts, dtype=np.int64)
        errors[i] = np.abs(correct - expected).sum() / len(confidence)
    return ErrorByChance(float(errors.mean()), float(np.quantile(errors, 0.95)))


@memoized
def chance_error(predictions: Predictions) -> ErrorByChance:
    """`error_by_chance` of a model's predictions."""
    return error_by_chance(predictions.probabilities)


def log_loss(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Mean negative log-likelihood of the label, in nats.

    0 is perfect; a uniform distribution scores ln 7 ≈ 1.95. Probabilities are clipped at 1e-6.

    Args:
        labels: (N,) indices into EMOTIONS.
        probabilities: (N, 7); rows are normalised first.

    Returns:
        The log loss.
    """
    normalized = probabilities / probabilities.sum(axis=1, keepdims=True)
    label_probability = normalized[np.arange(len(labels)), labels]
    return float(-np.log(np.clip(label_probability, EPSILON, 1)).mean())


def temperature_scaled(probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """Divide the logits by a temperature.

    Args:
        probabilities: (N, 7).
        temperature: Above 1 it lowers the confidence.

    Returns:
        (N, 7) probabilities. The order of the emotions does not change, so neither does accuracy.
    """
    logits = np.log(np.clip(probabilities, EPSILON, 1))
    return softmax(logits / temperature)


def fit_temperature(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Fit the temperature with the lowest log loss (Guo et al. 2017).

    Args:
        labels: (N,) indices into EMOTIONS, of PublicTest.
        probabilities: (N, 7).

    Returns:
        The temperature, between 0.05 and 20.
    """
    with requires_extra("evaluation", "Statistics need"):
        from scipy.optimize import minimize_scalar

    exact = probabilities.astype(np.float64)  # in float32 a flat loss is a step function
    result = minimize_scalar(
        lambda t: log_loss(labels, temperature_scaled(exact, float(np.exp(t)))),
        bounds=(np.log(0.05), np.log(20)),
        method="bounded",
    )
    return float(np.exp(result.x))


class Reliability(NamedTuple):
    """Calibration of one set of predictions."""

    bins: list[Bin]
    confidence: float  # mean
    accuracy: float
    error: float  # expected calibration error
    error_by_chance: ErrorByChance
    log_loss: float


class CalibrationReport(NamedTuple):
    """A model's calibration on some faces, before and after temperature scaling."""

    uncalibrated: Reliability
    temperature_scaled: Reliability | None  # None without a temperature
    temperature: float | None  # fitted on PublicTest
    baseline: float  # accuracy and mean confidence of always predicting the class frequencies
    baseline_log_loss: float


def measure_reliability(labels: np.ndarray, probabilities: np.ndarray) -> Reliability:
    """Compute all calibration measures.

    Args:
        labels: (N,) indices into EMOTIONS.
        probabilities: (N, 7).

    Returns:
        Bins, mean confidence, accuracy, calibration error, that of chance, and log loss.
    """
    return Reliability(
        reliability_bins(labels, probabilities),
        float(probabilities.max(axis=1).mean()),
        float((probabilities.argmax(axis=1) == labels).mean()),
        expected_calibration_error(labels, probabilities),
        error_by_chance(probabilities),
        log_loss(labels, probabilities),
    )


@cached
def public_temperature(model_name: str) -> float | None:
    """The temperature fitted on a model's predictions for all of PublicTest.

    None for a user's own model. Raises `ResultsError` if the predictions are
    missing or damaged.
    """
    if model_name not in MODELS or MODELS[model_name].is_own:
        return None
    public = split_predictions(model_name, "PublicTest")
    return fit_temperature(public.labels, public.probabilities)


@memoized
def calibration_report(
    predictions: Predictions, temperature: float | None = None
) -> CalibrationReport:
    """Report the calibration of predictions.

    Args:
        predictions: A model's predictions.
        temperature: Such as of `public_temperature`; None for no scaling.

    Returns:
        The calibration, uncalibrated and temperature-scaled.
    """
    scaled = None
    if temperature is not None:
        probabilities = temperature_scaled(predictions.probabilities, temperature)
        scaled = measure_reliability(predictions.labels, probabilities)
    return CalibrationReport(
        measure_reliability(predictions.labels, predictions.probabilities),
        scaled,
        temperature,
        baselines.majority_accuracy_of(predictions.labels),
        baselines.log_loss(predictions.labels),
    )
