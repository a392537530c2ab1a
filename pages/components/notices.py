"""What could not be read, in a sentence each: committed results, and a visitor's photos.

A page that alone reads a file of results says itself what is wrong with it.
"""

from collections.abc import Iterable

import streamlit as st

from fer_core.artifacts import store, summaries
from fer_core.datasets import fer2013, fer2013_stats
from fer_core.imaging.decode import MAX_BYTES
from fer_core.registry import MODELS
from pages.session.photos import Photo
from pages.text.escape import escape


def result_problems() -> list[str]:
    """A sentence a file: variants' summaries, the data set's facts and its table of names."""
    told = [summaries.problem(variant) for variant in MODELS.values()]
    told.append(store.problem(fer2013_stats.path(), fer2013_stats.WRITER))
    told.append(store.problem(fer2013.row_numbers_path(), None))
    return [sentence for sentence in told if sentence is not None]


def show_damaged_results() -> None:
    """One warning above the page; nothing when all is well."""
    if found := result_problems():
        lines = ["Some results are left out on these pages.", *map(escape, found)]
        st.warning("  \n".join(lines), icon=":material/rule:")


def show_rejected_files(photos: Iterable[Photo], too_large: int, over_quota: int) -> None:
    """One line a failed file, and one for those that were turned away before they had a name here;
    nothing when all went well."""
    lines = [f"**{escape(p.name)}**: {escape(p.error)}" for p in photos if p.error is not None]
    if too_large:
        lines.append(
            f"Too large to be taken in: {too_large} of your files. A photo may have "
            f"{MAX_BYTES // 2**20} MB; save it smaller."
        )
    if over_quota:
        lines.append(
            f"No room right now for {over_quota} of your files, because many people use the app. "
            "Send them again in a minute."
        )
    # Always there, so that what follows keeps its place: an upload field that is moved forgets what
    # it was sending.
    place = st.container()
    if lines:
        place.warning("  \n".join(lines), icon=":material/broken_image:")
