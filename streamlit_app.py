"""Entry of the app: web server, page set-up and navigation. Run with `streamlit run`."""

import streamlit as st

from pages.server import log, serving
from pages.ui import entry

if __name__ == "__main__":  # a visitor's run
    page = entry.set_up()
    st.html(entry.UI / "style.css")
    st.session_state[entry.KEY] = True
    page.run()
else:  # `streamlit run` imports this once and serves it
    log.set_up()
    app = st.App(
        __file__,
        lifespan=serving.lifespan,
        routes=serving.ROUTES,
        middleware=serving.MIDDLEWARE,
        on_script_error=log.error,
    )
