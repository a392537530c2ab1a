"""Saliency: heat maps of where in a face a model found evidence for its answer."""

import streamlit as st

from fer_core.explain.methods import list_methods
from fer_core.registry import MODELS
from fer_core.reports.format import join_words
from pages.app import navigation
from pages.components import selectors
from pages.sections.saliency import controls, face_source, overview, panels

navigation.ensure_entry_script()
st.title("Where did the model look?", anchor=False)
trained = selectors.require_models("explain")
available = [name for name in trained if list_methods(name)]
if without := [MODELS[name].title for name in trained if name not in available]:
    st.caption(f"Heat maps are not available for {join_words(without)}.")
st.html(panels.STYLE)

model_names = controls.select_models(available)
face = face_source.select_face(model_names)
options = controls.select_options(model_names, available)
if not model_names:
    st.info("Choose at least one model.")
elif face is not None:
    panels.show_maps(face, model_names, options)

st.header("Heat maps in general", anchor=False)
limits, average, faithfulness = st.tabs(
    ["What they can show", "Where the models look on average", "Which method is most faithful"]
)
with limits:
    panels.show_methods()
with average:
    overview.show_mean_maps()
with faithfulness:
    overview.show_faithfulness()
