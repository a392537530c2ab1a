"""Saliency: where in the face did a model find what speaks for its answer?"""

import streamlit as st

from pages.app import navigation
from pages.components import selectors
from pages.sections.saliency import controls, face_source, overview, panels

navigation.ensure_entry_script()
st.title("Where did the model look?", anchor=False)
ready = selectors.require_models("look into")
st.html(panels.STYLE)

names = controls.select_models(ready)
asked = controls.select_options(names, ready)
subject = face_source.select_face(names)
if not names:
    st.info("Choose at least one model.")
elif subject is not None:
    panels.show_maps(subject, names, asked)
panels.show_methods()

st.header("What does a model look at in general?", anchor=False)
overview.show_mean_maps()
st.header("Which method tells the truth?", anchor=False)
overview.show_faithfulness()
