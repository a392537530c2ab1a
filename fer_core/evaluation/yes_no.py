"""The seven yes/no models at their own thresholds, each beside always answering "no"."""

from typing import NamedTuple

from fer_core.artifacts import summaries
from fer_core.artifacts.store import cached
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import study, thresholds
from fer_core.evaluation.evaluation_set import EvaluationSet, committed_set
from fer_core.evaluation.thresholds import BinaryCounts
from fer_core.evaluation.uncertainty import Comparison
from fer_core.registry import get_model_spec


class YesNo(NamedTuple):
    """A yes/no model's decisions, and how they compare with always answering "no"."""

    counts: BinaryCounts
    comparison: Comparison  # with always "no"; no test on PublicTest, which chose the thresholds


@cached
def split_yes_no(split: str) -> dict[str, YesNo]:
    """The decisions of the seven yes/no models on one split.

    Args:
        split: `PublicTest` or `PrivateTest`.

    Returns:
        Emotion → decisions.

    Raises:
        ResultsError: The predictions are missing or damaged.
    """
    fitted = summaries.thresholds(get_model_spec(study.YES_NO_MODEL))
    evaluation_set, decisions = committed_set(split), {}
    for emotion in EMOTIONS:
        scores = thresholds.one_vs_rest(evaluation_set.predictions(study.YES_NO_MODEL), emotion)
        counts = thresholds.counts_at_threshold(*scores, fitted[emotion])
        decisions[emotion] = YesNo(counts, versus_always_no(counts, evaluation_set))
    return decisions


def versus_always_no(counts: BinaryCounts, evaluation_set: EvaluationSet) -> Comparison:
    """The answers compared with always "no"; without a test where the faces chose thresholds."""
    comparison = counts.versus_always_no
    return comparison.without_test() if evaluation_set.chose_models else comparison


def always_no_accuracy(counts: BinaryCounts) -> float:
    """The accuracy of always answering "no" on the same images, of which there is at least one."""
    return (counts.total - counts.positives) / counts.total
