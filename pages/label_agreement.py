"""Label agreement: FER2013's labels and the models compared with FER+'s ten annotators per face."""

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
    agreement = ferplus_agreement.load_agreement()
except ResultsError as error:
    st.info(str(error))
    st.stop()
split = selectors.select_split()
labels = agreement.labels[split]
rows = {model.name: row for model in evaluated if (row := agreement.for_model(model, split))}
outdated = [model.title for model in evaluated if model.name not in rows]

panels.show_answer(labels, split, evaluated)
if outdated:
    st.warning(
        f"No FER+ agreement for the current weights of {', '.join(outdated)}: "
        "run `python -m training.ferplus`."
    )
if not rows:
    st.stop()

panels.show_accuracies(labels, split, rows)
panels.show_protocol(agreement.protocol[split], split, rows)
panels.show_by_emotion(labels, split)
panels.show_disputed_labels(split, rows)
