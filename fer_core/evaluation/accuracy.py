"""How often a variant is right, from its committed summary alone: no predictions are read.

`leaderboard` has the same accuracy and the same interval, counted from the predictions.
"""

from collections.abc import Iterable
from typing import NamedTuple

from fer_core.artifacts import summaries
from fer_core.evaluation.uncertainty import Interval, share_interval
from fer_core.registry import ModelSpec, get_model_spec

SPLIT = "PrivateTest"  # the one that had no say in any choice


class Accuracy(NamedTuple):
    """Of one variant on one split; fractions where nothing else is said."""

    share: float
    interval: Interval  # 95 %, Wilson
    n: int  # images
    baseline: float  # what always giving the commonest emotion gets


def committed(variant: ModelSpec, split: str = SPLIT) -> Accuracy | None:
    """The committed accuracy with its interval; None where the variant was not evaluated."""
    made = summaries.summary(variant)
    if made is None:
        return None
    share, n = float(made["splits"][split]["accuracy"]), int(made["splits"][split]["n"])
    spread = share_interval(round(share * n), n)
    return Accuracy(share, spread, n, float(made["no_skill"][split]))


def unskilled(names: Iterable[str], split: str = SPLIT) -> list[str]:
    """Those of the variants whose interval does not lie above no skill, each once."""
    found = {name: committed(get_model_spec(name), split) for name in names}
    return [name for name, told in found.items() if told and told.interval.low <= told.baseline]


def images(split: str = SPLIT) -> int | None:
    """How many images of a split the variants were evaluated on; None before any was."""
    found = next(iter(summaries.evaluated()), None)
    told = None if found is None else committed(found, split)
    return None if told is None else told.n
