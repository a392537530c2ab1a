"""What each model's confidence is worth on an evaluation set, as a row of a table."""

from typing import NamedTuple

from fer_core.evaluation import conformal, selective
from fer_core.evaluation.conformal import DEFAULT_LEVEL, SetScores
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.selective import WANTED_ACCURACY, Area, Selected


class Row(NamedTuple):
    """One model; what PublicTest calibrates is None for a model without predictions for it."""

    name: str
    area: Area  # under the risk–coverage curve
    threshold: float | None  # confidence that reaches WANTED_ACCURACY on PublicTest, if any does
    selected: Selected | None  # the answers from that threshold on
    sets: SetScores | None  # of the level DEFAULT_LEVEL
    sets_per_emotion: SetScores | None  # the same, calibrated per emotion


def summarize(evaluation_set: EvaluationSet, model_name: str) -> Row:
    """Measure a model on an evaluation set.

    Raises:
        ResultsError: Its predictions are missing or damaged.
    """
    predictions = evaluation_set.predictions(model_name)
    model = evaluation_set.models[model_name]
    area = selective.area(predictions)
    by_crowd = conformal.is_by_crowd(model, evaluation_set)
    calibration = conformal.calibration_predictions(model, by_crowd=by_crowd)
    if calibration is None:
        return Row(model_name, area, None, None, None, None)
    threshold = selective.threshold_for(calibration, WANTED_ACCURACY)
    selected = None if threshold is None else selective.select(predictions, threshold)
    sets, per_emotion = (
        conformal.set_scores(predictions, conformal.limits(calibration, DEFAULT_LEVEL, each))
        for each in (False, True)
    )
    return Row(model_name, area, threshold, selected, sets, per_emotion)
