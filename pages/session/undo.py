"""Removing one photo, and bringing back what was removed or cleared a moment ago."""

import time

import streamlit as st

from pages.session import photos


def remove(key: str) -> None:
    """Delete one photo; it can be brought back for `photos.UNDO_SECONDS`."""
    session = photos.session_photos()
    if key in session.album:
        session.removed = session.as_removed(1)
        del session.album[key]
        for name in (photos.CURRENT_KEY, "saliency"):
            st.session_state.pop(name, None)


def undo() -> None:
    """Bring back what was cleared or removed last, if it is still held."""
    session = photos.session_photos()
    session.forget_removed(time.monotonic())
    if session.removed is not None:
        merged = session.removed.album | session.album
        session.album.clear()
        session.album.update(merged)
        session.left_out = session.removed.left_out
        session.removed = None
