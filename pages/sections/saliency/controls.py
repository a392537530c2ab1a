"""The page's controls: models, method, emotion, contrast, layer and opacity."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from fer_core.artifacts import summaries
from fer_core.emotions import EMOTIONS
from fer_core.explain import METHODS, Method
from fer_core.registry import MODELS

SEVERAL_MODELS, SEVEN_EMOTIONS = "models", "seven emotions"
OWN_ANSWER, NO_CONTRAST = "its own answer", "–"
DEFAULT_METHODS = ("layer_cam", "grad_cam")  # the most faithful, and the best known
CONTROL_WIDTH = 150  # pixels; two controls fit side by side on a phone
#: A layer's index is its depth.
LAYERS = ("auto", "1, early", "2", "3", "4, late")


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
    """Names of the models to explain, in the order of the registry; the default is the best one."""
    selected = st.pills(
        "Models",
        available,
        selection_mode="multi",
        default=[summaries.default_model_name() or available[0]],
        format_func=lambda name: MODELS[name].title,
        key="models",
        wrap=True,
        bind="query-params",
    )
    return [name for name in available if name in selected]


def select_options(model_names: Sequence[str], available: Sequence[str]) -> MapOptions:
    """Draw the controls and return what they are set to.

    Args:
        model_names: The selected models.
        available: All models that could be selected.
    """
    methods = _select_methods(model_names)
    has_contrast = any(method.class_discriminative for method in methods)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        all_emotions_of = _side_by_side(model_names, available)
        emotion = st.selectbox(
            "Evidence for",
            [OWN_ANSWER, *EMOTIONS],
            key="emotion",
            width=CONTROL_WIDTH,
            disabled=all_emotions_of is not None,
            help="The emotion to explain: each model's own answer, or one of the seven.",
            bind="query-params",
        )
        contrast = st.selectbox(
            "… rather than",
            [NO_CONTRAST, *EMOTIONS],
            key="against",
            width=CONTROL_WIDTH,
            disabled=not has_contrast,
            help="Contrast: shows only evidence that favours the first emotion over this one.",
            bind="query-params",
        )
        layer = st.selectbox(
            "Layer",
            LAYERS,
            key="layer",
            width=CONTROL_WIDTH,
            help="Early layers respond to edges on a fine grid, late layers to whole shapes on a "
            "coarse grid. “auto” is the layer with the most faithful maps for that model and "
            "method.",
            bind="query-params",
        )
        opacity = st.slider(
            "Opacity, %", 0, 100, 65, 5, key="opacity", width=CONTROL_WIDTH, bind="query-params"
        )
    return MapOptions(
        methods,
        None if emotion == OWN_ANSWER else emotion,
        None if contrast == NO_CONTRAST or not has_contrast else contrast,
        LAYERS.index(layer) or None,
        opacity / 100,
        all_emotions_of,
    )


def _select_methods(model_names: Sequence[str]) -> tuple[Method, ...]:
    """The selected methods, in the order of METHODS; the first of them if none is selected."""
    supported = [
        name for name, method in METHODS.items() if set(method.model_names) & set(model_names)
    ] or list(METHODS)
    selected = st.pills(
        "Methods",
        supported,
        selection_mode="multi",
        default=[name for name in DEFAULT_METHODS if name in supported],
        format_func=lambda name: METHODS[name].title,
        key="method",
        help="How the heat map is computed. Two or more methods are shown side by side. They are "
        "described below the maps.",
        wrap=True,
        bind="query-params",
    )
    return tuple(METHODS[name] for name in supported if name in selected) or (
        METHODS[supported[0]],
    )


def _side_by_side(model_names: Sequence[str], available: Sequence[str]) -> str | None:
    """Name of the model whose seven emotions to show, or None to compare models."""

    def select_all() -> None:
        st.session_state["models"] = list(available)

    view = st.segmented_control(
        "Side by side",
        (SEVERAL_MODELS, SEVEN_EMOTIONS),
        default=SEVERAL_MODELS,
        required=True,
        key="view",
        bind="query-params",
    )
    if view == SEVERAL_MODELS or not model_names:
        if len(model_names) < len(available) > 1:
            st.button(f"All {len(available)} models", on_click=select_all, key="everyone")
        return None
    if len(model_names) == 1:
        return model_names[0]
    return st.selectbox(
        "Model",
        model_names,
        format_func=lambda name: MODELS[name].title,
        key="of",
        width=CONTROL_WIDTH,
        bind="query-params",
    )
