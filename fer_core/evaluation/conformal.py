"""Prediction sets: all emotions that a face may show, such that nine in ten hold the label.

Split conformal prediction (Vovk et al. 2005; Angelopoulos and Bates 2023): on calibration faces, of
which the model's answers and the labels are known, the score of a face is 1 − p(label). With n such
faces, the ⌈(n + 1) · level⌉-th smallest score is the limit, and a set holds every emotion whose
score is within it. If other faces are exchangeable with these, at least the share `level` of their
sets holds the label, on average over draws of the calibration faces. Per label ("Mondrian") each
emotion has a limit of its own, from its own faces, which is meant to make the share hold for every
emotion. Where these faces are few, as for disgust, the share varies much from draw to draw.

The most probable emotion is always in the set, which can only add to the coverage, so no set is
empty. The calibration faces are PublicTest's, which also chose epochs and ensembles, and to which
the probabilities were calibrated: the guarantee is approximate, and the coverage is measured on
other faces.
"""

from collections.abc import Mapping
from math import ceil
from typing import Final, NamedTuple

import numpy as np

from fer_core.artifacts import summaries
from fer_core.artifacts.predictions import Predictions, memoized
from fer_core.artifacts.store import cached
from fer_core.emotions import EMOTIONS
from fer_core.errors import FerError
from fer_core.evaluation.evaluation_set import EvaluationSet, committed_set
from fer_core.evaluation.uncertainty import Interval, mean_interval, wilson_interval
from fer_core.registry import ModelSpec, get_model_spec

LEVELS: Final = (0.8, 0.9, 0.95)
DEFAULT_LEVEL: Final = 0.9
CALIBRATION_SPLIT: Final = "PublicTest"

#: Per emotion, the lowest probability with which it is in a set.
Limits = tuple[float, ...]


class SetScores(NamedTuple):
    """What the prediction sets of some faces are worth."""

    n: int  # faces
    covered: int  # of them, whose set holds the label
    mean_size: float  # emotions per set
    size_interval: Interval  # of the mean size, 95 %, bootstrap
    singletons: int  # sets of one emotion

    @property
    def coverage(self) -> float:
        """Share of the sets that hold the label."""
        return self.covered / self.n

    @property
    def interval(self) -> Interval:
        """95 % Wilson interval of the coverage."""
        return wilson_interval(self.covered, self.n)


def calibration_predictions(model: ModelSpec, *, by_crowd: bool) -> Predictions | None:
    """A model's committed predictions for PublicTest; None for a model without any.

    Args:
        model: The model; a user's own has none.
        by_crowd: With the clear majorities of FER+'s annotators as labels, on the faces with one.
    """
    if model.is_own:
        return None
    try:
        return committed_set(CALIBRATION_SPLIT, by_crowd=by_crowd).predictions(model.name)
    except FerError:
        return None


def is_by_crowd(model: ModelSpec, evaluation_set: EvaluationSet | None = None) -> bool:
    """Whether a model is calibrated by the crowd's majorities instead of by FER2013's labels.

    For faces of FER2013 it is what measures them. For other faces it is the question that the
    model was taught: the crowd's, where the votes alone taught it.
    """
    if evaluation_set is not None and evaluation_set.is_fer2013:
        return evaluation_set.by_crowd
    return summaries.trained_by_votes(model)


@memoized
def limits(predictions: Predictions, level: float, per_emotion: bool = False) -> Limits:
    """Calibrate prediction sets on these faces.

    Args:
        predictions: The model's predictions for the calibration faces.
        level: The share of the sets that shall hold the label, between 0 and 1.
        per_emotion: Calibrate each emotion on its own faces.

    Returns:
        The lowest probability with which each emotion is in a set. 0, so that it is in every set,
        where too few faces were there to calibrate on.

    Raises:
        ValueError: `level` is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError(f"{level} is not between 0 and 1")
    labels = predictions.labels
    of_label = predictions.probabilities[np.arange(len(labels)), labels]
    if not per_emotion:
        return (_limit(of_label, level),) * len(EMOTIONS)
    return tuple(_limit(of_label[labels == i], level) for i in range(len(EMOTIONS)))


def membership(probabilities: np.ndarray, of: Limits) -> np.ndarray:
    """(N, 7) probabilities → (N, 7) bool: which emotions are in each face's set."""
    sets: np.ndarray = probabilities >= np.array(of)
    sets[np.arange(len(sets)), probabilities.argmax(axis=1)] = True
    return sets


@memoized
def set_scores(predictions: Predictions, of: Limits) -> SetScores:
    """Measure the prediction sets of at least one face."""
    sets = membership(predictions.probabilities, of)
    sizes = np.bincount(sets.sum(axis=1), minlength=len(EMOTIONS) + 1)
    values = np.arange(len(sizes))
    return SetScores(
        len(predictions),
        int(sets[np.arange(len(sets)), predictions.labels].sum()),
        float(values @ sizes / len(sets)),
        mean_interval(values, sizes),
        int(sizes[1]),
    )


@memoized
def set_scores_by_emotion(predictions: Predictions, of: Limits) -> dict[str, SetScores]:
    """`set_scores` of the faces of each label in the data, in the order of EMOTIONS."""
    masks = ((name, predictions.labels == i) for i, name in enumerate(EMOTIONS))
    return {name: set_scores(predictions.select(mask), of) for name, mask in masks if mask.any()}


def no_skill_size(labels: np.ndarray, level: float) -> int:
    """How many emotions a set needs that is the same for every face and holds this share of labels.

    Args:
        labels: (N,) indices into EMOTIONS.
        level: A fraction.
    """
    shares = np.sort(np.bincount(labels, minlength=len(EMOTIONS)))[::-1].cumsum() / len(labels)
    return int((shares < level).sum()) + 1


@cached
def answer_limits(model_name: str, level: float = DEFAULT_LEVEL) -> Limits | None:
    """The limits for faces of photos, calibrated on PublicTest by what the model was taught.

    Args:
        model_name: Name of a registered model.
        level: As of `limits`.

    Returns:
        The limits; None for a model without predictions for PublicTest.
    """
    model = get_model_spec(model_name)
    calibration = calibration_predictions(model, by_crowd=is_by_crowd(model))
    return None if calibration is None else limits(calibration, level)


def prediction_set(
    model_name: str, probabilities: Mapping[str, float], level: float = DEFAULT_LEVEL
) -> list[str] | None:
    """The prediction set of an answer, such as happy and surprise.

    Args:
        model_name: Name of a registered model, which gave the answer.
        probabilities: Per emotion, as in `Answer.probabilities`.
        level: The share of such sets that hold the label.

    Returns:
        The emotions in the set, the most probable first; None for a model without predictions for
        PublicTest, such as a user's own.

    Raises:
        UnknownModelError: No model has this name.
        ValueError: `level` is not between 0 and 1.
    """
    of = answer_limits(model_name, level)
    if of is None:
        return None
    [members] = membership(np.array([[probabilities[name] for name in EMOTIONS]]), of)
    names = [name for name, is_in in zip(EMOTIONS, members, strict=True) if is_in]
    return sorted(names, key=lambda name: -probabilities[name])


def _limit(of_label: np.ndarray, level: float) -> float:
    """The probability of the ⌈(n + 1) · level⌉-th of n labels, most probable first; 0 without."""
    rank = ceil(round((len(of_label) + 1) * level, 9))  # rounded: 0.9 has no exact binary form
    return float(np.sort(of_label)[::-1][rank - 1]) if rank <= len(of_label) else 0.0
