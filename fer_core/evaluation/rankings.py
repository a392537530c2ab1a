"""The models ranked by one of several metrics on the same faces, each tested against the first.

Accuracy is tested by McNemar's exact test. The other metrics of the confusion matrix are tested by
a paired bootstrap: the faces are drawn again, the same faces for all models, and the
p-value is twice the smaller share of redraws in which the difference from the first model is at
most, or at least, zero. All are corrected for the number of tests (Holm 1979).
"""

from typing import NamedTuple

import numpy as np

from fer_core.artifacts.predictions import memoized
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import ties
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.scores import (
    BOOTSTRAPPED,
    METRICS,
    compute_intervals,
    compute_scores,
)
from fer_core.evaluation.uncertainty import LEVEL, RESAMPLES, Interval

#: Titles of the metrics by which models can be ranked; the higher, the better.
RANKINGS = {
    "accuracy": "Accuracy",
    **{name: METRICS[name].title for name in BOOTSTRAPPED},
}


class Place(NamedTuple):
    """A model's place in a ranking."""

    name: str
    value: float  # a fraction
    interval: Interval  # 95 %
    p_value: float | None  # against the first, Holm-corrected; 1 for the first, None untested

    @property
    def tied(self) -> bool:
        """Whether its difference from the first could be chance, at the 5 % level.

        Without a test nothing is known, so it counts as tied.
        """
        return self.p_value is None or self.p_value >= 1 - LEVEL


@memoized
def ranking(
    evaluation_set: EvaluationSet, metric: str, model_names: tuple[str, ...]
) -> list[Place]:
    """Rank models by a metric.

    Args:
        evaluation_set: The faces.
        metric: A key of `RANKINGS`.
        model_names: One or more of its models.

    Returns:
        The models, best first. Without p-values where models were chosen on the faces.

    Raises:
        ResultsError: Predictions are missing, or the models were evaluated on different images.
    """
    if metric == "accuracy":
        standings = ties.standings(evaluation_set, model_names)
        return [Place(row.name, row.accuracy, row.interval, row.p_value) for row in standings]
    predictions = {name: evaluation_set.predictions(name) for name in model_names}
    values = {name: compute_scores(predictions[name]).value(metric) for name in model_names}
    first, *others = sorted(model_names, key=lambda name: -values[name])
    for name in others:  # raises if the images differ
        evaluation_set.compare(first, name)
    ordered = tuple(sorted(model_names))  # so that the draws do not depend on the caller's order
    redrawn = dict(zip(ordered, _redrawn(evaluation_set, ordered)[metric], strict=True))
    raw = [
        None if evaluation_set.chose_models else two_sided_p(redrawn[first] - redrawn[name])
        for name in others
    ]
    return [
        Place(name, values[name], compute_intervals(predictions[name])[metric], p)
        for name, p in zip([first, *others], ties.corrected(raw), strict=True)
    ]


@memoized
def _redrawn(evaluation_set: EvaluationSet, model_names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """The metrics of `BOOTSTRAPPED`, (models, RESAMPLES), when the faces are drawn again."""
    answers = [evaluation_set.predictions(name) for name in model_names]
    # A face matters only through its label and the models' answers.
    faces, counts = np.unique(
        [answers[0].labels, *(given.predicted for given in answers)], axis=1, return_counts=True
    )
    n, k = int(counts.sum()), len(EMOTIONS)
    draws = np.random.default_rng(0).multinomial(n, counts / n, RESAMPLES).astype(np.float32)
    metrics: dict[str, list[np.ndarray]] = {name: [] for name in BOOTSTRAPPED}
    for predicted in faces[1:]:
        cells = np.eye(k * k, dtype=np.float32)[faces[0].astype(np.int64) * k + predicted]
        matrices = (draws @ cells).reshape(-1, k, k)
        for name, statistic in BOOTSTRAPPED.items():
            metrics[name].append(statistic(matrices))
    return {name: np.array(values) for name, values in metrics.items()}


def two_sided_p(differences: np.ndarray) -> float:
    """Two-sided bootstrap p-value of differences being zero; at least 2 / (R + 1)."""
    smaller = min((differences <= 0).sum(), (differences >= 0).sum())
    return min(1.0, 2 * float(smaller + 1) / (len(differences) + 1))
