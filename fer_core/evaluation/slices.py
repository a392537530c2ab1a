"""Slices: on which kinds of faces is a model worst, corrected for how many kinds were looked at?

A slice is a named mask of faces. Its accuracy is compared with that of all other faces: interval of
the difference by Newcombe (1998), Fisher's exact test, and Holm's correction for all slices looked
at, which also holds for slices that overlap.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np

from fer_core.errors import requires_extra
from fer_core.evaluation.split_gap import independent_difference
from fer_core.evaluation.uncertainty import LEVEL, Interval, holm, wilson_interval

#: A slice of fewer faces is not looked at, nor one that leaves fewer to compare with.
MIN_FACES: Final = 20


class Slice(NamedTuple):
    """Some faces of a set.

    Attributes:
        feature: What the faces have in common, such as `brightness`.
        name: Which of them these are, such as `darkest quarter`.
        mask: (N,) bool.
    """

    feature: str
    name: str
    mask: np.ndarray


class SliceRow(NamedTuple):
    """A model's accuracy in a slice and on all other faces."""

    feature: str
    name: str
    correct: int
    n: int
    other_correct: int
    other_n: int
    p_value: float | None  # Holm-corrected; None where no test is valid

    @property
    def accuracy(self) -> float:
        """Share of the slice's faces."""
        return self.correct / self.n

    @property
    def accuracy_interval(self) -> Interval:
        """95 % Wilson interval of `accuracy`."""
        return wilson_interval(self.correct, self.n)

    @property
    def other_accuracy(self) -> float:
        """Share of the other faces."""
        return self.other_correct / self.other_n

    @property
    def difference(self) -> float:
        """Accuracy in the slice minus that outside of it."""
        return self.accuracy - self.other_accuracy

    @property
    def interval(self) -> Interval:
        """95 % interval of the difference (Newcombe 1998, method 10)."""
        return independent_difference(self.correct, self.n, self.other_correct, self.other_n)

    @property
    def is_worse(self) -> bool:
        """Whether the model is significantly worse on the slice, all slices considered."""
        return self.p_value is not None and self.p_value < 1 - LEVEL and self.difference < 0


def find_slices(
    correct: np.ndarray, slices: Sequence[Slice], *, tested: bool = True
) -> list[SliceRow]:
    """Compare the accuracy in every slice with that on the other faces.

    Args:
        correct: (N,) bool, whether each face is classified correctly.
        slices: What to look at; those that are too small or too large are left out.
        tested: Whether a test is valid; it is not on faces that chose the model.

    Returns:
        One row per slice, from the most surely worse to the most surely better: of the slices that
        are worse the lowest p-value comes first, then of the others the highest. Without a test,
        the lower the upper end of the difference's interval, the earlier.
    """
    n, total = len(correct), int(correct.sum())
    rows = []
    for each in filter(_has_enough, slices):
        size, hits = int(each.mask.sum()), int(correct[each.mask].sum())
        row = SliceRow(each.feature, each.name, hits, size, total - hits, n - size, None)
        rows.append(row)
    if not tested:
        return sorted(rows, key=lambda row: row.interval.high)
    p_values = [_fisher(row.correct, row.n, row.other_correct, row.other_n) for row in rows]

    def surely_worse(place: int) -> tuple[bool, float]:
        worse = rows[place].difference < 0
        return not worse, p_values[place] if worse else -p_values[place]

    corrected = holm(p_values)
    order = sorted(range(len(rows)), key=surely_worse)
    return [rows[i]._replace(p_value=corrected[i]) for i in order]


def parts(
    feature: str, values: np.ndarray, names: Sequence[str], reference: np.ndarray | None = None
) -> list[Slice]:
    """Divide faces by a number into slices of about the same size, such as quarters.

    Args:
        feature: What the number is.
        values: (N,) the number of each face; NaN where it is unknown, in no slice.
        names: Of the slices, from low to high.
        reference: (M,) the numbers of the faces that give the bounds, so that parts of a set are
            divided like the set; by default `values`.

    Returns:
        The slices; where many faces have the same number, of different size.
    """
    known = values if reference is None else reference
    known = known[~np.isnan(known)]
    if not len(known):
        return []
    bounds = np.quantile(known, np.arange(1, len(names)) / len(names))
    place = np.where(np.isnan(values), -1, np.searchsorted(bounds, values))
    return [Slice(feature, name, place == i) for i, name in enumerate(names)]


def crossed(slices: Sequence[Slice]) -> list[Slice]:
    """The intersections of every two slices of different features that can be looked at.

    Slices that are too small or too large are not crossed, and an intersection with the same faces
    as another slice is left out: it would only make Holm's correction stricter.
    """
    masks = {each.mask.tobytes() for each in slices}
    intersections = []
    for a, b in combinations(filter(_has_enough, slices), 2):
        mask = a.mask & b.mask
        if a.feature != b.feature and mask.tobytes() not in masks:
            masks.add(mask.tobytes())
            intersections.append(Slice(f"{a.feature} and {b.feature}", f"{a.name}, {b.name}", mask))
    return intersections


def _has_enough(each: Slice) -> bool:
    """Whether a slice has enough faces and leaves enough to compare with."""
    size = int(each.mask.sum())
    return min(size, len(each.mask) - size) >= MIN_FACES


@lru_cache(maxsize=4096)
def _fisher(hits: int, n: int, other_hits: int, other_n: int) -> float:
    """Two-sided p-value of Fisher's exact test of two shares."""
    # Imported here because it takes half a second and only comparisons need it.
    with requires_extra("evaluation", "Statistics need"):
        from scipy.stats import fisher_exact

    table = [[hits, n - hits], [other_hits, other_n - other_hits]]
    return float(fisher_exact(table).pvalue)
