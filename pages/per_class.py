"""Per-class metrics: how good a model is at each emotion, and what its numbers hide."""

import streamlit as st

from fer_core.errors import ResultsError
from fer_core.evaluation import per_class
from fer_core.evaluation.scores import compute_intervals
from pages.app import navigation
from pages.components import selectors, test_sets
from pages.sections.per_class import (
    accuracy_paradox,
    groups,
    prediction_sets,
    priors,
    rates,
    reliability,
    selective,
    slices,
    threshold_section,
)
from pages.style import STYLES

navigation.ensure_entry_script()
st.title("How good is a model at each emotion?", anchor=False)
st.html(STYLES / "per_class.css")
with st.container(horizontal=True, vertical_alignment="bottom"):
    evaluation_set = test_sets.select_set()
    models = evaluation_set.models
    model = selectors.select_model(list(models.values()))
test_sets.show_notes(evaluation_set)
try:
    predictions = evaluation_set.predictions(model.name)
except ResultsError as error:
    st.info(str(error))
    st.stop()

rows = per_class.rows(predictions)
st.markdown(rates.verdict(rows, compute_intervals(predictions)))
rates.recall_and_precision(rows, model, evaluation_set)
st.caption(f"{test_sets.measurement_note(model, evaluation_set)} {rates.answer_note(model)}")
rates.table(rows, model, evaluation_set)
groups.show(model, evaluation_set)

st.space("medium")
emotion = threshold_section.show(model, evaluation_set)

if emotion is not None:
    st.space("medium")
    st.header(accuracy_paradox.heading(emotion), anchor=False)
    study_column, slider_column = st.columns(2, gap="large")
    with study_column:
        accuracy_paradox.study_panel(emotion)
    if accuracy_paradox.MODEL_NAME in models:
        with slider_column:
            accuracy_paradox.interactive_panel(evaluation_set, emotion)

st.space("medium")
st.header("Is its confidence calibrated?", anchor=False)
reliability.show(model, evaluation_set)

st.space("medium")
selective.show(model, evaluation_set)
prediction_sets.show(model, evaluation_set)

st.space("medium")
st.header("Where is it worst?", anchor=False)
try:
    slices.show(model, evaluation_set)
except ResultsError as error:
    st.info(str(error))

st.space("medium")
priors.show(model, evaluation_set)
