"""All models' scores compared, computed from the committed predictions."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from fer_core.artifacts import summaries, weights_file
from fer_core.artifacts.predictions import SPLITS, split_predictions
from fer_core.artifacts.store import cached
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import baselines, classification, ferplus_agreement, uncertainty
from fer_core.evaluation.ferplus_agreement import FerPlusAgreement
from fer_core.evaluation.near_copies import Faces, Share, select_predictions, share_without_copy
from fer_core.evaluation.scores import METRICS, Metric, Scores, compute_scores
from fer_core.evaluation.uncertainty import Comparison, Interval
from fer_core.registry import MODELS, ModelSpec

BASELINE = "no_skill"  # the name of the baseline's row
#: Metrics with a bootstrap interval in `split_intervals`, with their statistic.
BOOTSTRAPPED = {
    "macro_f1": classification.macro_f1,
    "balanced_accuracy": classification.balanced_accuracy,
    "worst_recall": classification.worst_recall,
}
TEST_SPLIT = "PrivateTest"  # the only split on which models are tested against each other


@dataclass(frozen=True)
class Row:
    """A row of the leaderboard: a model, or the no-skill baseline."""

    name: str  # model name, or BASELINE
    title: str
    public: Scores
    private: Scores
    without_copy: Share | None  # PrivateTest accuracy on faces without a copy in Training
    ten_crop: float | None = None  # PrivateTest accuracy with test-time augmentation
    ferplus_accuracy: float | None = None  # PrivateTest accuracy against the FER+ majority
    parameters: int | None = None
    weights_bytes: int | None = None
    study: float | None = None  # the study's accuracy, if it is comparable
    labels: str = ""  # the source of the training labels

    def scores(self, split: str) -> Scores:
        """The scores on `PublicTest` or `PrivateTest`."""
        return {"PublicTest": self.public, "PrivateTest": self.private}[split]


def load_ferplus_agreement() -> FerPlusAgreement | None:
    """The committed FER+ agreement; None if the file is unavailable."""
    try:
        return ferplus_agreement.load_agreement()
    except ResultsError:
        return None


def model_row(model: ModelSpec) -> Row:
    """Build the row of an evaluated model.

    Raises `ResultsError` if the model's predictions are missing or damaged.
    """
    study = model.study_accuracy
    private = split_predictions(model.name, "PrivateTest")
    ferplus = load_ferplus_agreement()
    agreement = ferplus.for_model(model, "PrivateTest") if ferplus else None
    return Row(
        name=model.name,
        title=model.title,
        public=split_scores(model.name, "PublicTest"),
        private=split_scores(model.name, "PrivateTest"),
        without_copy=share_without_copy(private),
        ten_crop=private.ten_crop_accuracy,
        ferplus_accuracy=agreement.majority_accuracy if agreement else None,
        parameters=weights_file.parameter_count(model),
        weights_bytes=weights_file.size_bytes(model),
        study=study if isinstance(study, float) else None,
        labels="; ".join(summaries.label_sources(model)),
    )


def baseline_row(model_name: str) -> Row:
    """Build the row of the no-skill baseline.

    Args:
        model_name: The model whose evaluated images are used.

    Returns:
        The row.

    Raises:
        ResultsError: The model's predictions are missing or damaged.
    """
    public, private = (
        baselines.class_prior_predictions(split_predictions(model_name, split)) for split in SPLITS
    )
    emotion = EMOTIONS[int(private.predicted[0])]
    ferplus = load_ferplus_agreement()
    return Row(
        name=BASELINE,
        title=f"Baseline: always “{emotion}”",
        public=compute_scores(public),
        private=compute_scores(private),
        without_copy=share_without_copy(private),
        ferplus_accuracy=ferplus.labels["PrivateTest"].majority_baseline if ferplus else None,
    )


def rank_rows(rows: Iterable[Row]) -> list[Row]:
    """Sort rows by PrivateTest accuracy, highest first."""
    return sorted(rows, key=lambda row: -row.private.accuracy)


def split_scores(model_name: str, split: str, faces: Faces = "all") -> Scores:
    """A model's scores on one split; raises `ResultsError` if its predictions are unavailable."""
    return _scores(model_name, split, faces, tuple(METRICS.items()))


@cached
def _scores(
    model_name: str, split: str, faces: Faces, metrics: tuple[tuple[str, Metric], ...]
) -> Scores:
    """The scores, recomputed when `METRICS` changes."""
    return compute_scores(select_predictions(model_name, split, faces))


@cached
def split_intervals(model_name: str, split: str, faces: Faces = "all") -> dict[str, Interval]:
    """95 % intervals of a model's `accuracy` and of the metrics in `BOOTSTRAPPED` on one split.

    The interval of the accuracy is Wilson's, the others are bootstrap intervals.
    """
    counts = classification.split_confusion_matrix(model_name, split, faces)
    intervals = {
        name: uncertainty.bootstrap_interval(counts, statistic)
        for name, statistic in BOOTSTRAPPED.items()
    }
    hits, n = int(counts.trace()), int(counts.sum())
    return {"accuracy": uncertainty.wilson_interval(hits, n)} | intervals


@cached
def compare_models(first: str, second: str, split: str, faces: Faces = "all") -> Comparison:
    """Compare two models on the same images.

    Args:
        first: Name of the first model.
        second: Name of the second model.
        split: `PublicTest` or `PrivateTest`.
        faces: Which of its faces.

    Returns:
        McNemar's exact test and the interval of the difference in accuracy. Without the test on
        PublicTest: it chose the epochs, so it favours some models over others.

    Raises:
        ResultsError: Predictions are missing, or the models were evaluated on different images.
    """
    a, b = (select_predictions(name, split, faces) for name in (first, second))
    if not np.array_equal(a.ids, b.ids):
        titles = f"{MODELS[first].title} and {MODELS[second].title}"
        raise ResultsError(
            f"{titles} were evaluated on different images; run `python -m training.evaluate all`."
        )
    comparison = uncertainty.compare(a.correct, b.correct)
    return comparison if split == TEST_SPLIT else comparison.without_test()
