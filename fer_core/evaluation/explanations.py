"""How true a method's heat maps are over many faces: means, intervals, and which method is best.

One map is put to the test by `fer_core.explain.faithfulness`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fer_core.evaluation.uncertainty import Interval, mean_interval

#: Columns of `Measurement.faces`.
COLUMNS = ("probability", "fall", "random_fall", "deletion", "insertion", "flat")
#: Measured like a method: a round spot in the middle of the chip (`centre_map`), which knows where
#: faces lie and nothing else. A map that is no truer than this explains nothing.
CENTRE_BASELINE = "centre"


@dataclass(frozen=True, eq=False)
class Measurement:
    """One method on one variant, face by face.

    `faces` (N, 6) float32 with `COLUMNS`: probability of the answered emotion; its fall with the
    hottest 20 % of the pixels blurred; its mean fall with the same area blurred elsewhere; areas
    below the deletion and the insertion curve; 1 where the map was flat, else 0. A flat map's other
    columns are NaN.
    """

    depth: int
    faces: np.ndarray

    def __post_init__(self) -> None:
        if self.faces.ndim != 2 or self.faces.shape[1] != len(COLUMNS):
            raise ValueError(f"{self.faces.shape} is not (N, {len(COLUMNS)})")

    @property
    def differences(self) -> np.ndarray:
        """(N,) fall minus random fall, NaN where flat."""
        gains: np.ndarray = self.faces[:, 1].astype(float) - self.faces[:, 2]
        return gains

    @property
    def flat(self) -> int:
        """Number of faces whose map was flat; they are in none of the means."""
        return int(self.faces[:, 5].sum())


@dataclass(frozen=True)
class Summary:
    """Means over the `n` faces whose map was not flat; all 0 where every map was."""

    depth: int
    n: int
    flat: int
    confidence_drop: float
    random_drop: float
    difference: float  # fall - random_fall
    interval: Interval  # of the difference, 95 %, paired bootstrap over faces
    deletion: float
    insertion: float


def summarise(measured: Measurement) -> Summary:
    """The numbers of the table."""
    kept = measured.faces[measured.faces[:, 5] == 0].astype(float)
    if not len(kept):
        return Summary(measured.depth, 0, measured.flat, 0, 0, 0, Interval(0, 0), 0, 0)
    _, fall, random_fall, deletion, insertion, _ = kept.mean(axis=0).tolist()
    spread = mean_interval(kept[:, 1] - kept[:, 2])
    gain = fall - random_fall
    return Summary(
        measured.depth, len(kept), measured.flat, fall, random_fall, gain, spread, deletion,
        insertion,
    )  # fmt: skip


def centre_map() -> np.ndarray:
    """(48, 48) float32 in [0, 1]: a Gaussian of 10 px in the middle."""
    away = np.arange(48) - 23.5
    bell = np.exp(-(away**2) / (2 * 10**2))
    return np.outer(bell, bell).astype(np.float32)


def is_clearly_more_faithful(first: Measurement, second: Measurement) -> bool:
    """Whether the first's maps are truer than the second's on the same faces, by more than chance:
    the paired 95 % interval of the gap is above 0. Faces where either is flat don't count."""
    gaps = first.differences - second.differences
    gaps = gaps[~np.isnan(gaps)]
    return len(gaps) > 1 and mean_interval(gaps).low > 0


class MostFaithful(NamedTuple):
    """Which method's maps were truest for a variant."""

    method: str
    beats_random: bool  # the interval of its difference is above 0
    beats_centre: bool | None  # clearly truer than `CENTRE`; None where that was not measured
    not_clearly_worse: tuple[str, ...]  # methods that are not clearly worse on the same faces


def most_faithful(measured: Mapping[str, Measurement]) -> MostFaithful | None:
    """The method with the largest difference, and those it is not `clearly_above`.

    None where nothing was measured or every map was flat.
    """
    told = {name: summarise(each) for name, each in measured.items() if name != CENTRE_BASELINE}
    told = {name: each for name, each in told.items() if each.n}
    if not told:
        return None
    first = max(told, key=lambda name: told[name].difference)
    others = {name: is_clearly_more_faithful(measured[first], measured[name]) for name in measured}
    return MostFaithful(
        first,
        told[first].interval.low > 0,
        others.get(CENTRE_BASELINE),
        tuple(name for name in told if name != first and not others[name]),
    )


class FaithfulPairs(NamedTuple):
    """How many of the measured pairs of variant and method explain something."""

    pairs: int
    beat_random: int  # the interval of the difference is above 0
    beat_centre: int  # clearly truer than `CENTRE` on the same faces


def count_faithful_pairs(measured: Iterable[Mapping[str, Measurement]]) -> FaithfulPairs:
    """Over all variants, each with its measurements by method."""
    pairs = [(each, method) for each in measured for method in each if method != CENTRE_BASELINE]
    return FaithfulPairs(
        len(pairs),
        sum(summarise(each[method]).interval.low > 0 for each, method in pairs),
        sum(CENTRE_BASELINE in each and is_clearly_more_faithful(each[method], each[CENTRE_BASELINE]) for each, method in pairs),
    )


def count_above_centre(measured: Iterable[Mapping[str, Measurement]], method: str) -> tuple[int, int]:
    """For how many variants a method's maps are clearly truer than `CENTRE`, and of how many where
    both were measured."""
    both = [each for each in measured if {method, CENTRE_BASELINE} <= set(each)]
    return sum(is_clearly_more_faithful(each[method], each[CENTRE_BASELINE]) for each in both), len(both)


def mean_difference(measured: Iterable[Mapping[str, Measurement]], method: str) -> float:
    """Mean over the variants of a method's difference; 0 where it was not measured."""
    rows = [summarise(each[method]) for each in measured if method in each]
    return sum(row.difference for row in rows) / max(len(rows), 1)
