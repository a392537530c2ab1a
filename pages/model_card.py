"""Model cards: what a model is, how it was trained, how good it is and what it must not be used
for."""

import streamlit as st

from fer_core.reports import model_card
from pages.app import navigation
from pages.components import downloads, selectors
from pages.sections.model_card import panels
from pages.style import STYLES

navigation.ensure_entry_script()
st.html(STYLES / "model_card.css")
st.title("How was each model built and trained?", anchor=False)
models = selectors.require_results()
with st.container(horizontal=True, vertical_alignment="bottom"):
    model = selectors.select_model(models)
    downloads.button(
        "Download the card (Markdown)", lambda: model_card.to_markdown(model), f"{model.name}.md"
    )
with st.container(key="card"):
    panels.show(model)
