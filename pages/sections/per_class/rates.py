"""Recall and precision of the seven emotions as charts, and every rate as a table."""

from collections.abc import Mapping, Sequence
from functools import partial
from math import isnan
from typing import Any

import pandas as pd
import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.evaluation.areas import AreaIntervals, emotion_area_intervals
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.per_class import Row
from fer_core.evaluation.uncertainty import Interval
from fer_core.registry import ModelSpec
from fer_core.reports.format import format_interval, number_word, percent
from fer_core.reports.recall_text import recall_with_interval
from pages.charts import emotion_bars, theme
from pages.components import column_notes, downloads, figure, print_out

HELP = {
    "Faces": "Number of faces with this label (support).",
    "Answers": "Number of faces given this answer, right or wrong.",
    "Recall": "Of the faces with this label, the share given this answer.",
    "Precision": "Of the faces given this answer, the share with this label.",
    "F1": "Harmonic mean of precision and recall: high only when both are.",
    "Specificity": "Of the faces with another label, the share not given this answer.",
    "ROC area": "How often a random face with this label scores higher than a random face without "
    "it (ROC AUC). No-skill baseline: 0.5.",
    "Average precision": "Precision averaged over recall, from 0 to 100 %. The last column is its "
    "no-skill baseline.",
    "No-skill baseline": "Recall, precision and F1 of random answers, each emotion given as often "
    "as it occurs. Their specificity is 100 % minus this.",
}

FORMAT = {"Faces": "%d", "Answers": "%d", "ROC area": "%.3f", "Average precision": "%.3f"}


def verdict(rows: Sequence[Row], intervals: Mapping[str, Interval]) -> str:
    """The emotions with the highest and the lowest recall, an answer given too often if there is
    one, and the means over all seven, whose `intervals` are those of `leaderboard`."""
    text = _extremes(rows)
    overused = max(rows, key=lambda row: row.answers / row.faces)
    if overused.answers > 1.5 * overused.faces:
        text += (
            f" It answers {overused.emotion} {overused.answers / overused.faces:.1f} times as "
            "often as that label occurs, which raises recall and lowers precision."
        )
    mean_recall, mean_f1 = (
        sum(getattr(row, rate) for row in rows) / len(rows) for rate in ("recall", "f1")
    )
    return (
        f"{text} The mean recall over {_emotions(len(rows))} is **{percent(mean_recall, 1)}** "
        f"(balanced accuracy; 95 % interval {format_interval(intervals['balanced_accuracy'])}, "
        f"no-skill baseline {percent(1 / len(rows), 1)}), the mean F1 "
        f"**{percent(mean_f1, 1)}** (macro-F1; {format_interval(intervals['macro_f1'])})."
    )


def _extremes(rows: Sequence[Row]) -> str:
    """The emotions with the highest and the lowest recall."""
    best = max(rows, key=lambda row: row.recall)
    worst = min(rows, key=lambda row: row.recall)
    found = f"({recall_with_interval(best)} of those faces, in brackets the 95 % interval)"
    if len(rows) == 1:
        return (
            f"All faces are labelled **{best.emotion}**. The model finds "
            f"{recall_with_interval(best)} of them, in brackets the 95 % interval."
        )
    if best.recall == worst.recall:
        return f"The model finds every emotion equally often {found}."
    return (
        f"The model finds **{best.emotion}** best {found} and **{worst.emotion}** worst: "
        f"{recall_with_interval(worst)}."
    )


def _emotions(count: int) -> str:
    if count == 1:
        return "the only emotion"
    return f"the {number_word(count)} emotions" + ("" if count == len(EMOTIONS) else " present")


def _other_emotions(count: int) -> str:
    return f", and 0 % for the other {number_word(count)}" if count > 1 else ""


def answer_note(model: ModelSpec) -> str:
    """How seven yes/no scores become one answer; empty for other models."""
    if not model.yes_no:
        return ""
    return "Of the seven yes/no models, the one with the highest “yes” score gives the answer."


