"""All models' scores on an evaluation set compared, computed from their predictions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from fer_core.artifacts import summaries, weights_file
from fer_core.artifacts.predictions import SPLITS, split_predictions
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import baselines, ferplus_agreement
from fer_core.evaluation.evaluation_set import TEST_SPLIT, EvaluationSet, committed_set
from fer_core.evaluation.ferplus_agreement import FerPlusAgreement
from fer_core.evaluation.near_copies import Share, share_without_copy
from fer_core.evaluation.scores import Scores, compute_intervals, compute_scores
from fer_core.evaluation.uncertainty import Interval
from fer_core.registry import ModelSpec

BASELINE = "no_skill"  # the name of the baseline's row


@dataclass(frozen=True)
class Row:
    """A row of the leaderboard: a model, or the no-skill baseline."""

    name: str  # model name, or BASELINE
    title: str
    scores: Scores  # on the evaluation set
    intervals: Mapping[str, Interval]  # of the scores, 95 %; empty for the baseline
    by_split: Mapping[str, Scores]  # on FER2013's test splits; empty for a user's own model
    # The following are of PrivateTest, whatever the evaluation set:
    without_copy: Share | None = None  # accuracy on faces without a copy in Training
    ten_crop: float | None = None  # accuracy with test-time augmentation
    ferplus_accuracy: float | None = None  # accuracy against the FER+ majority
    ferplus_interval: Interval | None = None
    parameters: int | None = None
    weights_bytes: int | None = None
    study: float | None = None  # the study's accuracy, if it is comparable
    labels: str = ""  # the source of the training labels


def load_ferplus_agreement() -> FerPlusAgreement | None:
    """The committed FER+ agreement; None if the file is unavailable."""
    try:
        return ferplus_agreement.load_agreement()
    except ResultsError:
        return None


def model_row(evaluation_set: EvaluationSet, model: ModelSpec) -> Row:
    """Build the row of a model.

    Raises `ResultsError` if its predictions are missing or damaged. For faces of a user's own, the
    committed ones may be.
    """
    predictions = evaluation_set.predictions(model.name)
    row = Row(
        model.name, model.title, compute_scores(predictions), compute_intervals(predictions), {}
    )
    if model.is_own:
        return row
    try:
        return _with_committed(row, model)
    except ResultsError:
        if evaluation_set.is_fer2013:
            raise
        return row


def _with_committed(row: Row, model: ModelSpec) -> Row:
    """The row with what is known of one of our models; raises `ResultsError` as `model_row`."""
    study = model.study_accuracy
    private = split_predictions(model.name, TEST_SPLIT)
    ferplus = load_ferplus_agreement()
    agreement = ferplus.for_model(model, TEST_SPLIT) if ferplus else None
    return replace(
        row,
        by_split={split: compute_scores(split_predictions(model.name, split)) for split in SPLITS},
        without_copy=share_without_copy(private),
        ten_crop=private.ten_crop_accuracy,
        ferplus_accuracy=agreement.majority_accuracy if agreement else None,
        ferplus_interval=agreement.majority_accuracy_interval if agreement else None,
        parameters=weights_file.parameter_count(model),
        weights_bytes=weights_file.size_bytes(model),
        study=study if isinstance(study, float) else None,
        labels="; ".join(summaries.label_sources(model)),
    )


def baseline_row(evaluation_set: EvaluationSet) -> Row:
    """Build the row of the no-skill baseline.

    Raises `ResultsError` if no model's predictions can be read.
    """
    predictions = baselines.class_prior_predictions(evaluation_set.any_predictions)
    emotion = EMOTIONS[int(predictions.predicted[0])]
    row = Row(BASELINE, f"Baseline: always “{emotion}”", compute_scores(predictions), {}, {})
    if not evaluation_set.is_fer2013:
        return row
    by_split = {
        split: baselines.class_prior_predictions(committed_set(split).any_predictions)
        for split in SPLITS
    }
    ferplus = load_ferplus_agreement()
    return replace(
        row,
        by_split={split: compute_scores(prior) for split, prior in by_split.items()},
        without_copy=share_without_copy(by_split[TEST_SPLIT]),
        ferplus_accuracy=ferplus.labels[TEST_SPLIT].majority_baseline if ferplus else None,
    )


def rank_rows(rows: Iterable[Row]) -> list[Row]:
    """Sort rows by their accuracy on the evaluation set, highest first."""
    return sorted(rows, key=lambda row: -row.scores.accuracy)
