"""Photos that could not be read, each with the sentence that says why."""

from collections.abc import Iterable

import streamlit as st

from pages.ui.photos import Photo
from pages.ui.words import escape


def show(photos: Iterable[Photo]) -> None:
    """One line a failed file; nothing when all went well."""
    lines = [f"**{escape(p.name)}**: {escape(p.error)}" for p in photos if p.error is not None]
    if lines:
        st.warning("  \n".join(lines), icon=":material/broken_image:")
