"""The slices of an evaluation set: by label, look, near copy, annotators and a user's groups."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from fer_core.artifacts.predictions import memoized
from fer_core.datasets.fer2013_appearance import MEASURES, load_appearance
from fer_core.datasets.near_copies import has_training_copy
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import slices
from fer_core.evaluation.evaluation_set import EvaluationSet, committed_set
from fer_core.evaluation.ferplus_entropy import load_entropies
from fer_core.evaluation.groups import NO_GROUP
from fer_core.evaluation.near_copies import FACES, Faces
from fer_core.evaluation.slices import Slice, SliceRow
from fer_core.evaluation.split_gap import independent_difference
from fer_core.evaluation.uncertainty import Interval

QUARTERS: Final = ("lowest quarter", "second quarter", "third quarter", "highest quarter")
THIRDS: Final = ("lowest third", "middle third", "highest third")
#: Number → how faces are divided by it; the numbers of `MEASURES`, and others where known.
DIVISIONS: Final = dict.fromkeys((*MEASURES, "face size"), QUARTERS) | {"disagreement": THIRDS}
MAX_GROUPS: Final = 30  # of a user's column; one with more is left out
NO_MEASURES: Final[Mapping[str, np.ndarray]] = {}


class Yardstick(NamedTuple):
    """A way to measure the same model on faces of the same split of FER2013."""

    faces: Faces
    by_crowd: bool

    @property
    def title(self) -> str:
        """Such as 'by FER+ majority, no copy in Training'."""
        label = "by FER+ majority" if self.by_crowd else "by label"
        return label if self.faces == "all" else f"{label}, no copy in Training"

    def of(self, split: str) -> EvaluationSet:
        """The committed set that is measured in this way."""
        return committed_set(split, self.faces, by_crowd=self.by_crowd)


#: By label or by crowd, with or without near copies.
YARDSTICKS: Final = tuple(
    Yardstick(faces, by_crowd) for by_crowd in (False, True) for faces in FACES
)


class Gap(NamedTuple):
    """The difference in accuracy between the highest and the lowest quarter by a number."""

    high: float  # accuracy, like the next
    low: float
    interval: Interval  # 95 % of the difference, Newcombe (1998), method 10

    @property
    def difference(self) -> float:
        """Accuracy in the highest quarter minus that in the lowest."""
        return self.high - self.low

    @property
    def holds_zero(self) -> bool:
        """Whether the interval holds 0."""
        return self.interval.low <= 0 <= self.interval.high


def slice_rows(
    evaluation_set: EvaluationSet,
    model_name: str,
    measures: Mapping[str, np.ndarray] = NO_MEASURES,
    *,
    crossed: bool = False,
    tested: bool = True,
) -> list[SliceRow]:
    """Compare a model's accuracy in every slice of a set with that on the other faces.

    Args:
        evaluation_set: The faces; without a test where models were chosen on them.
        model_name: One of its models.
        measures: As of `set_slices`.
        crossed: Look at the intersections of two slices too.
        tested: Whether to test, where a test is valid.

    Returns:
        The rows, see `slices.find_slices`.

    Raises:
        ResultsError: A committed file is missing or damaged.
    """
    candidates = set_slices(evaluation_set, measures)
    if crossed:
        candidates = [*candidates, *slices.crossed(candidates)]
    correct = evaluation_set.predictions(model_name).correct
    tested = tested and not evaluation_set.chose_models
    return slices.find_slices(correct, candidates, tested=tested)


def set_slices(
    evaluation_set: EvaluationSet, measures: Mapping[str, np.ndarray] = NO_MEASURES
) -> list[Slice]:
    """The slices of a set by one feature each, with those of a user's groups.

    Faces of FER2013 are divided at the quarters and thirds of their whole split, so that a slice is
    the same with and without near copies, and by whatever label.

    Args:
        evaluation_set: The faces.
        measures: Feature, a key of `DIVISIONS` → (N,) its number for each face; of a user's own
            faces. FER2013's are committed.

    Raises:
        ResultsError: A committed file is missing or damaged.
    """
    labels = evaluation_set.labels
    rows = [Slice("label", name, labels == i) for i, name in enumerate(EMOTIONS)]
    if evaluation_set.is_fer2013:
        ids = evaluation_set.any_predictions.ids
        copied = has_training_copy(ids.tolist())
        rows += [Slice("near copy", "in Training", copied), Slice("near copy", "none", ~copied)]
        whole = committed_set(evaluation_set.split)
        known, reference = _committed_numbers(evaluation_set), _committed_numbers(whole)
    else:
        known = reference = dict(measures)
    for feature, values in known.items():
        rows += slices.parts(feature, values, DIVISIONS[feature], reference[feature])
    for column, groups in evaluation_set.groups.items():
        names = [name for name in np.unique(groups).tolist() if name != NO_GROUP]
        if len(names) > MAX_GROUPS:
            continue
        rows += [Slice(column, name, groups == name) for name in names]
    return rows


@memoized
def _committed_numbers(evaluation_set: EvaluationSet) -> dict[str, np.ndarray]:
    """Feature → (N,) float64 for the faces of a split; NaN where it is unknown."""
    ids: Sequence[str] = evaluation_set.any_predictions.ids.tolist()
    looks, entropies = load_appearance(), load_entropies()
    by_measure = np.array([looks[face] for face in ids]).reshape(-1, len(MEASURES)).T
    disagreement = np.array([entropies.get(face, np.nan) for face in ids])
    return dict(zip(MEASURES, by_measure, strict=True)) | {"disagreement": disagreement}


def gap(evaluation_set: EvaluationSet, model_name: str, feature: str) -> Gap:
    """Compare a model's accuracy in the highest and the lowest quarter by a measure.

    Args:
        evaluation_set: Faces of FER2013.
        model_name: One of its models.
        feature: One of `MEASURES`.

    Raises:
        ResultsError: A committed file is missing or damaged.
        ValueError: One of the quarters has no face.
    """
    correct = evaluation_set.predictions(model_name).correct
    masks = {each.name: each.mask for each in set_slices(evaluation_set) if each.feature == feature}
    high, low = correct[masks[QUARTERS[-1]]], correct[masks[QUARTERS[0]]]
    interval = independent_difference(int(high.sum()), len(high), int(low.sum()), len(low))
    return Gap(float(high.mean()), float(low.mean()), interval)
