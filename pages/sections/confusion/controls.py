"""Controls of the page Confusion matrices: second model, numbers, view and cell."""

import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.registry import ModelSpec
from pages.components import address

NO_SECOND_MODEL = "none"
VIEWS = {"side": "Both", "difference": "Difference"}


def second_model(models: list[ModelSpec], first: ModelSpec) -> ModelSpec | None:
    """Select a second model to compare with the first, or none."""
    others = [model.name for model in models if model.name != first.name]
    titles = {model.name: model.title for model in models}
    name = address.choose(
        st.selectbox,
        "Second model",
        [NO_SECOND_MODEL, *others],
        key="second",
        default=NO_SECOND_MODEL,
        format_func=lambda name: titles.get(name, name),
        width=240,
    )
    return next((model for model in models if model.name == name), None)


def present(default: str, evaluation_set: EvaluationSet) -> str:
    """An emotion that some face is labelled with: `default`, or else the first one."""
    absent = evaluation_set.missing_emotions
    return next(name for name in (default, *EMOTIONS) if name not in absent)


def select_emotion(label: str, key: str, default: str) -> str:
    """Select one of the seven emotions."""
    return address.choose(
        st.selectbox,
        label,
        EMOTIONS,
        key=key,
        default=default,
        width=160,
        filter_mode=None,  # seven options need no search box, and no keyboard on a phone
    )
