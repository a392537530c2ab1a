"""Confusion matrices: which emotions does a model mix up?"""

from collections.abc import Mapping
from typing import TypeVar

import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation.classification import Scale
from fer_core.registry import VARIANTS, ModelSpec
from pages.app import navigation
from pages.components import downloads, selectors
from pages.sections.confusion import cell_faces, panels, threshold_cards
from pages.sections.confusion.panels import Measured

ONE = "none"
Option = TypeVar("Option", bound=str)
VIEWS = {"side": "Both", "difference": "Difference"}


def second_model(found: list[ModelSpec], first: ModelSpec) -> ModelSpec | None:
    others = [variant.name for variant in found if variant is not first]
    name = st.selectbox(
        "Second model",
        [ONE, *others],
        format_func=lambda name: VARIANTS[name].title if name in VARIANTS else name,
        key="second",
        width=240,
        bind="query-params",
    )
    return VARIANTS.get(name)


def pick(label: str, options: Mapping[Option, str], key: str) -> Option:
    return st.segmented_control(
        label,
        list(options),
        default=next(iter(options)),
        required=True,
        format_func=lambda option: options[option],
        key=key,
        wrap=True,  # two models' names are wider than a phone
        bind="query-params",
    )


def emotion(label: str, key: str, default: str) -> str:
    return st.selectbox(
        label,
        EMOTIONS,
        index=EMOTIONS.index(default),
        key=key,
        width=160,
        filter_mode=None,  # seven need no search, and a phone no keyboard
        bind="query-params",
    )


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


navigation.ensure()
st.title("Which emotions does it mix up?", anchor=False)
found = selectors.need_results()
with st.container(horizontal=True, vertical_alignment="bottom"):
    first = selectors.variant(found)
    second = second_model(found, first)
    split = selectors.split()
    scale: Scale = pick("Numbers", panels.SCALES, "numbers")
    view = pick("View", VIEWS, "view") if second else "side"
try:
    models = [panels.measure(variant, split) for variant in (first, second) if variant]
except ResultsError as error:
    st.error(str(error))
    st.stop()

matrices = st.container()  # filled last, because it frames the cell chosen below
st.header("The faces behind a cell", anchor=False)
st.caption("Click a cell above, or choose it here.")
with st.container(horizontal=True, vertical_alignment="bottom"):
    label = emotion("Labelled", "label", "fear")
    answer = emotion("Answered", "answer", "sad")
    told = models[0]
    if second:
        titles = {"first": first.title, "second": second.title}
        told = models[list(titles).index(pick("By the model", titles, "of"))]
cell_faces.show(told, label, answer, found)
with matrices:
    draw(models, view, scale, (EMOTIONS.index(label), EMOTIONS.index(answer)))
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

for told in models:
    if told.predictions.scores is not None:
        st.header("Seven yes/no questions", anchor=False)
        threshold_cards.show(told.variant, told.predictions)
