"""Whether a probability means what it says: of all answers given 80 %, are 80 % right?

Shapes: `labels` (N,) integers into EMOTIONS; `probabilities` (N, 7), rows sum to 1. The confidence
of an answer is its top probability.
"""

from typing import NamedTuple

import numpy as np

from fer_core.artifacts.predictions import split_predictions
from fer_core.artifacts.store import cached
from fer_core.evaluation import baselines
from fer_core.probability import EPSILON, softmax

BINS = 15


class Bin(NamedTuple):
    """The answers whose confidence lies in [low, high), the last one including 1."""

    low: float
    high: float
    n: int  # answers
    confidence: float  # mean; NaN where the bin is empty
    accuracy: float  # share right; NaN where the bin is empty


def reliability_bins(labels: np.ndarray, probabilities: np.ndarray, bins: int = BINS) -> list[Bin]:
    """The reliability diagram's bins, equally wide (Guo et al. 2017)."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    edges = np.linspace(0, 1, bins + 1)
    where = np.clip(np.digitize(confidence, edges) - 1, 0, bins - 1)
    rows = []
    for i in range(bins):
        inside = where == i
        count = int(inside.sum())
        means = (confidence[inside].mean(), right[inside].mean()) if count else (np.nan, np.nan)
        rows.append(Bin(float(edges[i]), float(edges[i + 1]), count, *map(float, means)))
    return rows


def expected_calibration_error(
    labels: np.ndarray, probabilities: np.ndarray, bins: int = BINS
) -> float:
    """Mean distance between confidence and accuracy over the bins, weighted by count, in [0, 1]
    (Naeini et al. 2015; for several classes Guo et al. 2017)."""
    rows = [row for row in reliability_bins(labels, probabilities, bins) if row.n]
    return sum(row.n * abs(row.accuracy - row.confidence) for row in rows) / len(labels)


def log_loss(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Mean negative natural logarithm of the label's probability, in nats.

    0 is perfect, equal shares get ln 7 ≈ 1.95. Probabilities below 1e-6 count as 1e-6.
    """
    shares = probabilities / probabilities.sum(axis=1, keepdims=True)
    given = shares[np.arange(len(labels)), labels]
    return float(-np.log(np.clip(given, EPSILON, 1)).mean())


def temperature_scaled(probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """(N, 7) → (N, 7): logits divided by `temperature`. Above 1 answers become more modest; the
    order of the emotions stays, so accuracy stays."""
    logits = np.log(np.clip(probabilities, EPSILON, 1))
    return softmax(logits / temperature)


def fit_temperature(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """The temperature of least log loss (Guo et al. 2017); fit on PublicTest, used elsewhere."""
    from scipy.optimize import minimize_scalar

    exact = probabilities.astype(np.float64)  # float32 rounds a flat loss to steps
    found = minimize_scalar(
        lambda t: log_loss(labels, temperature_scaled(exact, float(np.exp(t)))),
        bounds=(np.log(0.05), np.log(20)),
        method="bounded",
    )
    return float(np.exp(found.x))


class Reliability(NamedTuple):
    """How well confidence fits accuracy on one split."""

    bins: list[Bin]
    confidence: float  # mean
    accuracy: float
    error: float  # expected calibration error
    log_loss: float


class CalibrationReport(NamedTuple):
    """A variant on a split before and after temperature scaling."""

    uncalibrated: Reliability
    temperature_scaled: Reliability
    temperature: float  # fitted on PublicTest
    baseline: float  # accuracy, and mean confidence, of always giving the class shares
    baseline_log_loss: float


def measure_reliability(labels: np.ndarray, probabilities: np.ndarray) -> Reliability:
    """All of it for one set of answers."""
    return Reliability(
        reliability_bins(labels, probabilities),
        float(probabilities.max(axis=1).mean()),
        float((probabilities.argmax(axis=1) == labels).mean()),
        expected_calibration_error(labels, probabilities),
        log_loss(labels, probabilities),
    )


@cached
def calibration_report(name: str, split: str) -> CalibrationReport:
    """A variant's committed answers on a split as they come and tempered; the temperature always
    comes from PublicTest. Raises `ResultsError` where there are none."""
    fit, shown = split_predictions(name, "PublicTest"), split_predictions(name, split)
    temperature = fit_temperature(fit.labels, fit.probabilities)
    return CalibrationReport(
        measure_reliability(shown.labels, shown.probabilities),
        measure_reliability(shown.labels, temperature_scaled(shown.probabilities, temperature)),
        temperature,
        baselines.majority_accuracy_of(shown.labels),
        baselines.log_loss(shown.labels),
    )
