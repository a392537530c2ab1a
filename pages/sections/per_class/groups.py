"""Which emotions does a model miss in which group? Recall by the groups of the visitor's table."""

import numpy as np
import streamlit as st
from markupsafe import Markup

from fer_core.emotions import EMOTIONS
from fer_core.evaluation import groups
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.uncertainty import wilson_interval
from fer_core.registry import ModelSpec
from fer_core.reports.format import format_ends, percent
from pages.components import test_sets
from pages.text.markup import concat, table, tag


def show(model: ModelSpec, evaluation_set: EvaluationSet) -> None:
    """The recall of each emotion in each group; nothing for a set without groups."""
    if not evaluation_set.groups:
        return
    st.space("medium")
    st.header("Does it miss an emotion in one group?", anchor=False)
    column = test_sets.select_group_column(evaluation_set)
    if column is None:
        return
    st.html(recall_table(model, evaluation_set, column))
    st.caption(
        f"Recall of {model.title}: the share of the faces with the label and of the group that it "
        "finds, with Wilson's 95 % interval and the number of faces. The groups are those of your "
        "table; nothing about a person is guessed."
    )


def recall_table(model: ModelSpec, evaluation_set: EvaluationSet, column: str) -> Markup:
    """HTML: a row per group, the largest first, and a column per emotion in the data."""
    predictions = evaluation_set.predictions(model.name)
    rows = groups.group_rows(evaluation_set, column, model.name)
    present = np.unique(predictions.labels).tolist()
    lines = []
    for row in rows:
        in_group = evaluation_set.groups[column] == row.group
        faces = [in_group & (predictions.labels == emotion) for emotion in present]
        lines.append([row.group, *(_cell(predictions.correct[mask]) for mask in faces)])
    head = ("", *(EMOTIONS[emotion] for emotion in present))
    return table(head, lines, "plain recalls", f"Recall of {model.title} by group and emotion")


def _cell(correct: np.ndarray) -> Markup | str:
    """The share of a group's faces of one emotion that are found; a dash without any."""
    hits, n = int(correct.sum()), len(correct)
    if not n:
        return "–"
    ends = tag("span", f"({format_ends(wilson_interval(hits, n), 0)})", class_="whole")
    return concat((percent(hits / n), " ", ends, tag("br"), tag("small", f"{hits:,} of {n:,}")))
