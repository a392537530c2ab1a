"""Recall and precision of the seven emotions at a glance, and every rate as a table."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from fer_core.evaluation import baselines
from fer_core.evaluation.per_class import Row
from fer_core.evaluation.uncertainty import Interval
from fer_core.registry import ModelSpec
from fer_core.reports.export import to_csv
from fer_core.reports.format import percent, format_interval
from pages.charts import emotion_bars, theme
from pages.components import downloads

HELP = {
    "Faces": "How many faces carry this label (support).",
    "Answers": "How many faces were given this answer, rightly or not.",
    "Recall": "Of the faces with this label, the share given this answer.",
    "Precision": "Of the faces given this answer, the share with this label.",
    "F1": "Harmonic mean of precision and recall: high only when both are.",
    "Specificity": "Of the faces with another label, the share not given this answer.",
    "ROC area": "One face with this label and one without: how often the first one scores higher. "
    "No skill gets 0.5.",
    "Average precision": "Precision averaged along the recall axis. No skill gets the last column.",
    "No skill": "Recall, precision and F1 of answers given without looking, each emotion as often "
    "as it occurs. Their specificity is 100 % minus this.",
}

FORMAT = {"Faces": "%d", "Answers": "%d", "ROC area": "%.3f", "Average precision": "%.3f"}


def verdict(found: Sequence[Row]) -> str:
    """Best and worst found emotion, and the name it gives too freely, if there is one."""
    best = max(found, key=lambda row: row.recall)
    worst = min(found, key=lambda row: row.recall)
    said = (
        f"It finds **{best.emotion}** best, {percent(best.recall)} of those faces, and "
        f"**{worst.emotion}** worst, {percent(worst.recall)}."
    )
    loose = max(found, key=lambda row: row.answers / row.faces)
    if loose.answers > 1.5 * loose.faces:
        said += (
            f" It says {loose.emotion} {loose.answers / loose.faces:.1f} times as often as that "
            "label occurs, which lifts the recall and costs precision."
        )
    mean_recall, mean_f1 = (
        sum(getattr(row, rate) for row in found) / len(found) for rate in ("recall", "f1")
    )
    return (
        f"{said} The mean recall of the seven is **{percent(mean_recall, 1)}** (balanced accuracy; "
        f"no skill gets {percent(baselines.BALANCED_ACCURACY, 1)}), "
        f"their mean F1 **{percent(mean_f1, 1)}** (macro-F1)."
    )


def answer_note(variant: ModelSpec) -> str:
    """How seven yes/no answers become one, where a variant gives those."""
    if not variant.yes_no:
        return ""
    return "Of the seven yes/no models the one with the strongest yes gives the answer."


def recall_and_precision(found: Sequence[Row]) -> None:
    """The two rates everybody asks for, side by side."""
    for column, rate, question in zip(
        st.columns(2, gap="large"),
        ("recall", "precision"),
        (
            "Recall: how many of its faces are found?",
            "Precision: how often is the answer right?",
        ),
        strict=True,
    ):
        with column:
            st.header(question, anchor=False)
            st.plotly_chart(
                emotion_bars.rate_bars(found, rate),
                key=rate,
                config=theme.STATIC,
                alt=theme.alt_text(
                    rate.capitalize(), {row.emotion: getattr(row, rate) for row in found}
                ),
            )
    common = max(found, key=lambda row: row.baseline)
    st.caption(
        "Thin line: 95 % Wilson interval. Upright stroke: no skill, here answers given without "
        "looking, each emotion as often as it occurs. Another way to have no skill is to answer "
        f"{common.emotion} always: recall 100 % for {common.emotion} at a precision of "
        f"{percent(common.baseline)}, and 0 % for the other six."
    )


def table(found: Sequence[Row], variant: ModelSpec, split: str) -> None:
    """All rates, each explained in its column's head, and as CSV."""
    shown = pd.DataFrame(
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
            "Specificity": 100 * row.specificity,
            "ROC area": row.roc_area,
            "Average precision": row.average_precision,
            "No skill": 100 * row.baseline,
        }
        for row in found
    )
    columns = {
        name: st.column_config.NumberColumn(help=HELP[name], format=FORMAT.get(name, "%.1f %%"))
        for name in HELP
    }
    columns["Emotion"] = st.column_config.TextColumn(pinned=True)
    st.dataframe(
        shown,
        hide_index=True,
        column_config=columns,
        alt="Every emotion's rates. F1: "
        + ", ".join(f"{row.emotion} {percent(row.f1)}" for row in found),
    )
    st.caption(
        "F1 is the harmonic mean of precision and recall. Specificity is the share of the other "
        "faces left alone; rare answers make it high by themselves. The two areas are explained "
        "with the curves below. The intervals of recall and precision are Wilson's, that of F1 is "
        "a bootstrap interval. A dash: an answer never given has no precision, and at 0 % and "
        "100 % the bootstrap cannot tell how far chance moves F1."
    )
    downloads.csv_button(
        "Download table as CSV",
        lambda: as_csv(found, variant, split),
        f"per-class-{variant.name}-{split}.csv",
        "rates-csv",
    )


def as_csv(found: Sequence[Row], variant: ModelSpec, split: str) -> str:
    """A row an emotion, fractions as they are."""
    lines = []
    for row in found:
        line: dict[str, object] = {"variant": variant.name, "split": split}
        for name, value in row._asdict().items():
            if name.endswith("_interval"):
                line |= {f"{name.removesuffix('_interval')}_low": value and value.low}
                line |= {f"{name.removesuffix('_interval')}_high": value and value.high}
            else:
                line[name] = value
        lines.append(line)
    return to_csv(lines)


def _interval(spread: Interval | None) -> str:
    return "–" if spread is None else format_interval(spread, unit=False)
