"""Glossary: the terms of all pages, from docs/glossary.md."""

import re
from pathlib import Path

import streamlit as st

from pages.app import navigation

navigation.ensure_entry_script()
st.title("What do the terms mean?", anchor=False)
source = Path(__file__).parents[1] / "docs/glossary.md"
_, _, terms = source.read_text("utf-8").partition("\n")
st.markdown(re.sub(r" \(\[[^]]*\]\(\w+\.md\)\)", "", terms))  # links to other documents
