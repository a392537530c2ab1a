"""The leaderboard's table: all numbers of all variants."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from fer_core.evaluation import baselines, calibration
from fer_core.evaluation.leaderboard import Row
from fer_core.registry import VARIANTS
from fer_core.reports.format import percent, span

#: Columns after the model's title: name, number format, one-line explanation.
COLUMNS = (
    (
        "PrivateTest accuracy, %", "%.1f",
        "Share of the PrivateTest faces given the right one of seven names. They had no say "
        "in any choice.",
    ),
    (
        "PrivateTest interval, %", None,
        "95 % Wilson interval: where the number would fall if other faces of this kind had been "
        "drawn.",
    ),
    (
        "Without twins, %", "%.1f",
        "PrivateTest accuracy without the images whose very same pixels are in Training as well.",
    ),
    (
        "With ten crops, %", "%.1f",
        "PrivateTest accuracy with test-time augmentation: the mean answer to ten views of each "
        "face. Ten times the work, and not what this app does with a photo. Empty where it was not "
        "measured.",
    ),
    (
        "By the crowd, %", "%.1f",
        "Share of the PrivateTest faces with a clear majority of ten people (FER+) that were given "
        "the majority's answer. Other faces and other answers than in the columns before, so "
        "compare it down the column only; no skill is always the majorities' commonest answer. "
        "The page “The crowd's eye” has the intervals. Empty where it was not measured.",
    ),
    (
        "Macro-F1, %", "%.1f",
        "Mean F1 of the seven emotions; F1 is the harmonic mean of precision and recall. Rare "
        "emotions count as much as common ones.",
    ),
    (
        "Balanced accuracy, %", "%.1f",
        "Mean recall of the seven: the share of an emotion's faces that are found. No skill gets "
        f"one seventh, {percent(baselines.BALANCED_ACCURACY, 1)}.",
    ),
    (
        "Log loss", "%.3f",
        "How surprised the probabilities are by the labels, in nats: 0 is perfect, seven equal "
        f"shares get {baselines.EQUAL_SHARES_LOG_LOSS:.2f}. Lower is better.",
    ),
    (
        "Calibration error, %", "%.1f",
        "Expected calibration error: mean gap between how sure an answer is and how often such "
        f"answers are right, in {calibration.BINS} bins. Lower is better, but no skill gets 0 too.",
    ),
    (
        "PublicTest accuracy, %", "%.1f",
        "The same on PublicTest, which chose epochs, thresholds and weights: a little too kind. "
        "Combinations answered each face by a fit that left it out.",
    ),
    ("PublicTest interval, %", None, "95 % Wilson interval of the PublicTest accuracy."),
    (
        "Study, %", "%.2f",
        "The study's own accuracy, on its own validation folder: context, not a race.",
    ),
    ("Parameters, million", "%.2f", "Stored numbers, those of a combination's parts included."),
    ("Size, MB", "%.1f", "Weights on disk in half precision, a combination's parts included."),
    (
        "Time, ms", "%.1f",
        "Milliseconds for one face on this machine, median after warm-up. Empty until measured.",
    ),
    ("Labels", None, "Whose labels the networks learned from."),
)  # fmt: skip


#: Those of one split, which the page lets choose; the other columns name theirs or need none.
OF_SPLIT = ("Macro-F1, %", "Balanced accuracy, %", "Log loss", "Calibration error, %")
TALL = 65  # pixels: from here on titles wrap, so that a phone shows numbers beside them


def named(column: str, split: str) -> str:
    """A column's name with its split."""
    return f"{split} {column[0].lower()}{column[1:]}" if column in OF_SPLIT else column


def table(rows: Sequence[Row], split: str, milliseconds: Mapping[str, float]) -> pd.DataFrame:
    """A line a row, in the order of COLUMNS; macro-F1 to calibration error are those of `split`."""
    return pd.DataFrame(
        [
            (
                row.title,
                100 * row.private.accuracy,
                span(row.private.interval, unit=False),
                None if row.without_twins is None else 100 * row.without_twins,
                None if row.ten_crop is None else 100 * row.ten_crop,
                None if row.by_crowd is None else 100 * row.by_crowd,
                100 * row.scores(split).macro_f1,
                100 * row.scores(split).balanced_accuracy,
                row.scores(split).log_loss,
                100 * row.scores(split).calibration_error,
                100 * row.public.accuracy,
                span(row.public.interval, unit=False),
                None if row.study is None else 100 * row.study,
                None if row.parameters is None else row.parameters / 1e6,
                None if row.weights_bytes is None else row.weights_bytes / 1e6,
                milliseconds.get(row.name),
                row.labels,
            )
            for row in rows
        ],
        columns=["Model", *(named(name, split) for name, *_ in COLUMNS)],
    )


def show(frame: pd.DataFrame, split: str) -> None:
    """The table, sortable; the column of the models stays where it is."""
    config = {
        named(name, split): st.column_config.Column(name, help=what)
        if form is None
        else st.column_config.NumberColumn(name, help=what, format=form)
        for name, form, what in COLUMNS
    }
    config["Model"] = st.column_config.Column(pinned=True, width=155)
    first = frame.iloc[0]
    st.dataframe(
        frame,
        hide_index=True,
        row_height=TALL,
        height="content",
        placeholder="",
        column_config=config,
        alt=f"All numbers of all models and of no skill; most accurate on PrivateTest is "
        f"{first['Model']} with {first[COLUMNS[0][0]]:.1f} %",
    )


def unevaluated(ranked: Sequence[Row]) -> str:
    """Names of the variants that are not in the table, empty where all are."""
    shown = {row.name for row in ranked}
    return ", ".join(v.title for v in VARIANTS.values() if v.name not in shown)
