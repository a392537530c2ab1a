"""The columns of the leaderboard's table, one record each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from fer_core.artifacts.speed import Speed
from fer_core.evaluation import leaderboard
from fer_core.evaluation.evaluation_set import TEST_SPLIT, EvaluationSet
from fer_core.evaluation.leaderboard import Row
from fer_core.evaluation.scores import BOOTSTRAPPED, METRICS, Metric
from fer_core.evaluation.ties import Standing
from fer_core.evaluation.uncertainty import wilson_interval
from fer_core.reports import calibration_text, private_test
from fer_core.reports.format import format_interval
from pages.components import page_links


@dataclass(frozen=True)
class Column:
    """One column after the model's title; without a `format` it holds text."""

    key: str  # its header in the frame and in the CSV
    help: str
    value: Callable[[Row], float | str | None]
    format: str | None = None
    title: str = ""  # its header on the page, where that is not the key
    is_visible: bool = True  # on the page; the CSV has every column


def columns(
    evaluation_set: EvaluationSet, standings: Sequence[Standing], measured: Speed | None
) -> list[Column]:
    """All columns in order; those of the chosen faces come first.

    Args:
        evaluation_set: The faces.
        standings: The models' places on them.
        measured: The models' speed, if known.
    """
    title = evaluation_set.title
    on_private_test = evaluation_set.is_all_of(TEST_SPLIT)
    return [
        Column(
            f"{title} accuracy, %",
            f"Share of the faces of {title} whose answer matches the label."
            + (f" PrivateTest: {private_test.ROLE}." if on_private_test else ""),
            lambda row: 100 * row.scores.accuracy,
            "%.1f",
            title="Accuracy, %",
        ),
        Column(
            f"{title} interval, %",
            "95 % Wilson interval of the accuracy: how much it could differ on another sample of "
            "such faces.",
            lambda row: format_interval(row.scores.interval, unit=False),
            title="Interval, %",
        ),
        *([] if evaluation_set.chose_models else [_best_column(standings)]),
        *(_private_test_columns() if on_private_test else []),
        *(
            column
            for name, metric in METRICS.items()
            for column in _metric_columns(name, metric, evaluation_set)
        ),
        *_other_splits(evaluation_set),
        *_model_columns(measured),
    ]


def _private_test_columns() -> list[Column]:
    return [
        Column(
            "No copy in Training, %",
            "PrivateTest accuracy on the faces that are not the same photograph as a Training "
            "image in another crop, size or brightness. It shows how a model does on photographs "
            f"it has not seen; see the page “{page_links.PAGES['data'].title}”.",
            lambda row: _percent(row.without_copy and row.without_copy.value),
            "%.1f",
        ),
        Column(
            "No copy interval, %",
            "95 % Wilson interval of the accuracy on the faces without a copy in Training.",
            lambda row: (
                format_interval(row.without_copy.interval, unit=False) if row.without_copy else None
            ),
        ),
        Column(
            "With ten crops, %",
            "PrivateTest accuracy with test-time augmentation: the mean answer to ten crops of "
            "each face. It takes ten times as long, and this app does not use it for photos. Empty "
            "where it was not measured.",
            lambda row: _percent(row.ten_crop),
            "%.1f",
        ),
        Column(
            "Ten crops interval, %",
            "95 % Wilson interval of the accuracy with ten crops.",
            lambda row: _wilson(row.ten_crop, row.by_split[TEST_SPLIT].n),
        ),
        Column(
            "FER+ agreement, %",
            "Share of PrivateTest faces whose answer matches the clear majority of ten annotators "
            "(FER+), among the faces that have one. Faces and labels differ from those of the "
            "columns before, so compare within this column only. The no-skill baseline always "
            "gives the majorities' most common answer. More on the page "
            f"“{page_links.PAGES['label_agreement'].title}”. Empty where it was not measured.",
            lambda row: _percent(row.ferplus_accuracy),
            "%.1f",
        ),
        Column(
            "FER+ interval, %",
            "95 % Wilson interval of the FER+ agreement.",
            lambda row: (
                format_interval(row.ferplus_interval, unit=False) if row.ferplus_interval else None
            ),
        ),
    ]


