"""The draft of a test set that a session has: where it is kept, handed over and deleted."""

from collections import deque

import streamlit as st

from pages.session.per_session import PerSession
from pages.session.set_draft import SetDraft

SESSION_KEY = "set-draft"
_DRAFTS = PerSession(SESSION_KEY, lambda session_id: SetDraft(session_id=session_id))
draft, of_session, memory_bytes = _DRAFTS.current, _DRAFTS.of_session, _DRAFTS.memory_bytes


def is_uploading_to(session_id: str) -> bool:
    """Whether the session's page of the moment takes uploads for a test set."""
    return any(each.is_open for each in of_session(session_id))


def leave() -> None:
    """Note that the page of the moment takes photos, not a test set."""
    if SESSION_KEY in st.session_state:
        st.session_state[SESSION_KEY].is_open = False


def take_over(other: SetDraft) -> None:
    """Make another session's draft this session's; the other has none then, should it come back."""
    fields = {name: getattr(other, name) for name in vars(other) if name != "session_id"}
    current, empty = draft(), SetDraft()
    for name, value in fields.items():
        setattr(current, name, value)
        setattr(other, name, getattr(empty, name))


def discard() -> None:
    """Delete this session's draft."""
    before: SetDraft | None = st.session_state.pop(SESSION_KEY, None)
    if before is not None:  # something may still refer to it, such as a run that has not ended
        before.inbox, before.waiting, before.photos = deque(), deque(), {}
        before._archives, before._tables, before.table, before.builder = [], {}, None, None
