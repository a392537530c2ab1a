"""Entry of the app: page set-up and navigation, nothing else. Run with `streamlit run`.

The server loads this file once, for `app`; every look at a page runs it again, for the page.
"""

import streamlit as st
from streamlit import runtime

from pages.server import log, serving
from pages.ui import entry

if not runtime.exists():
    log.set_up()
    app = st.App(
        __file__,
        lifespan=serving.lifespan,
        routes=serving.ROUTES,
        middleware=serving.MIDDLEWARE,
        on_script_error=serving.on_error,
    )
else:
    page = entry.set_up()
    st.html(entry.UI / "style.css")
    st.session_state[entry.KEY] = True
    page.run()
