"""Upload panel: photos from files, a folder, the camera or the built-in sample."""

import time
from pathlib import PurePosixPath

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fer_core.imaging import decode
from fer_core.imaging.file_types import PHOTO_EXTENSIONS, is_hidden
from fer_core.imaging.sample_photo import SAMPLE_PHOTO_NAME, sample_photo
from fer_core.imaging.unsupported import SUPPORTED_FORMATS
from pages.components import batch_choice, notices, page_links
from pages.server import session_cleanup, streamlit_internals, upload_limit
from pages.session import capacity, photos, undo, work
from pages.session.photos import Photo

WIDGET_LIMIT_MB = (
    2000  # the server rejects files over the real limit, so that the page can report them
)
PRIVACY_NOTICE = (
    "Photos stay in memory and are forgotten when you leave. "
    "The result is an AI model's guess, not a person's feeling. "
    "Ask people before you use their photo, and tell them what it is for."
)


def upload_panel(
    row: DeltaGenerator, model_name: str | None = None, *, has_picker: bool = True
) -> dict[str, Photo]:
    """Read waiting files and return the session's readable photos by key.

    The buttons to add, to remove and to clear photos go into `row`. Files that could not be read
    are reported below it; without any photo the panel shows the ways to upload one.

    Args:
        row: Container for the buttons.
        model_name: Model that answers each photo as soon as it is read, if any.
        has_picker: Whether the page shows one selected photo, which can then be removed.
    """
    session = photos.session_photos()
    # Each has its place from the start: an upload field that moves loses the upload in progress.
    progress, undo_line, rejections, body = st.empty(), st.container(), st.container(), st.empty()
    is_undecided = batch_choice.is_needed(session)
    if is_undecided:
        with progress.container():
            batch_choice.show(session)
    elif session.inbox:
        body.empty()  # or the empty state would stay in sight, pale, while photos are read
        with progress.container():
            work.read_inbox(model_name)
        progress.empty()
    if not session.inbox:
        session.is_decided = False
    new = upload_limit.pop_rejected(capacity.session_id())
    rejected = photos.record_rejected(*new)
    album = session.album
    readable = {key: photo for key, photo in album.items() if photo.error is None}
    with row:
        if readable:
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
    if not readable and not is_undecided:
        with body.container():
            _empty_state()
    return readable


def _upload_count() -> int:
    """Number of uploads so far; it is part of the widgets' keys, so each upload empties them."""
    count: int = st.session_state.setdefault("round", 0)
    return count


def _receive_files(key: str) -> None:
    """Move a widget's files into the inbox, leaving no copy with the server."""
    value = st.session_state[key] or []
    value = value if isinstance(value, list) else [value]
    files = streamlit_internals.take_uploads(value)
    if read_before := len(value) - len(files):
        st.toast(
            f"{read_before:,} {'photo is' if read_before == 1 else 'photos are'} here already."
        )
    if key.startswith("Folder"):
        files = [(name, data) for name, data in files if not is_hidden(PurePosixPath(name))]
    photos.receive(files)
    if value:
        st.session_state["round"] += 1


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


def _receive_sample() -> None:
    photos.receive([(SAMPLE_PHOTO_NAME, sample_photo())])
    st.session_state["round"] += 1


def _sources() -> None:
    """Show one of the three upload widgets at a time, so that the camera is off until selected."""
    source = st.segmented_control(
        "Photos from",
        ["Photos", "Folder", "Camera"],
        default="Photos",
        required=True,
        key="source",
        label_visibility="collapsed",
        persist_state="session",
    )
    key = f"{source}-{_upload_count()}"
    if source == "Camera":
        st.camera_input("Take a photo", key=key, on_change=_receive_files, args=(key,))
    else:
        folder = source == "Folder"
        st.file_uploader(
            f"{'A folder of photos' if folder else 'Photos'}, up to {photos.MAX_PHOTOS:,} "
            f"per session: {SUPPORTED_FORMATS}, up to {decode.MAX_BYTES // 2**20} MB each",
            # Files that are selected one by one are all accepted: the field would drop others
            # silently.
            sorted(PHOTO_EXTENSIONS) if folder else None,
            accept_multiple_files="directory" if folder else True,
            key=key,
            on_change=_receive_files,
            args=(key,),
            max_upload_size=WIDGET_LIMIT_MB,
        )
        st.caption(
            f"The first {photos.MAX_PICTURES} photos are kept to be shown, of the others only the "
            "faces and answers."
        )


def _show_notice() -> None:
    """Show what visitors should know before they upload a photo."""
    st.caption(PRIVACY_NOTICE)
    page_links.link("responsible")


def _popover() -> None:
    """Show the upload widgets behind a button, for a page that already shows photos."""
    with st.popover("Add photos", icon=":material/add_a_photo:", key=f"add-{_upload_count()}"):
        _sources()
        st.button("Add the sample photo", on_click=_receive_sample, type="tertiary")
        _show_notice()


def _empty_state() -> None:
    """Show the upload widgets and a sample photo to try."""
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(border=True, height="stretch"):
        st.header("Start with a photo of a face", anchor=False)
        _sources()
        _show_notice()
    with right, st.container(border=True, height="stretch"):
        st.header("No photo at hand?", anchor=False)
        st.image(
            sample_photo(),
            width=220,
            alt="Smiling astronaut in an orange space suit: the built-in sample photo",
        )
        st.button("Try the sample photo", on_click=_receive_sample, type="primary", key="sample")
        st.caption("Astronaut Eileen Collins, NASA, public domain.")
