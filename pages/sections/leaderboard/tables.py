"""The leaderboard's table: all numbers of all variants, a record a column."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from fer_core.evaluation.leaderboard import Row
from fer_core.evaluation.scores import METRICS, Metric
from fer_core.registry import MODELS
from fer_core.reports.format import format_interval

ROW_HEIGHT = 65  # pixels: from here on titles wrap, so that a phone shows numbers beside them


@dataclass(frozen=True)
class Column:
    """One column after the model's title; without `format` it holds text."""

    key: str  # its name in the frame and in the CSV
    help: str
    value: Callable[[Row], float | str | None]
    format: str | None = None
    title: str = ""  # on the page, where that is not the key


def columns(split: str, milliseconds: Mapping[str, float]) -> list[Column]:
    """All of them, in their order; those of the metrics are of `split`, the speed of the models
    that have been measured."""
    return [
        *_private_test(),
        *(_of_metric(name, metric, split) for name, metric in METRICS.items()),
        *_public_test(),
        *_of_variant(milliseconds),
    ]


def _private_test() -> list[Column]:
    return [
        Column(
            "PrivateTest accuracy, %",
            "Share of the PrivateTest faces given the right one of seven names. They had no say "
            "in any choice.",
            lambda row: 100 * row.private.accuracy,
            "%.1f",
        ),
        Column(
            "PrivateTest interval, %",
            "95 % Wilson interval: where the number would fall if other faces of this kind had "
            "been drawn.",
            lambda row: format_interval(row.private.interval, unit=False),
        ),
        Column(
            "Without twins, %",
            "PrivateTest accuracy without the images whose very same pixels are in Training as "
            "well.",
            lambda row: _percent(row.accuracy_deduplicated),
            "%.1f",
        ),
        Column(
            "With ten crops, %",
            "PrivateTest accuracy with test-time augmentation: the mean answer to ten views of "
            "each face. Ten times the work, and not what this app does with a photo. Empty where "
            "it was not measured.",
            lambda row: _percent(row.ten_crop),
            "%.1f",
        ),
        Column(
            "By the crowd, %",
            "Share of the PrivateTest faces with a clear majority of ten people (FER+) that were "
            "given the majority's answer. Other faces and other answers than in the columns "
            "before, so compare it down the column only; no skill is always the majorities' "
            "commonest answer. The page “The crowd's eye” has the intervals. Empty where it was "
            "not measured.",
            lambda row: _percent(row.ferplus_accuracy),
            "%.1f",
        ),
    ]


def _of_metric(name: str, metric: Metric, split: str) -> Column:
    title = f"{metric.title}, %" if metric.fraction else metric.title
    return Column(
        f"{split} {title[0].lower()}{title[1:]}",
        metric.help,
        lambda row: (100 if metric.fraction else 1) * row.scores(split).value(name),
        "%.1f" if metric.fraction else "%.3f",
        title,
    )


def _public_test() -> list[Column]:
    return [
        Column(
            "PublicTest accuracy, %",
            "The same on PublicTest, which chose epochs, thresholds and weights: a little too "
            "kind. Combinations answered each face by a fit that left it out.",
            lambda row: 100 * row.public.accuracy,
            "%.1f",
        ),
        Column(
            "PublicTest interval, %",
            "95 % Wilson interval of the PublicTest accuracy.",
            lambda row: format_interval(row.public.interval, unit=False),
        ),
    ]


def _of_variant(milliseconds: Mapping[str, float]) -> list[Column]:
    return [
        Column(
            "Study, %",
            "The study's own accuracy, on its own validation folder: context, not a race.",
            lambda row: _percent(row.study),
            "%.2f",
        ),
        Column(
            "Parameters, million",
            "Stored numbers, those of a combination's parts included.",
            lambda row: None if row.parameters is None else row.parameters / 1e6,
            "%.2f",
        ),
        Column(
            "Size, MB",
            "Weights on disk in half precision, a combination's parts included.",
            lambda row: None if row.weights_bytes is None else row.weights_bytes / 1e6,
            "%.1f",
        ),
        Column(
            "Time, ms",
            "Milliseconds for one face on this machine, median after warm-up. Empty until "
            "measured.",
            lambda row: milliseconds.get(row.name),
            "%.1f",
        ),
        Column("Labels", "Whose labels the networks learned from.", lambda row: row.labels),
    ]


def table(rows: Sequence[Row], shown: Sequence[Column]) -> pd.DataFrame:
    """A line a row: the model's title, then the columns."""
    names = ["Model", *(column.key for column in shown)]
    lines = [(row.title, *(column.value(row) for column in shown)) for row in rows]
    return pd.DataFrame(lines, columns=names)


def show(frame: pd.DataFrame, shown: Sequence[Column]) -> None:
    """The table, sortable; the column of the models stays where it is."""
    config = {
        column.key: st.column_config.Column(column.title or column.key, help=column.help)
        if column.format is None
        else st.column_config.NumberColumn(
            column.title or column.key, help=column.help, format=column.format
        )
        for column in shown
    }
    config["Model"] = st.column_config.Column(pinned=True, width=155)
    first = frame.iloc[0]
    st.dataframe(
        frame,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height="content",
        placeholder="",
        column_config=config,
        alt=f"All numbers of all models and of no skill; most accurate on PrivateTest is "
        f"{first['Model']} with {first[shown[0].key]:.1f} %",
    )


def unevaluated(ranked: Sequence[Row]) -> str:
    """Names of the variants that are not in the table, empty where all are."""
    shown = {row.name for row in ranked}
    return ", ".join(v.title for v in MODELS.values() if v.name not in shown)


def _percent(fraction: float | None) -> float | None:
    return None if fraction is None else 100 * fraction
