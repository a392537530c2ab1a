"""Hands what a visitor has over to the session that begins when the page is reloaded.

To Streamlit a reload is a new visit. The browser is told by its cookie. Only a session whose
browser has left a moment ago is taken for the same visit, so open tabs stay apart.
"""

import time
from collections.abc import Callable

import streamlit as st

from pages.server import streamlit_internals
from pages.session import capacity, current_draft, own_sets, photos, recordings
from pages.session.batches import LeftOut
from pages.session.photos import SessionPhotos

RELOAD_SECONDS = 30.0  # between the end of one session and the beginning of the next


class RecentlyLeft:
    """The sessions whose browser has left within the last `RELOAD_SECONDS`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left: dict[str, tuple[str, float]] = {}  # session → its browser, time

    def note(self, session: str, browser: str) -> None:
        """Note that a session's browser has left."""
        start = self._clock() - RELOAD_SECONDS
        left = self._left.copy().items()
        self._left = {other: entry for other, entry in left if entry[1] > start}
        self._left[session] = (browser, self._clock())

    def of_browser(self, browser: str) -> list[str]:
        """Ids of the sessions of a browser, named as by `BROWSER_HEADER`."""
        start = self._clock() - RELOAD_SECONDS
        left = self._left.copy().items()
        return [
            each for each, (owner, since) in left if browser and owner == browser and since > start
        ]


RECENTLY_LEFT = RecentlyLeft()


def keep_photos() -> None:
    """Let a session that has just begun take over what the one before the reload has."""
    if st.session_state.setdefault("reload-checked", False):
        return
    st.session_state["reload-checked"] = True
    browser = streamlit_internals.session_browser(capacity.session_id())
    ended = [
        session
        for session in RECENTLY_LEFT.of_browser(browser)
        if not streamlit_internals.is_session_active(session)  # a broken connection came back
    ]
    holding = [
        held for session in ended for held in photos.of_session(session) if held.album or held.inbox
    ]
    if len(holding) == 1:
        _move(holding[0], photos.session_photos())
    results = [r for session in ended for r in own_sets.of_session(session) if not r.is_empty]
    if results:
        own_sets.own_results().take_over(results[-1])  # those of the latest visit
    drafts = [
        each
        for session in ended
        for each in current_draft.of_session(session)
        if each.inbox or each.photos or each.table
    ]
    if drafts:
        current_draft.take_over(drafts[-1])
    films = [r for session in ended for r in recordings.of_session(session) if r.recordings]
    if films:
        recordings.session_recordings().take_over(films[-1])


def _move(old: SessionPhotos, new: SessionPhotos) -> None:
    """Move photos, read and waiting; the old session has none then, should it come back."""
    new.album, old.album = old.album, {}
    new.inbox, old.inbox = old.inbox, []
    new.left_out, old.left_out = old.left_out, LeftOut()
    new.is_decided, new.is_paused, new.is_handed_over = old.is_decided, old.is_paused, True
    old.removed = None
