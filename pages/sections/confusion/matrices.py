"""One matrix with the words beside it, two side by side, or their difference."""

import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.evaluation.classification import Scale
from pages.components import downloads, selectors
from pages.sections.confusion import panels
from pages.sections.confusion.panels import Evaluation


def select_cell(row: int, column: int, whose: str) -> None:
    st.session_state["label"] = EMOTIONS[row]
    st.session_state["answer"] = EMOTIONS[column]
    if whose:
        st.session_state["of"] = whose


def draw(models: list[Evaluation], view: str, scale: Scale, chosen: tuple[int, int]) -> None:
    """One matrix with the words beside it, two side by side, or their difference."""
    if len(models) == 1:
        st.markdown(panels.accuracy_text(models[0]))
        left, right = st.columns([3, 2], gap="medium")
        with left:
            st.caption(panels.SCALE_NOTES[scale])
            panels.draw_matrix(models[0], scale, "matrix", chosen, select_cell, "")
        with right:
            panels.list_mistakes(models[0])
        return
    if view == "difference":
        one, other = models
        st.markdown(panels.accuracy_text(one) + "  \n" + panels.accuracy_text(other))
        st.caption(panels.difference_note(one, other, scale))
        panels.draw_difference(one, other, scale, chosen, select_cell, "")
    else:
        st.caption(panels.SCALE_NOTES[scale])
        for column, told, which in zip(
            st.columns(2, gap="large"), models, ("first", "second"), strict=True
        ):
            with column:
                st.header(told.model.title, anchor=False)
                st.markdown(panels.accuracy_text(told))
                panels.draw_matrix(told, scale, f"matrix-{which}", chosen, select_cell, which)
                panels.list_mistakes(told)
    panels.compare_accuracy(*models)


def notes(models: list[Evaluation], split: str, scale: Scale) -> None:
    """What stands below the matrices, and their numbers to take away."""
    panels.yes_no_note(models)
    for sentence in dict.fromkeys(selectors.measurement_note(told.model, split) for told in models):
        st.caption(sentence)
    st.caption(panels.INTERVAL_NOTE)
    downloads.csv_button(
        "Download as CSV",
        lambda: panels.as_csv(models, scale),
        f"confusion-{'-'.join(told.model.name for told in models)}-{split}.csv",
        "csv",
    )
