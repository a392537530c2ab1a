"""A model's accuracy from its committed summary alone, without reading any predictions.

`leaderboard` computes the same accuracy and interval from the predictions.
"""

from collections.abc import Iterable
from typing import NamedTuple

from fer_core.artifacts import summaries
from fer_core.errors import ResultsError
from fer_core.evaluation import ferplus_agreement
from fer_core.evaluation.uncertainty import Interval, wilson_interval
from fer_core.registry import ModelSpec, get_model_spec

SPLIT = "PrivateTest"  # the split on which nothing is fitted or chosen


class Accuracy(NamedTuple):
    """One model's accuracy on one split; all values but `n` are fractions."""

    value: float
    interval: Interval  # 95 %, Wilson
    n: int  # images
    baseline: float  # accuracy of always predicting the most frequent emotion


def load_accuracy(model: ModelSpec, split: str = SPLIT) -> Accuracy | None:
    """Load the committed accuracy of a model.

    Args:
        model: The model.
        split: `PublicTest` or `PrivateTest`.

    Returns:
        The accuracy with its interval and baseline; None if the model was not evaluated.
    """
    summary = summaries.load_summary(model)
    if summary is None:
        return None
    value, n = float(summary["splits"][split]["accuracy"]), int(summary["splits"][split]["n"])
    interval = wilson_interval(round(value * n), n)
    return Accuracy(value, interval, n, float(summary["no_skill"][split]))


def load_own_accuracy(model: ModelSpec, split: str = SPLIT) -> Accuracy | None:
    """Load the accuracy of a model's answers to the question that it was taught.

    For a model trained by the FER+ votes alone this is how often it gives the crowd's clear
    majority, on the faces that have one; for the others it is `load_accuracy`.

    Returns:
        The accuracy; None if it was not measured.
    """
    if not summaries.trained_by_votes(model):
        return load_accuracy(model, split)
    try:
        agreement = ferplus_agreement.load_agreement()
    except ResultsError:
        return None
    row = agreement.for_model(model, split)
    if row is None:
        return None
    baseline = agreement.labels[split].majority_baseline
    return Accuracy(row.majority_accuracy, row.majority_accuracy_interval, row.n, baseline)


def not_above_baseline(model_names: Iterable[str], split: str = SPLIT) -> list[str]:
    """Names of the models whose interval does not lie above the baseline, without repetition."""
    accuracies = {name: load_accuracy(get_model_spec(name), split) for name in model_names}
    return [name for name, a in accuracies.items() if a and a.interval.low <= a.baseline]


def image_count(split: str = SPLIT) -> int | None:
    """Number of images the models were evaluated on; None if none was evaluated."""
    model = next(iter(summaries.evaluated_models()), None)
    accuracy = None if model is None else load_accuracy(model, split)
    return None if accuracy is None else accuracy.n
