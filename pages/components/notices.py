"""Warnings about files that could not be read: committed results and a visitor's photos.

A results file that only one page reads is reported by that page.
"""

from collections.abc import Iterable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fer_core.artifacts import store, summaries
from fer_core.datasets import fer2013_appearance, fer2013_ids, fer2013_stats
from fer_core.imaging.decode import MAX_BYTES
from fer_core.registry import MODELS
from fer_core.reports.answers import photo_notes
from pages.session.batches import LeftOut
from pages.session.photo import Photo
from pages.session.photos import SessionPhotos
from pages.text.escape import escape

MAX_LINES = 30  # of one notice; further ones are in an expander


def result_problems() -> list[str]:
    """One sentence per damaged file that several pages read: model summaries, FER2013's tables."""
    problems = [summaries.problem(model) for model in MODELS.values()]
    problems.append(store.problem(fer2013_stats.path(), fer2013_stats.WRITER))
    quantiles = fer2013_appearance.quantiles_path()
    problems.append(store.problem(quantiles, fer2013_appearance.COMMAND))
    problems.append(store.problem(fer2013_ids.row_numbers_path(), None))
    return [problem for problem in problems if problem is not None]


def show_damaged_results() -> None:
    """Show one warning above the page if any results file is damaged."""
    if problems := result_problems():
        lines = ["Some results cannot be shown.", *map(escape, problems)]
        st.warning("  \n".join(lines), icon=":material/rule:")


def show_handed_over(session: SessionPhotos) -> None:
    """Say after a reload that the photos are still there."""
    container = st.container()  # always present, as below
    if session.is_handed_over and session.album:
        container.caption("Your photos are still here after a reload; Clear removes them.")


def show_rejected_files(photos: Iterable[Photo], too_large: int, over_quota: int) -> None:
    """Show one line per unreadable file, and the number of uploads the server rejected, if any.

    Rejected uploads never reach the page, so their names are unknown here.
    """
    lines = [f"**{escape(p.name)}**: {escape(p.error)}" for p in photos if p.error is not None]
    limit = f"{MAX_BYTES // 2**20} MB"
    sentences = []
    if too_large:
        sentences.append(
            f"{too_large} file is larger than {limit}. Reduce its size and upload it again."
            if too_large == 1
            else f"{too_large} files are larger than {limit}. Reduce their size and upload again."
        )
    if over_quota:
        sentences.append(
            f"{over_quota:,} {'file was' if over_quota == 1 else 'files were'} not accepted "
            "because the memory for waiting photos was full. When the others have been read, add "
            "the same files or folder again: what has been read already is skipped."
        )
    # Always present, so that later elements keep their position: an upload field that moves loses
    # the upload in progress.
    container = st.container()
    if lines or sentences:
        container.warning(
            "  \n".join([*lines[:MAX_LINES], *sentences]), icon=":material/broken_image:"
        )
        _show_rest(container, lines)


def show_not_read(left_out: LeftOut) -> None:
    """Show how many of the chosen files were not read, why, and which; it stays until "Clear"."""
    container = st.container()  # always present, as above
    for reason, count in left_out.counts.items():
        files = "file was" if count == 1 else "files were"
        container.warning(f"{count:,} {files} not read: {reason}")
    names = [name for members in left_out.names.values() for name in members]
    if names:
        with container.expander("Names of the files that were not read"):
            st.code("\n".join(names), language=None, height=240)
            st.caption("They are in the CSV and JSON files too, with the reason.")


def show_left_out(photos: Iterable[Photo]) -> None:
    """Show one line per photo that has more faces or pictures than are used."""
    notes = ((photo.name, "; ".join(photo_notes(photo.as_answers([])))) for photo in photos)
    lines = [f"**{escape(name)}**: {note}." for name, note in notes if note]
    container = st.container()  # always present, as above
    if lines:
        container.info("  \n".join(lines[:MAX_LINES]))
        _show_rest(container, lines)


def _show_rest(container: DeltaGenerator, lines: Sequence[str]) -> None:
    """Put the lines beyond `MAX_LINES` into an expander."""
    if rest := lines[MAX_LINES:]:
        with container.expander(f"{len(rest)} more"):
            st.markdown("  \n".join(rest))
