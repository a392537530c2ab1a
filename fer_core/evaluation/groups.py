"""Metrics by group of faces, as the user of a set gave the groups, and the largest gap."""

from typing import Final, NamedTuple

import numpy as np

from fer_core.artifacts.predictions import memoized
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.scores import compute_intervals, compute_scores
from fer_core.evaluation.split_gap import independent_difference
from fer_core.evaluation.uncertainty import Interval

NO_GROUP: Final = "(not given)"  # the group of faces for which none was given
#: Groups of fewer faces are listed, but not compared: their gap would be the largest by chance.
MIN_FACES: Final = 10


class Metric(NamedTuple):
    """A value with its 95 % interval, fractions."""

    value: float
    interval: Interval


class GroupRow(NamedTuple):
    """One model's metrics on the faces of one group."""

    group: str
    n: int  # faces
    correct: int
    accuracy: Metric  # Wilson's interval
    macro_f1: Metric  # bootstrap, like the next
    balanced_accuracy: Metric


class Gap(NamedTuple):
    """The difference in accuracy between two groups, which share no face."""

    high: GroupRow
    low: GroupRow
    difference: float
    interval: Interval  # Newcombe (1998), method 10

    @property
    def could_be_chance(self) -> bool:
        """Whether the interval holds 0. Of many groups, the largest gap rarely does by itself."""
        return self.interval.low <= 0


@memoized
def group_rows(evaluation_set: EvaluationSet, column: str, model: str) -> list[GroupRow]:
    """Measure a model on each group.

    Args:
        evaluation_set: The set.
        column: A key of its `groups`.
        model: The model's name.

    Returns:
        The groups, the largest first, and last the faces without one.

    Raises:
        ResultsError: The predictions are missing or damaged.
    """
    groups, counts = np.unique(evaluation_set.groups[column], return_counts=True)
    order = sorted(
        zip(groups.tolist(), counts.tolist(), strict=True),
        key=lambda pair: (pair[0] == NO_GROUP, -pair[1], pair[0]),
    )
    return [measure(evaluation_set.group_set(column, group), group, model) for group, _ in order]


def measure(evaluation_set: EvaluationSet, group: str, model: str) -> GroupRow:
    """Measure a model on all faces of a set, as one group of this name."""
    predictions = evaluation_set.predictions(model)
    scores, intervals = compute_scores(predictions), compute_intervals(predictions)
    accuracy, macro_f1, balanced_accuracy = (
        Metric(scores.value(name), intervals[name])
        for name in ("accuracy", "macro_f1", "balanced_accuracy")
    )
    correct = int(predictions.correct.sum())
    return GroupRow(group, scores.n, correct, accuracy, macro_f1, balanced_accuracy)


def compared(rows: list[GroupRow]) -> list[GroupRow]:
    """The groups between which gaps are looked for: those with a name and `MIN_FACES` or more."""
    return [row for row in rows if row.n >= MIN_FACES and row.group != NO_GROUP]


def largest_gap(rows: list[GroupRow]) -> Gap | None:
    """The largest gap in accuracy between groups of `MIN_FACES` or more.

    Args:
        rows: From `group_rows`.

    Returns:
        The gap; None if there are fewer than two such groups.
    """
    large = compared(rows)
    if len(large) < 2:
        return None
    high = max(large, key=lambda row: row.accuracy.value)
    low = min(large, key=lambda row: row.accuracy.value)
    if high is low:  # all are equal
        high, low = large[0], large[1]
    interval = independent_difference(high.correct, high.n, low.correct, low.n)
    return Gap(high, low, high.accuracy.value - low.accuracy.value, interval)
