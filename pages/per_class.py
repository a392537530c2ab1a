"""Per-class metrics: how good a model is at each emotion, and what its numbers hide."""

import streamlit as st

from fer_core.artifacts.predictions import load_predictions
from fer_core.errors import ResultsError
from fer_core.evaluation import leaderboard, per_class
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
st.title("How good is a model at each emotion?", anchor=False)
st.html(STYLES / "per_class.css")
models = selectors.require_results()
with st.container(horizontal=True, vertical_alignment="bottom"):
    model = selectors.select_model(models)
    split = selectors.select_split()
    faces = selectors.select_faces()
try:
    load_predictions(model.name)
except ResultsError as error:
    st.info(str(error))
    st.stop()

rows = per_class.split_rows(model.name, split, faces)
st.markdown(rates.verdict(rows, leaderboard.split_intervals(model.name, split, faces)))
rates.recall_and_precision(rows, model, split, faces)
st.caption(f"{selectors.measurement_note(model, split, faces)} {rates.answer_note(model)}")
rates.table(rows, model, split, faces)

st.space("medium")
emotion = threshold_section.show(model, split, faces)

st.space("medium")
st.header(accuracy_paradox.heading(emotion), anchor=False)
study_column, slider_column = st.columns(2, gap="large")
with study_column:
    accuracy_paradox.study_panel(emotion)
if any(evaluated_model.name == accuracy_paradox.MODEL_NAME for evaluated_model in models):
    with slider_column:
        accuracy_paradox.interactive_panel(split, emotion, faces)

st.space("medium")
st.header("Is its confidence calibrated?", anchor=False)
reliability.show(model, split, faces)
