"""Controls of the page Confusion matrices: second model, numbers, view and cell."""

from collections.abc import Mapping
from typing import TypeVar

import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.registry import MODELS, ModelSpec

NO_SECOND_MODEL = "none"
Option = TypeVar("Option", bound=str)
VIEWS = {"side": "Both", "difference": "Difference"}


def second_model(models: list[ModelSpec], first: ModelSpec) -> ModelSpec | None:
    """Select a second model to compare with the first, or none."""
    others = [model.name for model in models if model is not first]
    name = st.selectbox(
        "Second model",
        [NO_SECOND_MODEL, *others],
        format_func=lambda name: MODELS[name].title if name in MODELS else name,
        key="second",
        width=240,
        bind="query-params",
    )
    return MODELS.get(name)


def select_option(label: str, options: Mapping[Option, str], key: str) -> Option:
    """Select one of `options`, value → title; at first the first one."""
    return st.segmented_control(
        label,
        list(options),
        default=next(iter(options)),
        required=True,
        format_func=lambda option: options[option],
        key=key,
        wrap=True,  # two model titles are wider than a phone
        bind="query-params",
    )


def select_emotion(label: str, key: str, default: str) -> str:
    """Select one of the seven emotions."""
    return st.selectbox(
        label,
        EMOTIONS,
        index=EMOTIONS.index(default),
        key=key,
        width=160,
        filter_mode=None,  # seven options need no search box, and no keyboard on a phone
        bind="query-params",
    )
