"""Sentences about confidence thresholds and prediction sets."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from fer_core.artifacts.predictions import Predictions
from fer_core.emotions import EMOTIONS
from fer_core.errors import FerError
from fer_core.evaluation import conformal
from fer_core.evaluation.conformal import CALIBRATION_SPLIT, DEFAULT_LEVEL
from fer_core.evaluation.evaluation_set import TEST_SPLIT, EvaluationSet, committed_set
from fer_core.models.precision import Precision
from fer_core.registry import ModelSpec
from fer_core.reports.format import join_words, percent, percent_with_interval

COPIES: Final = (
    f"All of {CALIBRATION_SPLIT} was used for it, also the easier faces that have a copy in "
    "Training, so accuracy and coverage can be lower here than what was asked for."
)


def set_text(names: Sequence[str], level: float = DEFAULT_LEVEL) -> str:
    """'90 % set: happy or surprise'."""
    return f"{percent(level)} set: {join_words(names, 'or')}"


def set_help(model: ModelSpec, precision: Precision = "fp32") -> str:
    """What the set beside a model's answer means, and what share of them was measured to hold.

    Args:
        model: The model.
        precision: Of the answer; sets are fitted and measured in single precision.
    """
    by_crowd = conformal.is_by_crowd(model)
    who = "a clear majority of ten annotators says" if by_crowd else "FER2013's label says"
    level = percent(DEFAULT_LEVEL)
    text = (
        f"The emotions that cannot be ruled out: about {level} of such sets hold what {who}, for "
        "faces like FER2013's. The most probable emotion is always in it. The limit was fitted on "
        f"{CALIBRATION_SPLIT}, which also chose the model, so the {level} is approximate"
        f"{_measured_share(model, by_crowd=by_crowd)}."
    )
    if by_crowd:
        text += " A majority is clear if at least five chose it, and fewer any other answer."
    if precision == "int8":
        text += " Fitted and measured in single precision; this answer is in int8."
    return text


def _measured_share(model: ModelSpec, *, by_crowd: bool) -> str:
    """'; on PrivateTest it was 90.3 % (89.3–91.2)'; empty for a model that was not measured."""
    where = committed_set(TEST_SPLIT, by_crowd=by_crowd)
    try:
        tested = where.predictions(model.name)
        limits = conformal.answer_limits(model.name)
        of_all = len(committed_set(TEST_SPLIT))
    except FerError:
        return ""
    if limits is None:
        return ""
    measured = conformal.set_scores(tested, limits)
    share = (
        f"; on {TEST_SPLIT} it was {percent_with_interval(measured.coverage, measured.interval)}"
    )
    if not by_crowd:
        return share
    return f"{share}, on the {measured.n:,} of {of_all:,} faces with a clear majority"


def labels_text(*, by_crowd: bool) -> str:
    """Whose labels thresholds and sets are fitted with."""
    return "the annotators' majorities" if by_crowd else "FER2013's labels"


def fit_note(evaluation_set: EvaluationSet) -> str:
    """On which faces thresholds and sets were fitted, and what that means for these faces."""
    if not evaluation_set.is_fer2013:
        return (
            f"Thresholds and sets were fitted on FER2013's {CALIBRATION_SPLIT} with "
            f"{_labels_elsewhere(evaluation_set)} and measured on these faces. They hold what they "
            "promise for faces like FER2013's only; for yours, rely on the coverage measured here."
        )
    if evaluation_set.split == CALIBRATION_SPLIT:
        return (
            f"{_note_of_fitted(evaluation_set)} {TEST_SPLIT} shows what to expect of other faces."
        )
    note = (
        f"Thresholds and sets were fitted on {CALIBRATION_SPLIT} with "
        f"{labels_text(by_crowd=evaluation_set.by_crowd)} and measured on these faces. "
        f"{CALIBRATION_SPLIT} also chose epochs, calibration and ensembles, so what sets promise "
        "is approximate."
    )
    return f"{note} {COPIES}" if evaluation_set.faces == "no_copy" else note


def _note_of_fitted(evaluation_set: EvaluationSet) -> str:
    """The same where these faces are among those that thresholds and sets were fitted on."""
    fitted = (
        f"Thresholds and sets were fitted on {CALIBRATION_SPLIT}, from which these faces are, with "
        f"{labels_text(by_crowd=evaluation_set.by_crowd)}"
    )
    if evaluation_set.faces == "no_copy":
        return f"{fitted}. {COPIES}"
    return f"{fitted}, so accuracy and coverage are at least what was asked for."


def _labels_elsewhere(evaluation_set: EvaluationSet) -> str:
    """'FER2013's labels, those of FER+ CNN with the annotators' majorities', for other faces."""
    taught_by_crowd = [
        model.title
        for model in evaluation_set.models.values()
        if conformal.is_by_crowd(model, evaluation_set)
    ]
    text = labels_text(by_crowd=False)
    if not taught_by_crowd:
        return text
    return f"{text}, those of {join_words(taught_by_crowd)} with {labels_text(by_crowd=True)},"


def calibration_note(calibration: Predictions, *, per_emotion: bool) -> str:
    """On how many faces the limits of sets rest, and what the promise is an average of."""
    if per_emotion:
        counts = np.bincount(calibration.labels, minlength=len(EMOTIONS)).tolist()
        numbers = [f"{n:,} {name}" for name, n in zip(EMOTIONS, counts, strict=True)]
        text = f"Each limit rests on its emotion's faces alone: {join_words(numbers)}."
    else:
        text = f"The limit rests on {len(calibration):,} faces."
    return (
        f"{text} What sets promise is an average over draws of such faces; the intervals cover "
        "only the draw of the faces measured here."
    )


def missing_note(models: Sequence[ModelSpec]) -> str:
    """That these models have no predictions to fit on; at least one."""
    names = join_words([model.title for model in models])
    return (
        f"{names}: no threshold and no sets, because there are no predictions for "
        f"{CALIBRATION_SPLIT} to fit them on."
    )