def recall_and_precision(
    rows: Sequence[Row], model: ModelSpec, evaluation_set: EvaluationSet
) -> None:
    """Recall and precision as two charts, side by side."""
    for column, rate, heading in zip(
        st.columns(2, gap="large"),
        ("recall", "precision"),
        (
            "Recall: how many of an emotion's faces are found?",
            "Precision: how often is the answer right?",
        ),
        strict=True,
    ):
        with column:
            st.header(heading, anchor=False)
            figure.show(
                partial(emotion_bars.rate_bars, rows, rate),
                rate,
                theme.alt_text(
                    rate.capitalize(), {row.emotion: getattr(row, rate) for row in rows}
                ),
                title=f"{rate.capitalize()} of each emotion, {model.title}",
                source=f"{evaluation_set.title}, {sum(row.faces for row in rows):,} faces. "
                "Thin line: 95 % Wilson interval. Tick: no-skill baseline, each emotion answered "
                "as often as it occurs.",
                rows=partial(csv_rows, rows, model, evaluation_set),
            )
    common = max(rows, key=lambda row: row.baseline)
    st.caption(
        "Thin line: 95 % Wilson interval. Vertical tick: no-skill baseline, here random answers, "
        "each emotion given as often as it occurs. The other no-skill baseline, always answering "
        f"{common.emotion}, has a recall of 100 % for {common.emotion} at a precision of "
        f"{percent(common.baseline)}{_other_emotions(len(rows) - 1)}."
    )


def table(rows: Sequence[Row], model: ModelSpec, evaluation_set: EvaluationSet) -> None:
    """All rates, each explained in its column header, and as CSV."""
    areas = _area_intervals(rows, model, evaluation_set)
    frame = pd.DataFrame(
        {
            "Emotion": row.emotion,
            "Faces": row.faces,
            "Answers": row.answers,
            "Recall": 100 * row.recall,
            "Recall, 95 %": _interval(row.recall_interval),
            "Precision": 100 * row.precision,
            "Precision, 95 %": _interval(row.precision_interval),
            "F1": 100 * row.f1,
            "F1, 95 %": _interval(row.f1_interval),
            "Specificity": 100 * row.specificity if row.specificity_interval else None,
            "Specificity, 95 %": _interval(row.specificity_interval),
            "ROC area": None if isnan(row.roc_area) else row.roc_area,
            "ROC area, 95 %": _area(areas[row.emotion].roc),
            "Average precision": row.average_precision,
            "Average precision, 95 %": _area(areas[row.emotion].average_precision),
            "No-skill baseline": 100 * row.baseline,
        }
        for row in rows
    )
    columns = {
        name: st.column_config.NumberColumn(help=HELP[name], format=FORMAT.get(name, "%.1f %%"))
        for name in HELP
    }
    columns["Emotion"] = st.column_config.TextColumn(pinned=True)
    st.dataframe(
        frame,
        hide_index=True,
        placeholder="–",
        column_config=columns,
        alt="Rates of every emotion. F1: "
        + ", ".join(f"{row.emotion} {percent(row.f1)}" for row in rows),
    )
    column_notes.show(frame, columns)
    print_out.show_table(frame.astype(object).where(frame.notna(), "–"), columns)
    st.caption(
        "F1 is the harmonic mean of precision and recall. Specificity is the share of the other "
        "faces that did not get this answer; it is high for any answer given rarely. The two areas "
        "are explained with the curves below. Intervals of recall, precision and "
        "specificity are Wilson intervals, those of F1 and of the areas bootstrap intervals. A "
        "dash: an answer never given has no "
        "precision, without faces of another emotion there is no specificity and no ROC area, and "
        "the bootstrap cannot estimate an interval where every redraw gives the same value."
    )
    downloads.csv_button(
        "Download table as CSV",
        lambda: csv_rows(rows, model, evaluation_set),
        f"per-class-{model.name}-{evaluation_set.file_title}",
        "rates-csv",
    )


def csv_rows(
    rows: Sequence[Row], model: ModelSpec, evaluation_set: EvaluationSet
) -> list[dict[str, Any]]:
    """One row per emotion; rates are fractions."""
    lines, areas = [], _area_intervals(rows, model, evaluation_set)
    for row in rows:
        line: dict[str, object] = {"model": model.name, "test_set": evaluation_set.title}
        for name, value in row._asdict().items():
            if name.endswith("_interval"):
                line |= {f"{name.removesuffix('_interval')}_low": value and value.low}
                line |= {f"{name.removesuffix('_interval')}_high": value and value.high}
            else:
                line[name] = value
        for name, interval in zip(
            ("roc_area", "average_precision"), areas[row.emotion], strict=True
        ):
            line |= {f"{name}_low": interval.low, f"{name}_high": interval.high}
        lines.append(line)
    return lines


def _area_intervals(
    rows: Sequence[Row], model: ModelSpec, evaluation_set: EvaluationSet
) -> dict[str, AreaIntervals]:
    predictions = evaluation_set.predictions(model.name)
    return {row.emotion: emotion_area_intervals(predictions, row.emotion) for row in rows}


def _area(interval: Interval) -> str:
    exact = interval.low == interval.high  # every redraw gives the same, as with few faces
    return "–" if isnan(interval.low) or exact else f"{interval.low:.3f} to {interval.high:.3f}"


def _interval(interval: Interval | None) -> str:
    return "–" if interval is None else format_interval(interval, unit=False)
