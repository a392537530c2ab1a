"""Sentences about confidence thresholds and prediction sets."""

from collections.abc import Sequence

from fer_core.errors import FerError
from fer_core.evaluation import conformal
from fer_core.evaluation.conformal import CALIBRATION_SPLIT, DEFAULT_LEVEL
from fer_core.evaluation.evaluation_set import TEST_SPLIT, EvaluationSet, committed_set
from fer_core.registry import ModelSpec
from fer_core.reports.format import join_words, percent, percent_with_interval


def set_text(names: Sequence[str], level: float = DEFAULT_LEVEL) -> str:
    """'90 % set: happy or surprise'."""
    return f"{percent(level)} set: {join_words(names, 'or')}"


def set_help(model: ModelSpec) -> str:
    """What the set beside a model's answer means, and what share of them was measured to hold."""
    by_crowd = conformal.is_by_crowd(model)
    who = "most of ten annotators say" if by_crowd else "FER2013's label says"
    level = percent(DEFAULT_LEVEL)
    text = (
        f"The emotions that cannot be ruled out: about {level} of such sets hold what {who}, for "
        "faces like FER2013's. The most probable emotion is always in it. The limit was fitted on "
        f"{CALIBRATION_SPLIT}, which also chose the model, so the {level} is approximate"
    )
    try:
        tested = committed_set(TEST_SPLIT, by_crowd=by_crowd).predictions(model.name)
        limits = conformal.answer_limits(model.name)
    except FerError:
        return f"{text}."
    if limits is None:
        return f"{text}."
    measured = conformal.set_scores(tested, limits)
    share = percent_with_interval(measured.coverage, measured.interval)
    return f"{text}; on {TEST_SPLIT} it was {share}."


def fit_note(evaluation_set: EvaluationSet) -> str:
    """On which faces thresholds and sets were fitted, and what that means for these faces."""
    if evaluation_set.split == CALIBRATION_SPLIT:
        return (
            f"Thresholds and sets were fitted on {CALIBRATION_SPLIT}, from which these faces are, "
            "so accuracy and coverage are what was asked for: "
            f"{TEST_SPLIT} shows what to expect of other faces."
        )
    if not evaluation_set.is_fer2013:
        return (
            f"Thresholds and sets were fitted on FER2013's {CALIBRATION_SPLIT} and measured on "
            "these faces. They hold what they promise for faces like FER2013's only; for yours, "
            "rely on the coverage measured here."
        )
    labels = "the annotators' majorities" if evaluation_set.by_crowd else "FER2013's labels"
    note = (
        f"Thresholds and sets were fitted on {CALIBRATION_SPLIT} with {labels} and measured on "
        f"these faces. {CALIBRATION_SPLIT} also chose epochs and ensembles, so what sets promise "
        "is approximate."
    )
    if evaluation_set.faces == "no_copy":
        note += (
            f" All of {CALIBRATION_SPLIT} was used for it, also the easier faces that have a copy "
            "in Training, so the coverage can be lower here."
        )
    return note


def missing_note(models: Sequence[ModelSpec]) -> str:
    """That these models have no predictions to fit on; at least one."""
    names = join_words([model.title for model in models])
    return (
        f"{names}: no threshold and no sets, because there are no predictions for "
        f"{CALIBRATION_SPLIT} to fit them on."
    )
