"""Entry point of the app: web server, page set-up and navigation. Run with `streamlit run`."""

import streamlit as st

from pages.app import navigation, page_errors
from pages.components import print_out
from pages.runtime import event_log
from pages.server import lifespan, streamlit_internals
from pages.style import STYLES

if __name__ == "__main__":  # a visitor's script run
    page = navigation.set_up()
    for sheet in ("app.css", "photos.css", "print.css"):
        st.html(STYLES / sheet)
    navigation.show_tools(page)
    st.session_state[navigation.ENTERED_KEY] = True
    try:
        page.run()
    finally:  # also where a page stops early
        print_out.show_origin()
else:  # `streamlit run` imports this module once and serves `app`
    streamlit_internals.pass_log_records_on()
    event_log.take_over()
    app = st.App(
        __file__,
        lifespan=lifespan.lifespan,
        routes=lifespan.ROUTES,
        middleware=lifespan.MIDDLEWARE,
        on_script_error=page_errors.show_error,
    )
