"""Every variant's numbers side by side, computed from the committed predictions."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from fer_core.artifacts import summaries, weights_file
from fer_core.artifacts.predictions import SPLITS, Predictions, split_predictions
from fer_core.artifacts.store import cached
from fer_core.datasets import fer2013_stats
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import baselines, classification, ferplus_agreement, uncertainty
from fer_core.evaluation.scores import METRICS, Metric, Scores, compute_scores
from fer_core.evaluation.uncertainty import Comparison, Interval
from fer_core.registry import MODELS, ModelSpec

BASELINE = "no_skill"


@dataclass(frozen=True)
class Row:
    """A variant's line of the leaderboard, or the one of having no skill."""

    name: str  # the variant's, or NO_SKILL
    title: str
    public: Scores
    private: Scores
    accuracy_deduplicated: float | None  # accuracy on PrivateTest without the images Training has too
    ten_crop: float | None = None  # accuracy on PrivateTest, answers averaged over ten views
    ferplus_accuracy: float | None = None  # PrivateTest: share of the crowd's clear majorities it gave
    parameters: int | None = None
    weights_bytes: int | None = None
    study: float | None = None  # None where the study has no number that compares
    labels: str = ""  # whose labels they learned from

    def scores(self, split: str) -> Scores:
        """The numbers on `PublicTest` or `PrivateTest`."""
        return {"PublicTest": self.public, "PrivateTest": self.private}[split]


def accuracy_excluding(predictions: Predictions, left_out: Collection[str]) -> float:
    """Share of right answers among the images whose id is not in `left_out`."""
    kept = ~np.isin(predictions.ids, list(left_out))
    return float(predictions.correct[kept].mean())


def load_train_duplicates() -> tuple[str, ...] | None:
    """The PrivateTest ids that Training has a copy of; None where that was not recorded."""
    try:
        return fer2013_stats.load_stats().train_duplicates
    except ResultsError:
        return None


def load_ferplus_agreement() -> ferplus_agreement.FerPlusAgreement | None:
    """What ten people's votes say of the answers; None where that was not recorded."""
    try:
        return ferplus_agreement.load_agreement()
    except ResultsError:
        return None


def model_row(variant: ModelSpec, twins: Collection[str] | None) -> Row:
    """The line of an evaluated variant; `twins` are the PrivateTest ids with a copy in Training,
    None where they are not known.

    Raises `ResultsError` where its predictions are missing or damaged.
    """
    study = variant.study_accuracy
    private = split_predictions(variant.name, "PrivateTest")
    seen = load_ferplus_agreement()
    people = seen.for_model(variant, "PrivateTest") if seen else None
    return Row(
        name=variant.name,
        title=variant.title,
        public=split_scores(variant.name, "PublicTest"),
        private=split_scores(variant.name, "PrivateTest"),
        accuracy_deduplicated=_without_twins(private, twins),
        ten_crop=private.ten_crop_accuracy,
        ferplus_accuracy=people.majority_accuracy if people else None,
        parameters=weights_file.parameter_count(variant),
        weights_bytes=weights_file.size_bytes(variant),
        study=study if isinstance(study, float) else None,
        labels="; ".join(summaries.label_sources(variant)),
    )


def baseline_row(name: str, twins: Collection[str] | None) -> Row:
    """The line of having no skill, on the images that variant `name` was evaluated on."""
    public, private = (baselines.class_prior_predictions(split_predictions(name, split)) for split in SPLITS)
    commonest = EMOTIONS[int(private.predicted[0])]
    seen = load_ferplus_agreement()
    return Row(
        name=BASELINE,
        title=f"No skill: always “{commonest}”",
        public=compute_scores(public),
        private=compute_scores(private),
        accuracy_deduplicated=_without_twins(private, twins),
        ferplus_accuracy=seen.labels["PrivateTest"].majority_baseline if seen else None,
    )


def rank_rows(rows: Iterable[Row]) -> list[Row]:
    """Most accurate on PrivateTest first."""
    return sorted(rows, key=lambda each: -each.private.accuracy)


def split_scores(name: str, split: str) -> Scores:
    """A variant's numbers on one split."""
    return _kept_scores(name, split, tuple(METRICS.items()))


@cached
def _kept_scores(name: str, split: str, metrics: tuple[tuple[str, Metric], ...]) -> Scores:
    """As long as the metrics are these."""
    return compute_scores(split_predictions(name, split))


@cached
def split_intervals(name: str, split: str) -> dict[str, Interval]:
    """95 % intervals of a variant's `accuracy` (Wilson), `balanced_accuracy` and `macro_f1` (both
    bootstrap) on one split."""
    counts = classification.split_confusion_matrix(name, split)
    return {
        "accuracy": split_scores(name, split).interval,
        "balanced_accuracy": uncertainty.bootstrap_interval(counts, classification.balanced_accuracy),
        "macro_f1": uncertainty.bootstrap_interval(counts, classification.macro_f1),
    }


@cached
def compare_models(first: str, second: str, split: str) -> Comparison:
    """Two variants on the same images: exact McNemar test and interval of the difference.

    Raises `ResultsError` where they were not evaluated on the same images.
    """
    a, b = split_predictions(first, split), split_predictions(second, split)
    if not np.array_equal(a.ids, b.ids):
        titles = f"{MODELS[first].title} and {MODELS[second].title}"
        raise ResultsError(
            f"{titles} were evaluated on different images; "
            "`python -m training.evaluate all` puts that right."
        )
    return uncertainty.compare(a.correct, b.correct)


def rows_within_chance(rows: Iterable[Row], split: str) -> list[Row]:
    """Those after the first whose difference in accuracy from the first could be chance."""
    best, *others = rows
    return [row for row in others if compare_models(best.name, row.name, split).could_be_chance]


def _without_twins(private: Predictions, twins: Collection[str] | None) -> float | None:
    return None if twins is None else accuracy_excluding(private, twins)
