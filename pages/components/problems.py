"""Photos that could not be read, each with the sentence that says why."""

from collections.abc import Iterable

import streamlit as st

from fer_core.imaging.decode import MAX_BYTES
from pages.session.photos import Photo
from pages.text.escape import escape


def show(photos: Iterable[Photo], too_large: int, no_room: int) -> None:
    """One line a failed file, and one for those that were turned away before they had a name here;
    nothing when all went well."""
    lines = [f"**{escape(p.name)}**: {escape(p.error)}" for p in photos if p.error is not None]
    if too_large:
        lines.append(
            f"Too large to be taken in: {too_large} of your files. A photo may have "
            f"{MAX_BYTES // 2**20} MB; save it smaller."
        )
    if no_room:
        lines.append(
            f"No room right now for {no_room} of your files, because many people use the app. "
            "Send them again in a minute."
        )
    # Always there, so that what follows keeps its place: an upload field that is moved forgets what
    # it was sending.
    place = st.container()
    if lines:
        place.warning("  \n".join(lines), icon=":material/broken_image:")
