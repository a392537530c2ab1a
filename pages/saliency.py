"""Saliency: where in the face did a model find what speaks for its answer?"""

import streamlit as st

from fer_core.variants import VARIANTS
from pages.ui import entry
from pages.ui.saliency import asking, general, subjects, view

entry.ensure()
st.title("Where did the model look?", anchor=False)
ready = [name for name, variant in VARIANTS.items() if variant.ready]
if not ready:
    st.info(
        "No model is trained yet, so there is nothing to look into. "
        "`python -m training.train VARIANT` trains one; docs/training.md says how."
    )
    st.stop()
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
