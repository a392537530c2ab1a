"""Saliency: heat maps of where in a face a model found evidence for its answer."""

import streamlit as st

from pages.app import navigation
from pages.components import selectors
from pages.sections.saliency import controls, face_source, overview, panels

navigation.ensure_entry_script()
st.title("Where did the model look?", anchor=False)
available = selectors.require_models("explain")
st.html(panels.STYLE)

model_names = controls.select_models(available)
options = controls.select_options(model_names, available)
face = face_source.select_face(model_names)
if not model_names:
    st.info("Choose at least one model.")
elif face is not None:
    panels.show_maps(face, model_names, options)
panels.show_methods()

st.header("Where do the models look on average?", anchor=False)
overview.show_mean_maps()
st.header("Which method is most faithful?", anchor=False)
overview.show_faithfulness()
