"""Faithfulness of the explanation methods over many faces: means, intervals and the best method.

`fer_core.explain.faithfulness` tests a single heat map.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from fer_core.errors import requires_extra
from fer_core.evaluation.uncertainty import Interval, bonferroni_level, holm, mean_interval

#: Columns of `Measurement.faces`.
COLUMNS = ("probability", "confidence_drop", "random_drop", "deletion", "insertion", "flat")
#: The centre-bias baseline, measured like a method: a fixed round spot in the middle of the chip
#: (`centre_map`), where faces are. A map that is no more faithful than this explains nothing.
CENTRE_BASELINE = "centre"
SIGNIFICANCE = bonferroni_level(1)


@dataclass(frozen=True, eq=False)
class Measurement:
    """The faithfulness of one method for one model, face by face.

    Attributes:
        depth: Depth of the layer that is explained, 1 (early) to 4 (late).
        faces: (N, 6) float32 with `COLUMNS`: probability of the predicted emotion; its drop when
            the hottest 20 % of the pixels are blurred; its mean drop when random areas of the same
            size within the face are blurred; areas under the deletion and the insertion curve; 1 if
            the map is flat (without contrast), otherwise 0. The other columns of a flat map are
            NaN, and so is what was not measured: the areas for most faces, and all columns of a
            slow method for most faces.
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
        return int(np.nansum(self.faces[:, 5]))


@dataclass(frozen=True)
class Summary:
    """Means over the `n` faces whose map is not flat; 0 where nothing was measured."""

    depth: int
    n: int
    flat: int
    confidence_drop: float
    random_drop: float
    difference: float  # confidence_drop - random_drop
    interval: Interval  # of the difference, 95 %, paired bootstrap over faces
    deletion: float  # this and the next over the faces with curves
    insertion: float


class Comparison(NamedTuple):
    """How much more faithful one method is than another, for one model."""

    n: int  # faces compared
    gain: float  # mean of the paired differences, as a fraction of 1
    p_value: float  # two-sided paired t-test, not corrected

    @property
    def is_better(self) -> bool:
        """Whether the first method is significantly more faithful, judged alone."""
        return self.gain > 0 and self.p_value < SIGNIFICANCE


@lru_cache(maxsize=128)  # of the committed measurements, which every page view asks for
def summarise(measurement: Measurement) -> Summary:
    """Average a measurement over the faces."""
    faces = measurement.faces[measurement.faces[:, 5] == 0].astype(float)
    if not len(faces):
        return Summary(measurement.depth, 0, measurement.flat, 0, 0, 0, Interval(0, 0), 0, 0)
    confidence_drop, random_drop = faces[:, 1:3].mean(axis=0).tolist()
    areas = faces[~np.isnan(faces[:, 3]), 3:5]
    deletion, insertion = areas.mean(axis=0).tolist() if len(areas) else (0.0, 0.0)
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


@lru_cache(maxsize=512)
def compare(first: Measurement, second: Measurement) -> Comparison:
    """Compare two methods by a paired t-test of their differences.

    Args:
        first: Measured on N faces.
        second: Measured on the same faces.

    Returns:
        The comparison on the faces that both were measured on and where neither map is flat.
    """
    with requires_extra("evaluation", "Statistics need"):
        from scipy.stats import ttest_1samp

    gains = first.differences - second.differences
    gains = gains[~np.isnan(gains)]
    if len(gains) < 2 or not gains.any():
        return Comparison(len(gains), 0.0, 1.0)
    return Comparison(len(gains), float(gains.mean()), float(ttest_1samp(gains, 0).pvalue))


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
        name: compare(measurements[best], measurements[name]).is_better for name in measurements
    }
    return MostFaithful(
        best,
        summaries[best].interval.low > 0,
        beats.get(CENTRE_BASELINE),
        tuple(name for name in summaries if name != best and not beats[name]),
    )


@dataclass(frozen=True)
class PairTest:
    """One model–method pair, tested against the centre-bias baseline."""

    model_name: str
    method: str
    comparison: Comparison  # with the centre-bias baseline
    corrected_p: float  # Holm-corrected for the number of pairs

    @property
    def beats_centre(self) -> bool:
        """Whether it significantly beats the baseline after Holm's correction."""
        return self.comparison.gain > 0 and self.corrected_p < SIGNIFICANCE


def centre_tests(models: Mapping[str, Mapping[str, Measurement]]) -> list[PairTest]:
    """Test every model–method pair against the centre-bias baseline, with Holm's correction.

    Args:
        models: Model name → method → measurement. Models without the baseline are left out.

    Returns:
        One test per pair, in the order of `models`.
    """
    pairs = [
        (name, method)
        for name, measurements in models.items()
        if CENTRE_BASELINE in measurements
        for method in measurements
        if method != CENTRE_BASELINE
    ]
    comparisons = [
        compare(models[name][method], models[name][CENTRE_BASELINE]) for name, method in pairs
    ]
    corrected = holm([comparison.p_value for comparison in comparisons])
    return [
        PairTest(name, method, comparison, p_value)
        for (name, method), comparison, p_value in zip(pairs, comparisons, corrected, strict=True)
    ]


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
