"""Saliency: where in the face did a model find what speaks for its answer?"""

import streamlit as st

from pages.ui import choose, entry
from pages.ui.saliency import asking, general, subjects, view

entry.ensure()
st.title("Where did the model look?", anchor=False)
ready = choose.need_models("look into")
st.html(view.STYLE)

names = asking.models(ready)
asked = asking.question(names, ready)
subject = subjects.choose(names)
if not names:
    st.info("Choose at least one model.")
elif subject is not None:
    view.show(subject, names, asked)
view.methods()

st.header("What does a model look at in general?", anchor=False)
general.mean_maps()
st.header("Which method tells the truth?", anchor=False)
general.table()
