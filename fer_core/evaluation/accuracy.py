"""How often a variant is right, from its committed summary alone: no predictions are read.

`leaderboard` has the same accuracy and the same interval, counted from the predictions.
"""

from collections.abc import Iterable
from typing import NamedTuple

from fer_core.artifacts import summaries
from fer_core.evaluation.uncertainty import Interval, wilson_interval
from fer_core.registry import ModelSpec, get_model_spec

SPLIT = "PrivateTest"  # the one that had no say in any choice


class Accuracy(NamedTuple):
    """Of one variant on one split; fractions where nothing else is said."""

    value: float
    interval: Interval  # 95 %, Wilson
    n: int  # images
    baseline: float  # what always giving the commonest emotion gets


def load_accuracy(variant: ModelSpec, split: str = SPLIT) -> Accuracy | None:
    """The committed accuracy with its interval; None where the variant was not evaluated."""
    made = summaries.load_summary(variant)
    if made is None:
        return None
    share, n = float(made["splits"][split]["accuracy"]), int(made["splits"][split]["n"])
    spread = wilson_interval(round(share * n), n)
    return Accuracy(share, spread, n, float(made["no_skill"][split]))


def not_above_baseline(names: Iterable[str], split: str = SPLIT) -> list[str]:
    """Those of the variants whose interval does not lie above no skill, each once."""
    found = {name: load_accuracy(get_model_spec(name), split) for name in names}
    return [name for name, told in found.items() if told and told.interval.low <= told.baseline]


def image_count(split: str = SPLIT) -> int | None:
    """How many images of a split the variants were evaluated on; None before any was."""
    found = next(iter(summaries.evaluated_models()), None)
    told = None if found is None else load_accuracy(found, split)
    return None if told is None else told.n
