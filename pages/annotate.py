"""Annotate: people label faces without seeing the models' answers, and are compared with them."""

import streamlit as st

from pages.app import navigation
from pages.sections.annotate import labelling, result, setup, transfer
from pages.session import annotations

navigation.ensure_entry_script()
st.title("Do I agree with the models?", anchor=False)

state = annotations.state()
faces = [] if state.choice is None else annotations.faces_of(state.choice)
if state.choice is None or not faces:
    state.choice = None
    st.markdown(
        "Label the emotion of each face before you see any answer, by keys or clicks, alone or "
        "several people one after another. Then see how far you agree with the models, and with "
        "each other."
    )
    setup.show()
    transfer.show_import()
elif annotations.current_annotator() in state.finished:
    result.show(faces, state.choice)
else:
    labelling.show()
