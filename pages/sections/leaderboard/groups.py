"""How well is each group recognised? The groups are those that the visitor's own table names."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from fer_core.evaluation import groups
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.groups import MIN_FACES, NO_GROUP, Gap, GroupRow, Metric
from fer_core.reports.export import with_interval
from fer_core.reports.format import format_interval, format_points_interval, points
from pages.components import clicks, column_notes, downloads, print_out, test_sets
from pages.text.markup import table

METRICS = {
    "accuracy": ("Accuracy", "Share of the group's faces that are answered as labelled."),
    "macro_f1": ("Macro-F1", "Mean F1 of the emotions that occur in the group."),
    "balanced_accuracy": (
        "Balanced accuracy",
        "Mean recall of the emotions that occur in the group.",
    ),
}


def show(evaluation_set: EvaluationSet, model_names: Sequence[str]) -> None:
    """Every model's largest gap, and its metrics on each group; nothing for a set without any."""
    if not evaluation_set.groups:
        return
    st.header("How well is each group recognised?", anchor=False)
    column = test_sets.select_group_column(evaluation_set)
    if column is None:
        return
    rows = {name: groups.group_rows(evaluation_set, column, name) for name in model_names}
    st.html(gap_table(rows, evaluation_set))
    st.caption(_gap_note(next(iter(rows.values()))))
    _show_table(rows, column, evaluation_set)


def gap_table(rows: Mapping[str, Sequence[GroupRow]], evaluation_set: EvaluationSet) -> Markup:
    """HTML: a row per model with its largest gap in accuracy, its interval, and the two groups."""
    lines = []
    for name, model_rows in rows.items():
        title = evaluation_set.title_of(name)
        link = clicks.link(title, "per_class", model=name, split=evaluation_set.name)
        lines.append((link, *_gap_cells(groups.largest_gap(list(model_rows)))))
    head = ("Model", "Largest gap, points", "95 %", "Between", "Could it be chance?")
    return table(head, lines, "plain gaps", "Largest gap in accuracy between two groups, by model")


def _gap_cells(gap: Gap | None) -> tuple[str, ...]:
    if gap is None:
        return ("–", "–", "–", "–")
    return (
        points(gap.difference),
        format_points_interval(gap.interval),
        f"{gap.high.group} and {gap.low.group}",
        "yes" if gap.could_be_chance else "no, if only these two had been compared",
    )


def _gap_note(rows: Sequence[GroupRow]) -> str:
    """How to read the gaps, and how many there are to choose the largest from."""
    source = "The groups are those of your table; nothing about a person is guessed."
    compared = sum(row.n >= MIN_FACES and row.group != NO_GROUP for row in rows)
    if compared < 2:
        return f"{source} A gap needs two groups of at least {MIN_FACES} faces each."
    pairs = compared * (compared - 1) // 2
    picked = (
        ""
        if pairs == 1
        else f" It is the largest of {pairs} gaps between {compared} groups, and the largest of "
        "many is often chance: the interval does not allow for having picked it."
    )
    return (
        f"{source} The gap is in accuracy, between groups of at least {MIN_FACES} faces, with "
        f"Newcombe's 95 % interval; where it holds 0, the gap could be chance.{picked} Groups can "
        "also differ in their emotions, their light or their camera."
    )


def _show_table(
    rows: Mapping[str, Sequence[GroupRow]], column: str, evaluation_set: EvaluationSet
) -> None:
    """The metrics of every model on each group, with their intervals, and the CSV."""
    frame = pd.DataFrame(
        {"Model": evaluation_set.title_of(name), "Group": row.group, "Faces": row.n} | _cells(row)
        for name, model_rows in rows.items()
        for row in model_rows
    )
    columns: dict[str, Any] = {
        f"{title}, %": st.column_config.NumberColumn(help=text, format="%.1f")
        for title, text in METRICS.values()
    }
    columns["Model"] = st.column_config.TextColumn(pinned=True, width=155)
    st.dataframe(
        frame,
        hide_index=True,
        placeholder="–",
        column_config=columns,
        alt=f"Accuracy, macro-F1 and balanced accuracy of every model on {len(frame)} rows of "
        "models and groups",
    )
    column_notes.show(frame, columns)
    print_out.show_table(frame, columns)
    st.caption(
        "95 %: Wilson's interval for accuracy, the bootstrap's for the other two; a dash where "
        "every redraw of the faces gives the same."
    )
    downloads.csv_button(
        "Download the groups (CSV)",
        lambda: csv_rows(rows, column, evaluation_set.title),
        f"groups-{evaluation_set.file_title}",
        "groups-csv",
    )


def _cells(row: GroupRow) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for name, (title, _) in METRICS.items():
        metric: Metric = getattr(row, name)
        low, high = metric.interval
        ends = format_interval(metric.interval, unit=False) if low < high else None
        cells |= {f"{title}, %": 100 * metric.value, f"{title}, 95 %": ends}
    return cells


def csv_rows(
    rows: Mapping[str, Sequence[GroupRow]], column: str, where: str
) -> list[dict[str, object]]:
    """One row per model and group: the three metrics, fractions, with their intervals."""
    lines = []
    for name, model_rows in rows.items():
        for row in model_rows:
            line: dict[str, object] = {"model": name, "test_set": where, "column": column}
            line |= {"group": row.group, "faces": row.n, "correct": row.correct}
            for metric in METRICS:
                line |= with_interval(metric, *getattr(row, metric))
            lines.append(line)
    return lines
