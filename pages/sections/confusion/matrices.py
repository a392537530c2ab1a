"""Layout of the matrices: one with its summary, two side by side, or their difference."""

import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.evaluation.classification import Scale
from pages.components import downloads, test_sets
from pages.sections.confusion import charts, panels
from pages.sections.confusion.panels import Evaluation


def select_cell(row: int, column: int, model_option: str) -> None:
    """Select the clicked cell and, where two matrices are shown, its model."""
    st.session_state["label"] = EMOTIONS[row]
    st.session_state["answer"] = EMOTIONS[column]
    if model_option:
        st.session_state["of"] = model_option


def draw(evaluations: list[Evaluation], view: str, scale: Scale, cell: tuple[int, int]) -> None:
    """One matrix with its summary, two side by side, or their difference; `cell` is framed."""
    if len(evaluations) == 1:
        st.markdown(panels.accuracy_text(evaluations[0]))
        left, right = st.columns([3, 2], gap="medium")
        with left:
            st.caption(panels.SCALE_NOTES[scale])
            charts.draw_matrix(evaluations[0], scale, "matrix", cell, select_cell, "")
        with right:
            panels.list_mistakes(evaluations[0])
        return
    if view == "difference":
        first, second = evaluations
        st.markdown(panels.accuracy_text(first) + "  \n" + panels.accuracy_text(second))
        st.caption(panels.difference_note(first, second, scale))
        charts.draw_difference(first, second, scale, cell, select_cell, "")
    else:
        st.caption(panels.SCALE_NOTES[scale])
        for column, evaluation, option in zip(
            st.columns(2, gap="large"), evaluations, ("first", "second"), strict=True
        ):
            with column:
                st.header(evaluation.model.title, anchor=False)
                st.markdown(panels.accuracy_text(evaluation))
                charts.draw_matrix(evaluation, scale, f"matrix-{option}", cell, select_cell, option)
                panels.list_mistakes(evaluation)
    panels.compare_accuracy(*evaluations)


def notes(evaluations: list[Evaluation], scale: Scale) -> None:
    """The notes below the matrices, and a download of their numbers."""
    panels.yes_no_note(evaluations)
    sources = [test_sets.measurement_note(e.model, e.evaluation_set) for e in evaluations]
    for sentence in dict.fromkeys(sources):
        st.caption(sentence)
    st.caption(panels.INTERVAL_NOTE)
    names = "-".join(evaluation.model.name for evaluation in evaluations)
    downloads.csv_button(
        "Download as CSV",
        lambda: charts.csv_rows(evaluations, scale),
        f"confusion-{names}-{evaluations[0].file_title}",
        "csv",
    )
