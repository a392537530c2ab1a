"""The draft of a test set that a session has: where it is kept, handed over and deleted."""

from collections import deque
from weakref import WeakSet

import streamlit as st

from pages.session import capacity
from pages.session.set_draft import SetDraft

SESSION_KEY = "set-draft"
#: Those of all sessions; weak references, so a session's entry disappears with it.
_all_drafts: WeakSet[SetDraft] = WeakSet()


def of_session(session_id: str) -> list[SetDraft]:
    """The drafts of the session with this id; for use outside the session's own runs."""
    return [each for each in list(_all_drafts) if each.session_id == session_id]


def memory_bytes(session_id: str | None = None) -> int:
    """Approximate memory use of all sessions' drafts, or of one session's, in bytes."""
    return sum(
        each.memory_bytes for each in list(_all_drafts) if session_id in (None, each.session_id)
    )


def draft() -> SetDraft:
    """This session's draft."""
    if SESSION_KEY not in st.session_state:
        st.session_state[SESSION_KEY] = SetDraft(session_id=capacity.session_id())
        _all_drafts.add(st.session_state[SESSION_KEY])
    current: SetDraft = st.session_state[SESSION_KEY]
    return current


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
