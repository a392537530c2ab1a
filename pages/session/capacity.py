"""Limit on concurrent sessions; further visitors wait until one becomes free.

A session counts only while its browser is connected.
"""

from collections.abc import Callable
from threading import Lock

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.runtime.event_log import log_event
from pages.runtime.settings import settings


class SessionLimit:
    """The set of sessions that may use the app, at most `maximum`."""

    def __init__(self, maximum: int) -> None:
        self._maximum = maximum
        self._admitted: set[str] = set()
        self._lock = Lock()

    def acquire(self, session: str, is_connected: Callable[[str], bool]) -> bool:
        """Admit `session` if there is room; return whether it is admitted.

        `is_connected` tells whether a session's browser is still connected; sessions whose browser
        has left make room.
        """
        with self._lock:
            if session not in self._admitted:
                self._admitted = {other for other in self._admitted if is_connected(other)}
                if len(self._admitted) >= self._maximum:
                    return False
                self._admitted.add(session)
            return True

    def is_admitted(self, session: str) -> bool:
        """Whether `session` was admitted and has not made room since."""
        return session in self._admitted


SESSION_LIMIT = SessionLimit(settings().visitors)


def wait_for_capacity() -> None:
    """Return if this session is admitted; else show a waiting page and stop."""
    if _is_admitted():
        return
    if not st.session_state.setdefault("capacity-logged", False):
        st.session_state["capacity-logged"] = True
        log_event("no seat")
    st.title("The app is at capacity", anchor=False)
    st.markdown(
        "Many people are using FER Explorer right now; one more would slow it down for everyone. "
        "Leave this page open: it continues automatically as soon as somebody leaves."
    )
    _retry()
    st.stop()


@st.fragment(run_every=3)
def _retry() -> None:
    if _is_admitted():
        st.rerun()
    st.progress(1.0, text="Waiting for a free session")


def session_id() -> str:
    """Id of the session whose page is running; empty outside the app."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def _is_admitted() -> bool:
    session = session_id()
    if not session:
        return True
    return SESSION_LIMIT.acquire(session, runtime.get_instance().is_active_session)
