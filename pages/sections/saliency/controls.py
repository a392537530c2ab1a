"""The page's controls: models, method, emotion, contrast, layer and opacity."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.explain import METHODS, Method
from fer_core.registry import MODELS
from pages.components import address, selectors
from pages.session.preload import PRELOADER

SEVERAL_MODELS, SEVEN_EMOTIONS = "models", "seven emotions"
OWN_ANSWER, NO_CONTRAST = "its own answer", "–"
DEFAULT_METHODS = ("layer_cam", "grad_cam")  # the most faithful, and the best known
CONTROL_WIDTH = 150  # pixels; two controls fit side by side on a phone
#: Depth of a layer → title; 0 chooses for each model and method.
LAYERS = {0: "auto", 1: "1, early", 2: "2", 3: "3", 4: "4, late"}
SELECTED_KEY = "explained"  # in the session: the names of the models to explain


@dataclass(frozen=True)
class MapOptions:
    """What the maps show: one map per method and model, or one model's seven emotions."""

    methods: tuple[Method, ...]
    emotion: str | None = None  # None: each model's own answer
    contrast: str | None = None  # show evidence for `emotion` rather than for this one
    depth: int | None = None  # 1 early to 4 late; None: each method's most faithful layer
    opacity: float = 0.65
    all_emotions_of: str | None = None  # name of the model whose seven emotions are shown


def select_models(available: Sequence[str]) -> list[str]:
    """Names of the models to explain, in the order of the registry; at first the current model.

    A single model that is selected here becomes the current one.
    """
    first = selectors.first_model([MODELS[name] for name in available]).name
    current: str = st.session_state.get(selectors.MODEL_KEY, first)
    if current in available and current != st.session_state.get("explained-with"):
        st.session_state[SELECTED_KEY] = [current]
    selected = address.choose_several(
        st.pills,
        "Models",
        available,
        key=SELECTED_KEY,
        default=[first],
        param="models",
        format_func=lambda name: MODELS[name].title,
        wrap=True,
    )
    if len(selected) == 1:
        current = selected[0]
    for name in selected[:1]:
        PRELOADER.request(name)  # while the visitor looks for a photo
    st.session_state["explained-with"] = st.session_state[selectors.MODEL_KEY] = current
    return selected


def select_options(model_names: Sequence[str], available: Sequence[str]) -> MapOptions:
    """Draw the controls and return what they are set to.

    Args:
        model_names: The selected models.
        available: All models that could be selected.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        all_emotions_of = _side_by_side(model_names, available)
    with st.expander("Options: method, emotion, layer, opacity"):
        return _select_details(model_names, all_emotions_of)


def _select_details(model_names: Sequence[str], all_emotions_of: str | None) -> MapOptions:
    methods = _select_methods(model_names)
    has_contrast = any(method.class_discriminative for method in methods)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        emotion = address.choose(
            st.selectbox,
            "Evidence for",
            [OWN_ANSWER, *EMOTIONS],
            key="evidence",
            param="emotion",
            default=OWN_ANSWER,
            width=CONTROL_WIDTH,
            disabled=all_emotions_of is not None,
            help="The emotion to explain: each model's own answer, or one of the seven.",
        )
        contrast = address.choose(
            st.selectbox,
            "… rather than",
            [NO_CONTRAST, *EMOTIONS],
            key="against",
            default=NO_CONTRAST,
            width=CONTROL_WIDTH,
            disabled=not has_contrast,
            help="Contrast: shows only evidence that favours the first emotion over this one.",
        )
        layer = address.choose(
            st.selectbox,
            "Layer",
            LAYERS,
            key="layer",
            default=0,
            format_func=lambda depth: LAYERS[depth],
            width=CONTROL_WIDTH,
            help="Early layers respond to edges on a fine grid, late layers to whole shapes on a "
            "coarse grid. “auto” is the layer with the most faithful maps for that model and "
            "method.",
        )
        opacity = address.keep(
            lambda key: st.slider("Opacity, %", 0, 100, step=5, key=key, width=CONTROL_WIDTH),
            lambda texts: round(address.number_between(0, 100)(texts)),
            key="opacity",
            default=65,
        )
    return MapOptions(
        methods,
        None if emotion == OWN_ANSWER else emotion,
        None if contrast == NO_CONTRAST or not has_contrast else contrast,
        layer or None,
        opacity / 100,
        all_emotions_of,
    )


def _select_methods(model_names: Sequence[str]) -> tuple[Method, ...]:
    """The selected methods, in the order of METHODS; the first of them if none is selected."""
    supported = [
        name for name, method in METHODS.items() if set(method.model_names) & set(model_names)
    ] or list(METHODS)
    selected = address.choose_several(
        st.pills,
        "Methods",
        supported,
        key="method",
        default=DEFAULT_METHODS,
        format_func=lambda name: METHODS[name].title,
        help="How the heat map is computed. Two or more methods are shown side by side. They are "
        "described below the maps.",
        wrap=True,
    )
    return tuple(METHODS[name] for name in selected or supported[:1])


def _side_by_side(model_names: Sequence[str], available: Sequence[str]) -> str | None:
    """Name of the model whose seven emotions to show, or None to compare models."""

    def select(names: Sequence[str]) -> None:
        st.session_state[SELECTED_KEY] = list(names)

    view = address.choose(
        st.segmented_control,
        "Side by side",
        (SEVERAL_MODELS, SEVEN_EMOTIONS),
        key="side-by-side",
        param="view",
        default=SEVERAL_MODELS,
    )
    if view == SEVERAL_MODELS or not model_names:
        if len(model_names) < len(available) > 1:
            st.button(
                f"All {len(available)} models", on_click=select, args=(available,), key="everyone"
            )
        elif len(model_names) > 1:
            current = [st.session_state[selectors.MODEL_KEY]]
            title = MODELS[current[0]].title
            st.button(f"Only {title}", on_click=select, args=(current,), key="one")
        return None
    if len(model_names) == 1:
        return model_names[0]
    return address.choose(
        st.selectbox,
        "Model",
        model_names,
        key="emotions-of",
        param="of",
        default=model_names[0],
        format_func=lambda name: MODELS[name].title,
        width=CONTROL_WIDTH,
    )
