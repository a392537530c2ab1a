"""Upload panel: photos from files, a folder, the camera or the built-in sample."""

import time
from collections.abc import Collection
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fer_core.imaging.sample_photo import sample_photo
from pages.components import batch_choice, notices, photo_sources, samples, selectors
from pages.server import session_cleanup, upload_limit
from pages.session import capacity, current_draft, photos, selection, undo, work
from pages.session.photo import Photo
from pages.session.preload import PRELOADER


def upload_panel(
    row: DeltaGenerator,
    model_name: str | None = None,
    *,
    has_picker: bool = True,
    has_camera: bool = True,
) -> dict[str, Photo]:
    """Read waiting files and return the session's readable photos by key.

    The buttons to add, to remove and to clear photos go into `row`. Files that could not be read
    are reported below it; without any photo the panel shows the ways to upload one.

    Args:
        row: Container for the buttons.
        model_name: Model that answers each photo as soon as it is read, if any.
        has_picker: Whether the page shows one selected photo, which can then be removed.
        has_camera: Whether the camera is part of the panel; if not, the page calls `show_camera`.
    """
    session = photos.session_photos()
    current_draft.leave()
    # Each has its place from the start: an upload field that moves loses the upload in progress.
    progress, undo_line, rejections = st.empty(), st.container(), st.container()
    body, camera = st.container(), st.container()  # `st.empty` would remove the field for a moment
    is_undecided = batch_choice.is_needed(session)
    if is_undecided:
        with progress.container():
            batch_choice.show(session)
    elif session.inbox and session.is_paused:
        with progress.container():
            batch_choice.show_paused(session)
    elif session.inbox:
        body = body.empty()  # or the empty state would stay in sight, pale, while photos are read
        with progress.container():
            work.read_inbox(model_name)
        progress.empty()
    selection.select_new()
    if not session.inbox:
        session.is_decided = False
    new = upload_limit.pop_rejected(capacity.session_id())
    rejected = photos.record_rejected(*new)
    album = session.album
    readable = {key: photo for key, photo in album.items() if photo.error is None}
    if readable:
        PRELOADER.request(selectors.current_model_name())
    with row:
        if readable and not photo_sources.is_camera_on():
            _popover()
        if has_picker and len(readable) > 1:
            st.button("Remove this photo", icon=":material/close:", on_click=_remove, key="remove")
        if album or any(rejected) or session.left_out.counts:
            st.button("Clear", icon=":material/delete:", on_click=_clear, key="clear")
    with undo_line:
        if session.removed is not None:
            _offer_undo()
    with rejections:
        notices.show_handed_over(session)
        notices.show_rejected_files(album.values(), *rejected)
        notices.show_not_read(session.left_out)
        notices.show_left_out(readable.values())
    if photo_sources.is_camera_on():
        if has_camera:
            with camera:
                show_camera(readable)
    elif not readable and not is_undecided:
        with body.container():
            _empty_state()
    return readable


def show_camera(readable: Collection[str]) -> None:
    """Show the camera if it is on, at a place that it keeps from one photo to the next.

    Args:
        readable: The session's readable photos.
    """
    if not photo_sources.is_camera_on():
        return
    with st.container(key="camera"):
        photo_sources.show()
        if not readable:
            photo_sources.show_notice()
            _sample_button("tertiary")


def _clear() -> None:
    """Delete the session's photos, and the images of them that the browser could still fetch."""
    photos.clear()
    session_cleanup.delete_media(capacity.session_id())


def _remove() -> None:
    """Delete the selected photo, and the images of it that the browser could still fetch."""
    album = photos.album()
    readable = (key for key, photo in album.items() if photo.error is None)
    undo.remove(st.session_state.get(photos.CURRENT_KEY) or next(readable))
    session_cleanup.delete_media(capacity.session_id())


@st.fragment(run_every=5)
def _offer_undo() -> None:
    """Offer to bring back what was removed, until it is forgotten."""
    session = photos.session_photos()
    session.forget_removed(time.monotonic())
    if session.removed is None:
        return
    count = session.removed.count
    done = "Cleared" if not session.album else "Removed"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"{done} {count:,} {'photo' if count == 1 else 'photos'}. This can be undone for "
            f"{photos.UNDO_SECONDS} seconds, then it is gone."
        )
        if st.button("Undo", icon=":material/undo:", key="undo"):
            undo.undo()
            st.rerun()


def _popover() -> None:
    """Show the upload widgets behind a button, for a page that already shows photos."""
    key = f"add-{photo_sources.upload_count()}"
    with st.popover("Add photos", icon=":material/add_a_photo:", key=key):
        photo_sources.show()
        st.button("Add the sample photo", on_click=samples.receive, type="tertiary")
        samples.show()
        photo_sources.show_notice()


def _empty_state() -> None:
    """Show the upload widgets and a sample photo to try."""
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(border=True, height="stretch"):
        st.header("Start with a photo of a face", anchor=False)
        photo_sources.show()
        photo_sources.show_notice()
    with right, st.container(border=True, height="stretch"):
        st.header("No photo at hand?", anchor=False)
        with st.container(key="sample-photo"):  # its height is in photos.css
            st.image(
                sample_photo(),
                width=160,
                alt="Smiling astronaut in an orange space suit: the built-in sample photo",
            )
        _sample_button("primary")
        samples.show()


def _sample_button(kind: Literal["primary", "tertiary"]) -> None:
    receive = samples.receive
    st.button("Try the sample photo", on_click=receive, type=kind, key="sample")
