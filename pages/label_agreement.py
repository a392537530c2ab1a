"""The crowd's eye: models and labels held against what ten people said of each face."""

import streamlit as st

from fer_core.errors import ResultsError
from fer_core.evaluation import ferplus_agreement
from pages.app import navigation
from pages.components import selectors
from pages.sections.label_agreement import panels

navigation.ensure_entry_script()
st.title("Is the model wrong, or the label?", anchor=False)
evaluated = selectors.require_results()
try:
    seen = ferplus_agreement.load_agreement()
except ResultsError as error:
    st.info(str(error))
    st.stop()
split = selectors.select_split()
labels = seen.labels[split]
rows = {v.name: row for v in evaluated if (row := seen.for_model(v, split))}
stale = [v.title for v in evaluated if v.name not in rows]

panels.show_answer(labels, split, evaluated)
if stale:
    st.warning(
        f"No numbers for the present weights of {', '.join(stale)}: "
        "run `python -m training.ferplus`."
    )
if not rows:
    st.stop()

panels.show_accuracies(labels, split, rows)
panels.show_by_emotion(labels, split)
panels.show_disputed_labels(split, rows)