def _best_column(standings: Sequence[Standing]) -> Column:
    probability = {row.name: 100 * row.best_probability for row in standings}
    return Column(
        "First when redrawn, %",
        "How often the model is the most accurate when the faces are drawn again, the same faces "
        "for all models (bootstrap, fixed seed). Models that tie share a first place.",
        lambda row: probability.get(row.name),
        "%.0f",
    )


def _interval(row: Row, name: str) -> str | None:
    low, high = row.intervals.get(name, (0, 0))
    return format_interval((low, high), unit=False) if low < high else None


def _metric_columns(name: str, metric: Metric, evaluation_set: EvaluationSet) -> list[Column]:
    """The metric's column and its interval; with `by_chance`, a column of text that cannot rank."""
    title = f"{metric.title}, %" if metric.fraction else metric.title
    key = f"{evaluation_set.title} {title[0].lower()}{title[1:]}"
    number = Column(
        key,
        metric.help,
        lambda row: (100 if metric.fraction else 1) * row.scores.value(name),
        "%.1f" if metric.fraction else "%.3f",
        title,
        is_visible=metric.by_chance is None,
    )
    metric_columns = [number]
    if name in BOOTSTRAPPED:
        metric_columns.append(
            Column(
                f"{key.removesuffix(', %')} interval, %",
                "95 % bootstrap interval over the faces; empty where every redraw gives the same.",
                lambda row: _interval(row, name),
                title=f"{metric.title} interval, %",
            )
        )
    if (by_chance := metric.by_chance) is None:
        return metric_columns

    def verdict(row: Row) -> str | None:
        if row.name == leaderboard.BASELINE:
            return None
        chance = by_chance(evaluation_set.predictions(row.name))
        return calibration_text.verdict(row.scores.value(name), chance)

    return [*metric_columns, Column(f"{key}, by chance", metric.help, verdict, title=title)]


SPLIT_HELP = {
    "PrivateTest": f"Accuracy on FER2013's PrivateTest: {private_test.ROLE}.",
    "PublicTest": "Accuracy on FER2013's PublicTest. It was used to choose epochs, thresholds and "
    "weights, so this is slightly optimistic. Ensembles are scored out of fold here: each face is "
    "answered by a fit that left it out.",
}


def _other_splits(evaluation_set: EvaluationSet) -> list[Column]:
    """The accuracy on FER2013's splits by its labels, for context, where these are other faces."""
    columns = []
    for split, text in SPLIT_HELP.items():
        if not evaluation_set.is_all_of(split):
            columns += [
                Column(
                    f"{split} accuracy, %",
                    text,
                    partial(_split_accuracy, split),
                    "%.1f",
                ),
                Column(
                    f"{split} interval, %",
                    f"95 % Wilson interval of the {split} accuracy.",
                    partial(_split_interval, split),
                ),
            ]
    return columns


def _split_accuracy(split: str, row: Row) -> float | None:
    return 100 * row.by_split[split].accuracy if split in row.by_split else None


def _split_interval(split: str, row: Row) -> str | None:
    if split not in row.by_split:
        return None
    return format_interval(row.by_split[split].interval, unit=False)


def _model_columns(measured: Speed | None) -> list[Column]:
    times = measured.face_ms if measured else {}
    return [
        Column(
            "Study, %",
            "The study's own accuracy on its own validation folder: shown for context, not "
            "directly comparable.",
            lambda row: _percent(row.study),
            "%.2f",
        ),
        Column(
            "Parameters, million",
            "Number of parameters; for an ensemble including its members'.",
            lambda row: None if row.parameters is None else row.parameters / 1e6,
            "%.2f",
        ),
        Column(
            "Size, MB",
            "Size of the weights on disk in half precision; for an ensemble including its "
            "members'.",
            lambda row: None if row.weights_bytes is None else row.weights_bytes / 1e6,
            "%.1f",
        ),
        Column(
            "Time, ms",
            "Milliseconds per face, without face detection: median after warm-up, see “How fast is "
            "it?” above for the machine.",
            lambda row: times.get(row.name),
            "%.1f",
        ),
        Column("Labels", "The labels that the networks were trained on.", lambda row: row.labels),
    ]


def _wilson(fraction: float | None, n: int) -> str | None:
    """The Wilson interval of a share of `n` faces; None without one."""
    if fraction is None:
        return None
    return format_interval(wilson_interval(round(fraction * n), n), unit=False)


def _percent(fraction: float | None) -> float | None:
    return None if fraction is None else 100 * fraction
