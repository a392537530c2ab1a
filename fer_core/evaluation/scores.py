"""Scores of a set of predictions: accuracy and every metric in `METRICS`.

A metric is one record, from which the leaderboard's scores, table and CSV are derived.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from fer_core.artifacts.predictions import Predictions, memoized
from fer_core.evaluation import baselines, calibration, classification, uncertainty
from fer_core.evaluation.calibration import ErrorByChance
from fer_core.evaluation.uncertainty import Interval


@dataclass(frozen=True)
class Metric:
    """A number that summarises the quality of a set of predictions."""

    title: str
    help: str
    compute: Callable[[Predictions], float]
    fraction: bool = True  # displayed in percent
    #: What chance alone gives; such a metric does not rank models.
    by_chance: Callable[[Predictions], ErrorByChance] | None = None


def _from_matrix(metric: Callable[[np.ndarray], np.ndarray]) -> Callable[[Predictions], float]:
    return lambda p: float(metric(classification.matrix_of(p)))


def _from_probabilities(
    metric: Callable[[np.ndarray, np.ndarray], float],
) -> Callable[[Predictions], float]:
    return lambda p: metric(p.labels, p.probabilities)


#: Metric by name, in table order. To add a metric, add a record.
METRICS: dict[str, Metric] = {
    "macro_f1": Metric(
        "Macro-F1",
        "Mean F1 of the emotions in the data; F1 is the harmonic mean of precision and recall. "
        "Rare emotions count as much as common ones.",
        _from_matrix(classification.macro_f1),
    ),
    "balanced_accuracy": Metric(
        "Balanced accuracy",
        "Mean recall of the emotions in the data; recall is the share of an emotion's faces that "
        "are recognised. No-skill baseline, where all seven occur: "
        f"{100 * baselines.BALANCED_ACCURACY:.1f}\u00a0% (one seventh).",
        _from_matrix(classification.balanced_accuracy),
    ),
    "worst_recall": Metric(
        "Recall of the worst emotion",
        "The lowest recall of an emotion in the data: the share of faces recognised of the emotion "
        "that the model recognises least. No-skill baseline: 0\u00a0%.",
        _from_matrix(classification.worst_recall),
    ),
    "log_loss": Metric(
        "Log loss",
        "Mean negative log-likelihood of the label, in nats: 0 is perfect, equal probabilities for "
        f"all seven emotions score {baselines.UNIFORM_LOG_LOSS:.2f}. Lower is better.",
        _from_probabilities(calibration.log_loss),
        fraction=False,
    ),
    "calibration_error": Metric(
        "Calibration error",
        "Expected calibration error (ECE): mean gap between confidence and accuracy, in "
        f"{calibration.BINS} bins. Chance alone gives a perfectly calibrated model of this size an "
        "error above 0; 95\u00a0% of such models stay below the limit. So it does not rank models, "
        "and the no-skill baseline scores 0.",
        _from_probabilities(calibration.expected_calibration_error),
        by_chance=calibration.chance_error,
    ),
}

#: Metrics with a bootstrap interval, with their statistic of a confusion matrix.
BOOTSTRAPPED = {
    "macro_f1": classification.macro_f1,
    "balanced_accuracy": classification.balanced_accuracy,
    "worst_recall": classification.worst_recall,
}


@dataclass(frozen=True)
class Scores:
    """The scores of a set of predictions."""

    n: int  # images
    accuracy: float  # a fraction
    interval: Interval  # of the accuracy, 95 %, Wilson
    metrics: Mapping[str, float]  # by name in `METRICS`

    def value(self, name: str) -> float:
        """The metric of that name, or `accuracy`."""
        return self.accuracy if name == "accuracy" else self.metrics[name]


def compute_scores(predictions: Predictions) -> Scores:
    """Compute the accuracy and all `METRICS` of a set of predictions."""
    return _scores(predictions, tuple(METRICS.items()))


@memoized
def _scores(predictions: Predictions, metrics: tuple[tuple[str, Metric], ...]) -> Scores:
    """The scores, recomputed when `METRICS` changes."""
    correct = int(predictions.correct.sum())
    return Scores(
        n=len(predictions),
        accuracy=float(predictions.correct.mean()),
        interval=uncertainty.wilson_interval(correct, len(predictions)),
        metrics={name: metric.compute(predictions) for name, metric in metrics},
    )


@memoized
def compute_intervals(predictions: Predictions) -> dict[str, Interval]:
    """95 % intervals of the accuracy (Wilson) and of the metrics in `BOOTSTRAPPED`."""
    counts = classification.matrix_of(predictions)
    intervals = {
        name: uncertainty.bootstrap_interval(counts, statistic)
        for name, statistic in BOOTSTRAPPED.items()
    }
    return {"accuracy": compute_scores(predictions).interval} | intervals
