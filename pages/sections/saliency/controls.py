"""The controls: which models, by which method, about which emotion, how deep, how opaque."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from fer_core.artifacts import summaries
from fer_core.emotions import EMOTIONS
from fer_core.explain import METHODS, Method
from fer_core.registry import MODELS

SEVERAL_MODELS, SEVEN_EMOTIONS = "models", "seven emotions"
OWN_ANSWER, NO_CONTRAST = "its own answer", "nothing"
CONTROL_WIDTH = 150  # pixels a control: two stand side by side on a phone
#: A layer's place in here is its depth.
LAYERS = ("auto", "1, early", "2", "3", "4, late")


@dataclass(frozen=True)
class MapOptions:
    """What the maps shall show. No `emotion` means each model's own answer; `seven` is the name of
    the one variant whose seven emotions stand side by side, else there is a map a variant."""

    method: Method
    emotion: str | None = None
    contrast: str | None = None
    depth: int | None = None
    opacity: float = 0.65
    seven: str | None = None


def select_models(ready: Sequence[str]) -> list[str]:
    """The variants to look into, in the order of the registry; at first the best one."""
    picked = st.pills(
        "Models",
        ready,
        selection_mode="multi",
        default=[summaries.default_model_name() or ready[0]],
        format_func=lambda name: MODELS[name].title,
        key="models",
        wrap=True,
        bind="query-params",
    )
    return [name for name in ready if name in picked]


def select_options(names: Sequence[str], ready: Sequence[str]) -> MapOptions:
    """What stands side by side, by which method, about what: in one row."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seven = _side_by_side(names, ready)
        valid = [m for m in METHODS.values() if set(m.model_names) & set(names)]
        method = METHODS[
            st.selectbox(
                "Method",
                [m.name for m in valid or METHODS.values()],
                format_func=lambda name: METHODS[name].title,
                key="method",
                width=CONTROL_WIDTH,
                bind="query-params",
            )
        ]
        emotion = st.selectbox(
            "Why …",
            [OWN_ANSWER, *EMOTIONS],
            key="emotion",
            width=CONTROL_WIDTH,
            disabled=seven is not None,
            help="The emotion to explain: what each model answers, or one of the seven.",
            bind="query-params",
        )
        against = st.selectbox(
            "… rather than",
            [NO_CONTRAST, *EMOTIONS],
            key="against",
            width=CONTROL_WIDTH,
            disabled=not method.class_discriminative,
            help="Shows only what speaks for the first emotion more than for this one.",
            bind="query-params",
        )
        layer = st.selectbox(
            "Layer",
            LAYERS,
            key="layer",
            width=CONTROL_WIDTH,
            help="Early layers see edges on a fine grid, late ones whole shapes on a coarse grid. "
            "“auto” is the layer whose maps proved most faithful for that model and method.",
            bind="query-params",
        )
        opacity = st.slider(
            "Opacity, %", 0, 100, 65, 5, key="opacity", width=CONTROL_WIDTH, bind="query-params"
        )
    return MapOptions(
        method,
        None if emotion == OWN_ANSWER else emotion,
        None if against == NO_CONTRAST or not method.class_discriminative else against,
        LAYERS.index(layer) or None,
        opacity / 100,
        seven,
    )


def _side_by_side(names: Sequence[str], ready: Sequence[str]) -> str | None:
    """The variant whose seven emotions are wanted, or None where variants are compared."""

    def everyone() -> None:
        st.session_state["models"] = list(ready)

    view = st.segmented_control(
        "Side by side",
        (SEVERAL_MODELS, SEVEN_EMOTIONS),
        default=SEVERAL_MODELS,
        required=True,
        key="view",
        bind="query-params",
    )
    if view == SEVERAL_MODELS or not names:
        if len(names) < len(ready) > 1:
            st.button(f"All {len(ready)} models", on_click=everyone, key="everyone")
        return None
    if len(names) == 1:
        return names[0]
    return st.selectbox(
        "of",
        names,
        format_func=lambda name: MODELS[name].title,
        key="of",
        width=CONTROL_WIDTH,
        bind="query-params",
    )
