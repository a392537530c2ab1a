"""As many visitors at once as the machine can serve; who comes later waits at the door.

A seat is free again as soon as its browser has gone.
"""

from collections.abc import Callable
from threading import Lock

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.runtime.event_log import log_event
from pages.runtime.settings import settings


class SessionLimit:
    """Sessions that may use the app, `number` at most."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._taken: set[str] = set()
        self._lock = Lock()

    def acquire(self, session: str, here: Callable[[str], bool]) -> bool:
        """Whether `session` has a seat, now or already; `here` tells if a session's browser is."""
        with self._lock:
            if session not in self._taken:
                self._taken = {other for other in self._taken if here(other)}
                if len(self._taken) >= self._number:
                    return False
                self._taken.add(session)
            return True


SESSION_LIMIT = SessionLimit(settings().visitors)


def wait_for_capacity() -> None:
    """Returns where this session has a seat; else the page says so, tries again and ends here."""
    if _seated():
        return
    if not st.session_state.setdefault("told-full", False):
        st.session_state["told-full"] = True
        log_event("no seat")
    st.title("All seats are taken", anchor=False)
    st.markdown(
        "So many people are using FER Explorer right now that another one would slow all of them "
        "down. Leave this page open: it goes on by itself as soon as somebody leaves."
    )
    _try_again()
    st.stop()


@st.fragment(run_every=3)
def _try_again() -> None:
    if _seated():
        st.rerun()
    st.progress(1.0, text="Waiting for a seat")


def _seated() -> bool:
    context = get_script_run_ctx()
    if context is None:  # no session: a page run outside the app
        return True
    return SESSION_LIMIT.acquire(context.session_id, runtime.get_instance().is_active_session)
