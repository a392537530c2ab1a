"""Confusion matrices: which emotions does a model mix up?"""

import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation.classification import Scale
from pages.app import navigation
from pages.components import selectors
from pages.sections.confusion import cell_faces, controls, matrices, panels, threshold_cards

navigation.ensure_entry_script()
st.title("Which emotions does it mix up?", anchor=False)
found = selectors.require_results()
with st.container(horizontal=True, vertical_alignment="bottom"):
    first = selectors.select_model(found)
    second = controls.second_model(found, first)
    split = selectors.select_split()
    scale: Scale = controls.select_option("Numbers", panels.SCALES, "numbers")
    view = controls.select_option("View", controls.VIEWS, "view") if second else "side"
try:
    models = [panels.evaluate(variant, split) for variant in (first, second) if variant]
except ResultsError as error:
    st.error(str(error))
    st.stop()

place = st.container()  # filled last, because it frames the cell chosen below
st.header("The faces behind a cell", anchor=False)
st.caption("Click a cell above, or choose it here.")
with st.container(horizontal=True, vertical_alignment="bottom"):
    label = controls.select_emotion("Labelled", "label", "fear")
    answer = controls.select_emotion("Answered", "answer", "sad")
    told = models[0]
    if second:
        titles = {"first": first.title, "second": second.title}
        told = models[list(titles).index(controls.select_option("By the model", titles, "of"))]
cell_faces.show(told, label, answer, found)
with place:
    matrices.draw(models, view, scale, (EMOTIONS.index(label), EMOTIONS.index(answer)))
    matrices.notes(models, split, scale)

for told in models:
    if told.predictions.scores is not None:
        st.header("Seven yes/no questions", anchor=False)
        threshold_cards.show(told.variant, told.predictions)
