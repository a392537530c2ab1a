"""Model cards: what a variant is, how it was made, how good it is, what it is not for."""

import streamlit as st

from fer_core.reports import model_card
from pages.app import navigation
from pages.components import downloads, selectors
from pages.sections.model_card import panels
from pages.style import STYLES

navigation.ensure_entry_script()
st.html(STYLES / "model_card.css")
st.title("How was it made?", anchor=False)
found = selectors.require_results()
with st.container(horizontal=True, vertical_alignment="bottom"):
    variant = selectors.select_model(found)
    downloads.button(
        "Download the card (Markdown)", lambda: model_card.to_markdown(variant), f"{variant.name}.md"
    )
with st.container(key="card"):
    panels.show(variant)
