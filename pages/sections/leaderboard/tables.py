"""The leaderboard's table: all results of all models."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from fer_core.artifacts import summaries
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.leaderboard import Row
from fer_core.registry import MODELS, ModelSpec
from pages.components import column_notes, print_out
from pages.sections.leaderboard.columns import Column

ROW_HEIGHT = 65  # pixels: tall enough for titles to wrap, so that a phone has room for numbers


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
        alt="All results of all models and of the no-skill baseline; most accurate "
        f"is {best['Model']} with {best[columns[0].key]:.1f} %",
    )
    column_notes.show(frame, config)
    print_out.show_table(frame, config)


def unevaluated(evaluation_set: EvaluationSet, ranked: Sequence[Row]) -> str:
    """Titles of the models that are not in the table, with the reason; empty where all are."""
    names = {row.name for row in ranked}

    def reason(model: ModelSpec) -> str:
        fer2013 = evaluation_set.is_fer2013
        return summaries.missing_results(model) if fer2013 else "not evaluated on these faces"

    return ", ".join(
        f"{model.title} ({reason(model)})" for model in MODELS.values() if model.name not in names
    )
