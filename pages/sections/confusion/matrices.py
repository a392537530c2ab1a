"""One matrix with the words beside it, two side by side, or their difference."""

import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.evaluation.classification import Scale
from pages.components import downloads, selectors
from pages.sections.confusion import panels
from pages.sections.confusion.panels import Measured


def clicked(row: int, column: int, whose: str) -> None:
    st.session_state["label"] = EMOTIONS[row]
    st.session_state["answer"] = EMOTIONS[column]
    if whose:
        st.session_state["of"] = whose


def draw(models: list[Measured], view: str, scale: Scale, chosen: tuple[int, int]) -> None:
    """One matrix with the words beside it, two side by side, or their difference."""
    if len(models) == 1:
        st.markdown(panels.accuracy(models[0]))
        left, right = st.columns([3, 2], gap="medium")
        with left:
            st.caption(panels.WHAT_SCALE[scale])
            panels.draw(models[0], scale, "matrix", chosen, clicked, "")
        with right:
            panels.largest(models[0])
        return
    if view == "difference":
        one, other = models
        st.markdown(panels.accuracy(one) + "  \n" + panels.accuracy(other))
        st.caption(panels.what_difference(one, other, scale))
        panels.draw_difference(one, other, scale, chosen, clicked, "")
    else:
        st.caption(panels.WHAT_SCALE[scale])
        for column, told, which in zip(
            st.columns(2, gap="large"), models, ("first", "second"), strict=True
        ):
            with column:
                st.header(told.variant.title, anchor=False)
                st.markdown(panels.accuracy(told))
                panels.draw(told, scale, f"matrix-{which}", chosen, clicked, which)
                panels.largest(told)
    panels.compare(*models)


def notes(models: list[Measured], split: str, scale: Scale) -> None:
    """What stands below the matrices, and their numbers to take away."""
    panels.strongest_yes(models)
    for sentence in dict.fromkeys(selectors.how_measured(told.variant, split) for told in models):
        st.caption(sentence)
    st.caption(panels.WHAT_INTERVAL)
    downloads.csv_button(
        "Download as CSV",
        lambda: panels.as_csv(models, scale),
        f"confusion-{'-'.join(told.variant.name for told in models)}-{split}.csv",
        "csv",
    )
