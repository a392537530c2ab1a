"""Crowd or label: with which of the two does a model agree more, and could that be chance?

Both are compared on the same faces, so every test here is paired.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fer_core.evaluation import agreement, uncertainty
from fer_core.evaluation.uncertainty import Interval


@dataclass(frozen=True)
class Contrast:
    """One model's agreement with the crowd's majority, compared with that with the label."""

    only_majority: int  # images on which it agrees with the majority and not with the label
    only_label: int  # images on which it agrees with the label and not with the majority
    p_value: float  # exact McNemar test, two-sided
    label_kappa_interval: Interval  # Fleiss, Cohen & Everitt (1969)
    majority_kappa_interval: Interval
    kappa_difference: float  # kappa with the majority minus kappa with the label
    kappa_difference_interval: Interval  # paired bootstrap over images


def contrast(label: np.ndarray, majority: np.ndarray, answer: np.ndarray) -> Contrast:
    """Compare a model's agreement with the majority and with the label.

    Args:
        label: (N,) FER2013's labels, indices into EMOTIONS, N ≥ 1.
        majority: (N,) the crowd's clear majorities.
        answer: (N,) the model's answers.

    Returns:
        The comparison.

    Raises:
        ValueError: The arrays are empty or their shapes differ.
    """
    paired = uncertainty.compare(answer == majority, answer == label)
    difference, interval = agreement.kappa_difference(majority, label, answer)
    return Contrast(
        only_majority=paired.only_first,
        only_label=paired.only_second,
        p_value=paired.tested_p,
        label_kappa_interval=agreement.kappa(label, answer).interval,
        majority_kappa_interval=agreement.kappa(majority, answer).interval,
        kappa_difference=difference,
        kappa_difference_interval=interval,
    )


class Directions(NamedTuple):
    """Models by the sign of a difference, in the order given."""

    higher: tuple[str, ...]  # the 95 % interval is above 0
    lower: tuple[str, ...]  # it is below 0
    undecided: tuple[str, ...]  # it contains 0


def directions(intervals: Mapping[str, Interval]) -> Directions:
    """Sort models by whether the interval of a difference (model name → interval) excludes 0."""
    higher = tuple(name for name, interval in intervals.items() if interval.low > 0)
    lower = tuple(name for name, interval in intervals.items() if interval.high < 0)
    undecided = tuple(name for name in intervals if name not in (*higher, *lower))
    return Directions(higher, lower, undecided)
