"""What a visitor sees when a page fails: one sentence and two ways to go on, no internals."""

import streamlit as st

from pages.runtime import event_log
from pages.session import photos


def show_error(error: BaseException) -> bool:
    """Log an uncaught error of a page and show the visitor how to go on.

    Returns:
        True, which keeps Streamlit from showing its own text.
    """
    event_log.log_error(error)
    st.error(
        "**Something went wrong on this page.** Your photos and their answers are still here. Try "
        "again, or open another page; if it keeps happening, clear your photos.",
        icon=":material/error:",
    )
    with st.container(horizontal=True):
        st.button("Try again", key="error-retry")
        st.button("Clear photos", key="error-clear", on_click=photos.clear)
    return True
