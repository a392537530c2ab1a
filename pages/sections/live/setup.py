"""Before the start: which models answer, and what to know before anybody is filmed."""

import streamlit as st

from fer_core.registry import MODELS
from pages.components import address, live_view, page_links, selectors
from pages.components.live_view import Stopped
from pages.session import photos

NOTICE = (
    "Nothing starts by itself. Each picture is looked at and forgotten: only numbers and small "
    "grey faces are kept, in memory, until your visit ends. An expression is not a feeling. "
    "**In the European Union it is prohibited to infer other people's emotions at work or in "
    "class**, live or from a film, except for medical or safety reasons; elsewhere, ask everybody "
    "in view first."
)


def show() -> Stopped | None:
    """Draw the choice of models, the notice, and the frame with the camera.

    Returns:
        The camera session or film that has just ended, if any.
    """
    model_names = _choose_models()
    st.markdown(NOTICE)
    page_links.link("responsible")
    photos.session_photos()  # where a moment that is kept goes
    return live_view.show(model_names)


def _choose_models() -> list[str]:
    """At least one model; the frame keeps its place, or a film under way would end."""
    available = selectors.require_models("ask about a face")
    default = selectors.first_model([MODELS[name] for name in available]).name
    names = address.choose_several(
        st.pills,
        "Models that answer",
        available,
        key="live-models",
        param="models",
        default=[default],
        format_func=lambda name: MODELS[name].title,
        wrap=True,
        help="Each further model makes the answers come more slowly. They can be changed at any "
        "time, also while the camera is on.",
    )
    note = st.empty()
    if not names:
        note.caption(f"No model is chosen, so {MODELS[default].title} answers.")
    return names or [default]
