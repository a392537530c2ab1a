"""What to read of a batch that has more photos than pictures can be kept; asked before any work."""

import streamlit as st

from pages.session import batches, photos
from pages.session.photos import SessionPhotos

ALL = "all"
CHOICE_KEY = "batch-choice"


def is_needed(session: SessionPhotos) -> bool:
    """Whether the waiting files are more than there is room for pictures, and nobody has chosen."""
    return not session.is_decided and 0 < session.picture_room < len(session.inbox)


def show(session: SessionPhotos) -> None:
    """Offer to read all waiting files, or a sample of them."""
    names = [name for name, _ in session.inbox]
    labels = options(names, session.picture_room, photos.MAX_PHOTOS - len(session.album))
    with st.container(border=True):
        st.header(f"{len(names):,} photos are waiting", anchor=False)
        st.radio("Which ones should be read?", list(labels), format_func=labels.get, key=CHOICE_KEY)
        with st.container(horizontal=True):
            st.button("Start", on_click=_start, type="primary", key="start")
            st.button("Discard them", on_click=_discard, key="discard")


def options(names: list[str], pictures: int, room: int) -> dict[str, str]:
    """What can be chosen of a batch, with a label each.

    Args:
        names: Of the waiting files.
        pictures: How many more photos can be kept with their picture.
        room: How many more photos can be kept at all.
    """
    total, folders = len(names), len(batches.folder_indices(names))
    everything = f"All {total:,}" if total <= room else f"The first {room:,}, which is the limit"
    labels = {
        ALL: f"{everything}; beyond the first {pictures}, only the faces and answers are kept",
        "per folder": f"{pictures}, evenly from the {folders} folders",
        "evenly": f"{pictures}, evenly spread over the batch",
        "first": f"The first {pictures}",
    }
    if folders < 2:
        del labels["per folder"]
    return labels


def _start() -> None:
    session = photos.session_photos()
    choice = st.session_state[CHOICE_KEY]
    names = [name for name, _ in session.inbox]
    if choice == ALL:
        session.is_decided = True
    else:
        session.select(batches.SAMPLES[choice](names, session.picture_room))


def show_paused(session: SessionPhotos) -> None:
    """Offer to read the files whose reading was stopped, or to discard them."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        count = len(session.inbox)
        st.markdown(f"**{count:,} {'photo is' if count == 1 else 'photos are'} not read yet.**")
        st.button("Read the rest", on_click=photos.read_rest, type="primary", key="read-rest")
        st.button("Discard the rest", on_click=photos.discard_rest, key="discard-rest")


def _discard() -> None:
    photos.session_photos().inbox.clear()
