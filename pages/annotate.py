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
    setup.show()
    transfer.show_import()
elif annotations.current_annotator() in state.finished:
    result.show(faces, state.choice)
else:
    labelling.show()
