"""The leaderboard's table: all results of all models, one record per column."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from fer_core.artifacts import summaries
from fer_core.artifacts.speed import Speed
from fer_core.evaluation import leaderboard
from fer_core.evaluation.leaderboard import Row
from fer_core.evaluation.scores import METRICS, Metric
from fer_core.evaluation.ties import Standing
from fer_core.evaluation.uncertainty import wilson_interval
from fer_core.registry import MODELS
from fer_core.reports import calibration_text, private_test
from fer_core.reports.format import format_interval
from pages.components import column_notes, page_links, print_out

ROW_HEIGHT = 65  # pixels: tall enough for titles to wrap, so that a phone has room for numbers


@dataclass(frozen=True)
class Column:
    """One column after the model's title; without a `format` it holds text."""

    key: str  # its header in the frame and in the CSV
    help: str
    value: Callable[[Row], float | str | None]
    format: str | None = None
    title: str = ""  # its header on the page, where that is not the key
    is_visible: bool = True  # on the page; the CSV has every column


def columns(split: str, standings: Sequence[Standing], measured: Speed | None) -> list[Column]:
    """All columns in order.

    Args:
        split: `PublicTest` or `PrivateTest`, the split of the metrics' columns.
        standings: The models' places on PrivateTest.
        measured: The models' speed, if known.
    """
    return [
        *_private_test_columns()[:2],
        _best_column(standings),
        *_private_test_columns()[2:],
        *(c for name, metric in METRICS.items() for c in _metric_columns(name, metric, split)),
        *_public_test_columns(),
        *_model_columns(measured),
    ]


def _private_test_columns() -> list[Column]:
    return [
        Column(
            "PrivateTest accuracy, %",
            "Share of the PrivateTest faces whose answer matches the label. PrivateTest: "
            f"{private_test.ROLE}.",
            lambda row: 100 * row.private.accuracy,
            "%.1f",
        ),
        Column(
            "PrivateTest interval, %",
            "95 % Wilson interval of the PrivateTest accuracy: how much it could differ on another "
            "sample of such faces.",
            lambda row: format_interval(row.private.interval, unit=False),
        ),
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
            lambda row: _wilson(row.ten_crop, row.private.n),
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
            _ferplus_interval,
        ),
    ]


def _best_column(standings: Sequence[Standing]) -> Column:
    probability = {row.name: 100 * row.best_probability for row in standings}
    return Column(
        "First when redrawn, %",
        "How often the model is the most accurate when PrivateTest's faces are drawn again, the "
        "same faces for all models (bootstrap, fixed seed). Models that tie share a first place.",
        lambda row: probability.get(row.name),
        "%.0f",
    )


def _interval(row: Row, name: str, split: str) -> str | None:
    if row.name == leaderboard.BASELINE:
        return None
    interval = leaderboard.split_intervals(row.name, split)[name]
    return format_interval(interval, unit=False)


def _metric_columns(name: str, metric: Metric, split: str) -> list[Column]:
    """The metric's column and its interval; with `by_chance`, a column of text that cannot rank."""
    title = f"{metric.title}, %" if metric.fraction else metric.title
    key = f"{split} {title[0].lower()}{title[1:]}"
    number = Column(
        key,
        metric.help,
        lambda row: (100 if metric.fraction else 1) * row.scores(split).value(name),
        "%.1f" if metric.fraction else "%.3f",
        title,
        is_visible=metric.by_chance is None,
    )
    metric_columns = [number]
    if name in leaderboard.BOOTSTRAPPED:
        metric_columns.append(
            Column(
                f"{key.removesuffix(', %')} interval, %",
                "95 % bootstrap interval over the faces.",
                lambda row: _interval(row, name, split),
                title=f"{metric.title} interval, %",
            )
        )
    if (by_chance := metric.by_chance) is None:
        return metric_columns

    def verdict(row: Row) -> str | None:
        if row.name not in MODELS:  # the baseline
            return None
        value = row.scores(split).value(name)
        return calibration_text.verdict(value, by_chance(row.name, split))

    return [*metric_columns, Column(f"{key}, by chance", metric.help, verdict, title=title)]


def _public_test_columns() -> list[Column]:
    return [
        Column(
            "PublicTest accuracy, %",
            "Accuracy on PublicTest. It was used to choose epochs, thresholds and weights, so this "
            "is slightly optimistic. Ensembles are scored out of fold here: each face is answered "
            "by a fit that left it out.",
            lambda row: 100 * row.public.accuracy,
            "%.1f",
        ),
        Column(
            "PublicTest interval, %",
            "95 % Wilson interval of the PublicTest accuracy.",
            lambda row: format_interval(row.public.interval, unit=False),
        ),
    ]


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


def table(rows: Sequence[Row], columns: Sequence[Column]) -> pd.DataFrame:
    """One line per row: the model's title, then the columns."""
    headers = ["Model", *(column.key for column in columns)]
    lines = [(row.title, *(column.value(row) for column in columns)) for row in rows]
    return pd.DataFrame(lines, columns=headers)


def show(frame: pd.DataFrame, columns: Sequence[Column]) -> None:
    """Show the sortable table; its column of models does not scroll."""
    config: dict[str, Any] = {
        column.key: st.column_config.Column(column.title or column.key, help=column.help)
        if column.format is None
        else st.column_config.NumberColumn(
            column.title or column.key, help=column.help, format=column.format
        )
        for column in columns
        if column.is_visible
    }
    config |= {column.key: None for column in columns if not column.is_visible}
    config["Model"] = st.column_config.Column(pinned=True, width=155)
    best = frame.iloc[0]
    st.dataframe(
        frame,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height="content",
        placeholder="",
        column_config=config,
        alt="All results of all models and of the no-skill baseline; most accurate on PrivateTest "
        f"is {best['Model']} with {best[columns[0].key]:.1f} %",
    )
    column_notes.show(frame, config)
    print_out.show_table(frame, config)


def unevaluated(ranked: Sequence[Row]) -> str:
    """Titles of the models that are not in the table, with the reason; empty where all are."""
    names = {row.name for row in ranked}
    return ", ".join(
        f"{model.title} ({summaries.missing_results(model)})"
        for model in MODELS.values()
        if model.name not in names
    )


def _ferplus_interval(row: Row) -> str | None:
    """The committed interval of the FER+ agreement; None without one."""
    if row.ferplus_accuracy is None or row.name == leaderboard.BASELINE:
        return None
    ferplus = leaderboard.load_ferplus_agreement()
    agreement = ferplus and ferplus.for_model(MODELS[row.name], "PrivateTest")
    if not agreement:
        return None
    return format_interval(agreement.majority_accuracy_interval, unit=False)


def _wilson(fraction: float | None, n: int) -> str | None:
    """The Wilson interval of a share of `n` faces; None without one."""
    if fraction is None:
        return None
    return format_interval(wilson_interval(round(fraction * n), n), unit=False)


def _percent(fraction: float | None) -> float | None:
    return None if fraction is None else 100 * fraction
