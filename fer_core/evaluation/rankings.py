"""The models ranked by one of several metrics on PrivateTest, each tested against the first.

Accuracy is tested by McNemar's exact test. The other metrics of the confusion matrix are tested by
a paired bootstrap: PrivateTest's faces are drawn again, the same faces for all models, and the
p-value is twice the smaller share of redraws in which the difference from the first model is at
most, or at least, zero. All are corrected for the number of tests (Holm 1979).
"""

from typing import NamedTuple

import numpy as np

from fer_core.artifacts.predictions import split_predictions
from fer_core.artifacts.store import cached
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import leaderboard, ties
from fer_core.evaluation.leaderboard import BOOTSTRAPPED, TEST_SPLIT
from fer_core.evaluation.scores import METRICS
from fer_core.evaluation.uncertainty import LEVEL, RESAMPLES, Interval, holm
from fer_core.registry import get_model_spec

FERPLUS = "ferplus"
#: Titles of the metrics by which models can be ranked; the higher, the better.
RANKINGS = {
    "accuracy": "Accuracy",
    **{name: METRICS[name].title for name in BOOTSTRAPPED},
    FERPLUS: "Agreement with the crowd (FER+)",
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


@cached
def ranking(metric: str, model_names: tuple[str, ...]) -> list[Place]:
    """Rank models by a metric on PrivateTest.

    Args:
        metric: A key of `RANKINGS`.
        model_names: One or more models, evaluated on the same images.

    Returns:
        The models, best first. By `FERPLUS` without p-values, which need the annotators' votes,
        and without models that have no agreement.

    Raises:
        ResultsError: Predictions are missing, or the models were evaluated on different images.
    """
    if metric == "accuracy":
        standings = ties.standings(model_names)
        return [Place(row.name, row.accuracy, row.interval, row.p_value) for row in standings]
    if metric == FERPLUS:
        return _by_ferplus(model_names)
    values = {
        name: leaderboard.split_scores(name, TEST_SPLIT).value(metric) for name in model_names
    }
    first, *others = sorted(model_names, key=lambda name: -values[name])
    for name in others:  # raises if the images differ
        leaderboard.compare_models(first, name, TEST_SPLIT)
    ordered = tuple(sorted(model_names))  # so that the draws do not depend on the caller's order
    redrawn = dict(zip(ordered, _redrawn(ordered)[metric], strict=True))
    raw = [_p_value(redrawn[first] - redrawn[name]) for name in others]
    return [
        Place(name, values[name], leaderboard.split_intervals(name, TEST_SPLIT)[metric], p)
        for name, p in zip([first, *others], [1.0, *holm(raw)], strict=True)
    ]


def _by_ferplus(model_names: tuple[str, ...]) -> list[Place]:
    agreement = leaderboard.load_ferplus_agreement()
    if agreement is None:
        raise ResultsError("The agreement with FER+ cannot be read.")
    rows = {name: agreement.for_model(get_model_spec(name), TEST_SPLIT) for name in model_names}
    places = [
        Place(name, row.majority_accuracy, row.majority_accuracy_interval, None)
        for name, row in rows.items()
        if row
    ]
    return sorted(places, key=lambda place: -place.value)


@cached
def _redrawn(model_names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """The metrics of `BOOTSTRAPPED`, (models, RESAMPLES), when the faces are drawn again."""
    answers = [split_predictions(name, TEST_SPLIT) for name in model_names]
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


def _p_value(differences: np.ndarray) -> float:
    """Two-sided bootstrap p-value of differences being zero; at least 2 / (R + 1)."""
    smaller = min((differences <= 0).sum(), (differences >= 0).sum())
    return min(1.0, 2 * float(smaller + 1) / (len(differences) + 1))
