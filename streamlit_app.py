"""Entry of the app: page set-up and navigation, nothing else. Run with `streamlit run`."""

import streamlit as st

from pages.ui import entry

page = entry.set_up()
st.html(entry.UI / "style.css")
st.session_state[entry.KEY] = True
page.run()
