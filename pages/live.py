"""Live: how does an expression change over time, before a camera or in a film?"""

import streamlit as st

from pages.app import navigation
from pages.sections.live import setup, timeline_part

navigation.ensure_entry_script()
st.title("How does an expression change over time?", anchor=False)

setup.show()
timeline_part.show_recordings()
