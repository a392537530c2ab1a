"""Confusion matrices: which emotions does a model confuse?"""

import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation.classification import Scale
from pages.app import navigation
from pages.components import address, clicks, selectors, test_sets
from pages.sections.confusion import cell_faces, controls, matrices, panels, threshold_cards

navigation.ensure_entry_script()
st.title("Which emotions does a model confuse?", anchor=False)
controls_row = st.container(horizontal=True, vertical_alignment="bottom")
with controls_row:
    evaluation_set = test_sets.select_set()
    models = list(evaluation_set.models.values())
    first = selectors.select_model(models)
    second = controls.second_model(models, first)
    scale: Scale = address.choose_title("Numbers", panels.SCALES, "numbers")
    view = address.choose_title("View", controls.VIEWS, "view") if second else "side"
test_sets.show_notes(evaluation_set)
try:
    evaluations = [panels.evaluate(model, evaluation_set) for model in (first, second) if model]
except ResultsError as error:
    st.error(str(error))
    st.stop()

matrix_area = st.container()  # filled last, because it frames the cell selected below
with st.container(key="cell-faces"):
    st.header("Faces in one cell", anchor=False)
st.caption("Click a cell above, or choose it here.")
with st.container(horizontal=True, vertical_alignment="bottom"):
    default = controls.present("fear", evaluation_set)
    label = controls.select_emotion("Labelled", "label", default)
    answer = controls.select_emotion("Answered", "answer", "sad")
    evaluation = evaluations[0]
    if second:
        titles = {"first": first.title, "second": second.title}
        option = address.choose_title("By the model", titles, "of")
        evaluation = evaluations[list(titles).index(option)]
cell_faces.show(evaluation, label, answer, models)
with matrix_area:
    cell = EMOTIONS.index(label), EMOTIONS.index(answer)
    framed = f"Framed: {evaluation.counts[cell]:,} {label} faces called {answer} ↓"
    with controls_row:  # in sight, where the faces are not
        st.html(clicks.show_button(framed, ".st-key-cell-faces"), width="content")
    matrices.draw(evaluations, view, scale, cell)
    matrices.notes(evaluations, scale)

for evaluation in evaluations:
    if evaluation.model.yes_no and evaluation.predictions.scores is not None:
        st.header("Seven yes/no questions", anchor=False)
        threshold_cards.show(evaluation.model, evaluation_set)
