"""Warnings about files that could not be read: committed results and a visitor's photos.

A results file that only one page reads is reported by that page.
"""

from collections.abc import Iterable

import streamlit as st

from fer_core.artifacts import store, summaries
from fer_core.datasets import fer2013_ids, fer2013_stats
from fer_core.imaging.decode import MAX_BYTES
from fer_core.registry import MODELS
from fer_core.reports.export import photo_notes
from pages.session.photos import Photo, SessionPhotos
from pages.text.escape import escape


def result_problems() -> list[str]:
    """One sentence per damaged file: model summaries, data set statistics, table of row numbers."""
    problems = [summaries.problem(model) for model in MODELS.values()]
    problems.append(store.problem(fer2013_stats.path(), fer2013_stats.WRITER))
    problems.append(store.problem(fer2013_ids.row_numbers_path(), None))
    return [problem for problem in problems if problem is not None]


def show_damaged_results() -> None:
    """Show one warning above the page if any results file is damaged."""
    if problems := result_problems():
        lines = ["Some results cannot be shown.", *map(escape, problems)]
        st.warning("  \n".join(lines), icon=":material/rule:")


def show_rejected_files(photos: Iterable[Photo], too_large: int, over_quota: int) -> None:
    """Show one line per unreadable file, and the number of uploads the server rejected, if any.

    Rejected uploads never reach the page, so their names are unknown here.
    """
    lines = [f"**{escape(p.name)}**: {escape(p.error)}" for p in photos if p.error is not None]
    limit = f"{MAX_BYTES // 2**20} MB"
    if too_large:
        lines.append(
            f"{too_large} file is larger than {limit}. Reduce its size and upload it again."
            if too_large == 1
            else f"{too_large} files are larger than {limit}. Reduce their size and upload again."
        )
    if over_quota:
        lines.append(
            f"{over_quota} {'file was' if over_quota == 1 else 'files were'} not accepted because "
            "the app's photo memory is full. Try again in a minute."
        )
    # Always present, so that later elements keep their position: an upload field that moves loses
    # the upload in progress.
    container = st.container()
    if lines:
        container.warning("  \n".join(lines), icon=":material/broken_image:")


def show_not_read(session: SessionPhotos) -> None:
    """Show how many of the chosen files had no room, and why; it stays until "Clear"."""
    container = st.container()  # always present, as above
    if session.not_read:
        files = "file was" if session.not_read == 1 else "files were"
        container.warning(f"{session.not_read} {files} not read: {session.not_read_reason}")


def show_left_out(photos: Iterable[Photo]) -> None:
    """Show one line per photo that has more faces or pictures than are used."""
    notes = ((photo.name, "; ".join(photo_notes(photo.as_answers([])))) for photo in photos)
    lines = [f"**{escape(name)}**: {note}." for name, note in notes if note]
    container = st.container()  # always present, as above
    if lines:
        container.info("  \n".join(lines))
