"""Per-class metrics: how good a model is at each emotion, and what its numbers hide."""

import streamlit as st

from fer_core.artifacts.predictions import load_predictions
from fer_core.errors import ResultsError
from fer_core.evaluation import per_class
from pages.app import navigation
from pages.components import selectors
from pages.sections.per_class import (
    accuracy_paradox,
    rates,
    reliability,
    threshold_section,
)
from pages.style import STYLES

navigation.ensure_entry_script()
st.title("How good is it at each emotion?", anchor=False)
st.html(STYLES / "per_class.css")
evaluated = selectors.require_results()
with st.container(horizontal=True, vertical_alignment="bottom"):
    variant = selectors.select_model(evaluated)
    split = selectors.select_split()
try:
    load_predictions(variant.name)
except ResultsError as error:
    st.info(str(error))
    st.stop()

found = per_class.split_rows(variant.name, split)
st.markdown(rates.verdict(found))
rates.recall_and_precision(found)
st.caption(f"{selectors.measurement_note(variant, split)} {rates.answer_note(variant)}")
rates.table(found, variant, split)

st.space("medium")
emotion = threshold_section.show(variant, split)

st.space("medium")
st.header(accuracy_paradox.heading(emotion), anchor=False)
told, tried = st.columns(2, gap="large")
with told:
    accuracy_paradox.study_panel(emotion)
if any(each.name == accuracy_paradox.MODEL_NAME for each in evaluated):
    with tried:
        accuracy_paradox.interactive_panel(split, emotion)

st.space("medium")
st.header("Can you believe its confidence?", anchor=False)
reliability.show(variant, split)
