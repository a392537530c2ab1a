"""The crowd's eye: models and labels held against what ten people said of each face."""

import streamlit as st

from fer_core.errors import ResultsError
from fer_core.evaluation import ferplus_agreement
from pages.app import navigation
from pages.components import selectors
from pages.sections.label_agreement import panels

navigation.ensure()
st.title("Is the model wrong, or the label?", anchor=False)
evaluated = selectors.need_results()
try:
    seen = ferplus_agreement.recorded()
except ResultsError as error:
    st.info(str(error))
    st.stop()
split = selectors.split()
labels = seen.labels[split]
rows = {v.name: row for v in evaluated if (row := seen.of(v, split))}
stale = [v.title for v in evaluated if v.name not in rows]

panels.answer(labels, split, evaluated)
if stale:
    st.warning(
        f"No numbers for the present weights of {', '.join(stale)}: "
        "run `python -m training.ferplus`."
    )
if not rows:
    st.stop()

panels.accuracies(labels, split, rows)
panels.by_emotion(labels, split)
panels.backed(split, rows)
