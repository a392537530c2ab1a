"""Faithfulness of the explanation methods over many faces: means, intervals and the best method.

`fer_core.explain.faithfulness` tests a single heat map.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fer_core.evaluation.uncertainty import Interval, mean_interval

#: Columns of `Measurement.faces`.
COLUMNS = ("probability", "confidence_drop", "random_drop", "deletion", "insertion", "flat")
#: The centre-bias baseline, measured like a method: a fixed round spot in the middle of the chip
#: (`centre_map`), where faces are. A map that is no more faithful than this explains nothing.
CENTRE_BASELINE = "centre"


@dataclass(frozen=True, eq=False)
class Measurement:
    """The faithfulness of one method for one model, face by face.

    Attributes:
        depth: Depth of the layer that is explained, 1 (early) to 4 (late).
        faces: (N, 6) float32 with `COLUMNS`: probability of the predicted emotion; its drop when
            the hottest 20 % of the pixels are blurred; its mean drop when random areas of the same
            size are blurred; areas under the deletion and the insertion curve; 1 if the map is
            flat (without contrast), otherwise 0. The other columns of a flat map are NaN.
    """

    depth: int
    faces: np.ndarray

    def __post_init__(self) -> None:
        if self.faces.ndim != 2 or self.faces.shape[1] != len(COLUMNS):
            raise ValueError(f"{self.faces.shape} is not (N, {len(COLUMNS)})")

    @property
    def differences(self) -> np.ndarray:
        """(N,) confidence drop minus random drop; NaN for flat maps."""
        differences: np.ndarray = self.faces[:, 1].astype(float) - self.faces[:, 2]
        return differences

    @property
    def flat(self) -> int:
        """Number of faces with a flat map; the means exclude them."""
        return int(self.faces[:, 5].sum())


@dataclass(frozen=True)
class Summary:
    """Means over the `n` faces whose map is not flat; all 0 if every map is flat."""

    depth: int
    n: int
    flat: int
    confidence_drop: float
    random_drop: float
    difference: float  # confidence_drop - random_drop
    interval: Interval  # of the difference, 95 %, paired bootstrap over faces
    deletion: float
    insertion: float


def summarise(measurement: Measurement) -> Summary:
    """Average a measurement over the faces."""
    faces = measurement.faces[measurement.faces[:, 5] == 0].astype(float)
    if not len(faces):
        return Summary(measurement.depth, 0, measurement.flat, 0, 0, 0, Interval(0, 0), 0, 0)
    _, confidence_drop, random_drop, deletion, insertion, _ = faces.mean(axis=0).tolist()
    return Summary(
        depth=measurement.depth,
        n=len(faces),
        flat=measurement.flat,
        confidence_drop=confidence_drop,
        random_drop=random_drop,
        difference=confidence_drop - random_drop,
        interval=mean_interval(faces[:, 1] - faces[:, 2]),
        deletion=deletion,
        insertion=insertion,
    )


def centre_map() -> np.ndarray:
    """(48, 48) float32 in [0, 1]: a centred Gaussian with a standard deviation of 10 px."""
    offsets = np.arange(48) - 23.5
    gaussian = np.exp(-(offsets**2) / (2 * 10**2))
    return np.outer(gaussian, gaussian).astype(np.float32)


def is_clearly_more_faithful(first: Measurement, second: Measurement) -> bool:
    """Whether the first method is significantly more faithful than the second.

    Args:
        first: Measured on N faces.
        second: Measured on the same faces.

    Returns:
        Whether the paired 95 % interval of the difference is above 0. Faces for which either map is
        flat are left out.
    """
    differences = first.differences - second.differences
    differences = differences[~np.isnan(differences)]
    return len(differences) > 1 and mean_interval(differences).low > 0


class MostFaithful(NamedTuple):
    """The most faithful method for a model."""

    method: str
    beats_random: bool  # the interval of its difference is above 0
    beats_centre: bool | None  # clearly above the centre-bias baseline; None if not measured
    not_clearly_worse: tuple[str, ...]  # other methods, on the same faces


def most_faithful(measurements: Mapping[str, Measurement]) -> MostFaithful | None:
    """Find the method with the largest mean difference.

    Args:
        measurements: Method → one model's measurement; may include `CENTRE_BASELINE`.

    Returns:
        The method and those that it does not beat clearly; None if nothing was measured or every
        map is flat.
    """
    summaries = {name: summarise(m) for name, m in measurements.items() if name != CENTRE_BASELINE}
    summaries = {name: summary for name, summary in summaries.items() if summary.n}
    if not summaries:
        return None
    best = max(summaries, key=lambda name: summaries[name].difference)
    beats = {
        name: is_clearly_more_faithful(measurements[best], measurements[name])
        for name in measurements
    }
    return MostFaithful(
        best,
        summaries[best].interval.low > 0,
        beats.get(CENTRE_BASELINE),
        tuple(name for name in summaries if name != best and not beats[name]),
    )


class FaithfulPairs(NamedTuple):
    """Number of model–method pairs whose maps beat the baselines."""

    pairs: int
    beat_random: int  # the interval of the difference is above 0
    beat_centre: int  # clearly more faithful than the centre-bias baseline


def count_faithful_pairs(models: Iterable[Mapping[str, Measurement]]) -> FaithfulPairs:
    """Count the model–method pairs that beat the baselines, from each model's measurements."""
    pairs = [(model, method) for model in models for method in model if method != CENTRE_BASELINE]
    return FaithfulPairs(
        len(pairs),
        sum(summarise(model[method]).interval.low > 0 for model, method in pairs),
        sum(
            CENTRE_BASELINE in model
            and is_clearly_more_faithful(model[method], model[CENTRE_BASELINE])
            for model, method in pairs
        ),
    )


def count_above_centre(models: Iterable[Mapping[str, Measurement]], method: str) -> tuple[int, int]:
    """Count the models for which a method beats the centre-bias baseline.

    Args:
        models: Each model's measurements by method.
        method: The method.

    Returns:
        The number of models for which it is clearly more faithful, and the number for which both
        were measured.
    """
    both = [model for model in models if {method, CENTRE_BASELINE} <= set(model)]
    above = [is_clearly_more_faithful(model[method], model[CENTRE_BASELINE]) for model in both]
    return sum(above), len(both)


def mean_difference(models: Iterable[Mapping[str, Measurement]], method: str) -> float:
    """Mean over the models of a method's difference.

    Args:
        models: Each model's measurements by method.
        method: The method.

    Returns:
        The mean; 0 if the method was not measured.
    """
    rows = [summarise(model[method]) for model in models if method in model]
    return sum(row.difference for row in rows) / max(len(rows), 1)
