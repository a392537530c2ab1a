"""How far PublicTest and PrivateTest differ, which hold different faces."""

from math import hypot
from typing import NamedTuple

from fer_core.artifacts.predictions import split_predictions
from fer_core.artifacts.store import cached
from fer_core.evaluation.uncertainty import Interval, wilson_interval


class SplitGap(NamedTuple):
    """A model's accuracy on PrivateTest minus that on PublicTest."""

    name: str
    difference: float
    interval: Interval  # 95 %, of two independent shares


@cached
def split_gaps(model_names: tuple[str, ...]) -> list[SplitGap]:
    """The gap of each model; raises `ResultsError` if predictions are unavailable."""
    gaps = []
    for name in model_names:
        private, public = (
            split_predictions(name, split).correct for split in ("PrivateTest", "PublicTest")
        )
        interval = independent_difference(
            int(private.sum()), len(private), int(public.sum()), len(public)
        )
        gaps.append(SplitGap(name, float(private.mean() - public.mean()), interval))
    return gaps


def independent_difference(hits: int, n: int, other_hits: int, other_n: int) -> Interval:
    """95 % interval of the difference of two independent shares (Newcombe 1998, method 10).

    Args:
        hits: Successes of the first share.
        n: Trials of the first share.
        other_hits: Successes of the second share.
        other_n: Trials of the second share.

    Returns:
        The interval of `hits / n - other_hits / other_n`.

    Raises:
        ValueError: One of them is not a share.
    """
    first, second = wilson_interval(hits, n), wilson_interval(other_hits, other_n)
    a, b = hits / n, other_hits / other_n
    return Interval(
        a - b - hypot(a - first.low, second.high - b), a - b + hypot(first.high - a, b - second.low)
    )
