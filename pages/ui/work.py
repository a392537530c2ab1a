"""The long part of the Classify page: reading waiting files and asking models, with progress."""

from collections.abc import Sequence

import streamlit as st

from fer_core import pipeline, variants
from fer_core.errors import WeightsError
from pages.ui import photos


def read_inbox() -> None:
    """Read every waiting file; the first new photo becomes the one on show."""
    total = len(photos.inbox())
    if not total:
        return
    bar = st.progress(0.0, text="Looking for faces")
    first, refused = None, 0
    while photos.inbox():
        done = total - len(photos.inbox())
        bar.progress(done / total, text=f"Looking for faces: photo {done + 1} of {total}")
        key = photos.read_next()
        refused += key is None
        if key is not None and photos.album()[key].error is None:
            first = first or key
    bar.empty()
    if first is not None:
        st.session_state["photo"] = first
    if refused:
        st.warning(
            f"{refused} photos were left out: a session holds {photos.MAX_PHOTOS}. "
            "Clear it to make room."
        )


def ask(names: Sequence[str]) -> list[str]:
    """Have the named models answer every face they have not seen; those that could, by name."""
    willing = []
    for name in names:
        waiting = [
            photo
            for photo in photos.album().values()
            if name not in photo.answers and len(photo.chips)
        ]
        title = variants.get(name).title
        bar = st.progress(0.0, text=f"Asking {title}") if waiting else None
        try:
            for i, photo in enumerate(waiting):
                told = pipeline.answer_chips(photo.chips, [name])
                photo.answers[name] = [answers[name] for answers in told]
                if bar is not None:
                    done = f"Asking {title}: photo {i + 1} of {len(waiting)}"
                    bar.progress((i + 1) / len(waiting), text=done)
            willing.append(name)
        except WeightsError as error:
            st.error(f"{title}: {error}")
        if bar is not None:
            bar.empty()
    return willing
