"""Saliency: where in the face did a model find what speaks for its answer?"""

import streamlit as st

from pages.app import navigation
from pages.components import selectors
from pages.sections.saliency import controls, face_source, overview, panels

navigation.ensure()
st.title("Where did the model look?", anchor=False)
ready = selectors.need_models("look into")
st.html(panels.STYLE)

names = controls.models(ready)
asked = controls.question(names, ready)
subject = face_source.choose(names)
if not names:
    st.info("Choose at least one model.")
elif subject is not None:
    panels.show(subject, names, asked)
panels.methods()

st.header("What does a model look at in general?", anchor=False)
overview.mean_maps()
st.header("Which method tells the truth?", anchor=False)
overview.table()
