"""What a set of answers is worth: its accuracy and every metric of `METRICS`.

A metric is one record: the leaderboard's scores, its table and its CSV take it from here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from fer_core.artifacts.predictions import Predictions
from fer_core.evaluation import baselines, calibration, classification, uncertainty
from fer_core.evaluation.uncertainty import Interval


@dataclass(frozen=True)
class Metric:
    """One number that says how good a set of answers is."""

    title: str
    help: str
    compute: Callable[[Predictions], float]
    fraction: bool = True  # shown in percent


def _of_counts(measure: Callable[[np.ndarray], np.ndarray]) -> Callable[[Predictions], float]:
    return lambda given: float(measure(classification.confusion_matrix(given.labels, given.predicted)))


def _of_probabilities(
    measure: Callable[[np.ndarray, np.ndarray], float],
) -> Callable[[Predictions], float]:
    return lambda given: measure(given.labels, given.probabilities)


#: Every metric by name, in the order of the table. One more is one more record.
METRICS: dict[str, Metric] = {
    "macro_f1": Metric(
        "Macro-F1",
        "Mean F1 of the seven emotions; F1 is the harmonic mean of precision and recall. Rare "
        "emotions count as much as common ones.",
        _of_counts(classification.macro_f1),
    ),
    "balanced_accuracy": Metric(
        "Balanced accuracy",
        "Mean recall of the seven: the share of an emotion's faces that are found. No skill gets "
        f"one seventh, {100 * baselines.BALANCED_ACCURACY:.1f}\u00a0%.",
        _of_counts(classification.balanced_accuracy),
    ),
    "log_loss": Metric(
        "Log loss",
        "How surprised the probabilities are by the labels, in nats: 0 is perfect, seven equal "
        f"shares get {baselines.UNIFORM_LOG_LOSS:.2f}. Lower is better.",
        _of_probabilities(calibration.log_loss),
        fraction=False,
    ),
    "calibration_error": Metric(
        "Calibration error",
        "Expected calibration error: mean gap between how sure an answer is and how often such "
        f"answers are right, in {calibration.BINS} bins. Lower is better, but no skill gets 0 too.",
        _of_probabilities(calibration.expected_calibration_error),
    ),
}


@dataclass(frozen=True)
class Scores:
    """How good a set of answers is."""

    n: int  # images
    accuracy: float  # a fraction
    interval: Interval  # of the accuracy, 95 %, Wilson
    metrics: Mapping[str, float]  # by their names in `METRICS`

    def value(self, name: str) -> float:
        """The metric of that name, or the `accuracy`."""
        return self.accuracy if name == "accuracy" else self.metrics[name]


def compute_scores(given: Predictions) -> Scores:
    """All numbers of one set of answers, whichever images it holds."""
    right = int(given.correct.sum())
    return Scores(
        n=len(given),
        accuracy=float(given.correct.mean()),
        interval=uncertainty.wilson_interval(right, len(given)),
        metrics={name: metric.compute(given) for name, metric in METRICS.items()},
    )
