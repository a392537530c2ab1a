"""Where photos come from: files, a folder or the camera."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import streamlit as st

from fer_core.imaging import decode
from fer_core.imaging.file_types import PHOTO_EXTENSIONS, is_hidden
from fer_core.imaging.unsupported import SUPPORTED_FORMATS
from pages.components import page_links
from pages.runtime.settings import settings
from pages.server import streamlit_internals
from pages.session import photos

SOURCE_KEY = "source"
CAMERA = "Camera"
WIDGET_LIMIT_MB = (
    2000  # the server rejects files over the real limit, so that the page can report them
)
PRIVACY_NOTICE = (
    "Photos stay in memory and are forgotten when you leave. "
    "The result is an AI model's guess, not a person's feeling. "
    "Ask people before you use their photo, and tell them what it is for."
)
_LIMITS = f"{SUPPORTED_FORMATS}, up to {decode.MAX_BYTES // 2**20} MB"
NO_CAMERA = (
    "Browsers let a page use the camera only over https or on this computer itself (localhost). "
    "On a phone, the button below opens the phone's own camera."
)


def upload_count() -> int:
    """Number of uploads so far; it is part of the widgets' keys, so each upload empties them."""
    count: int = st.session_state.setdefault("round", 0)
    return count


def count_upload() -> None:
    """Note that photos have arrived."""
    st.session_state["round"] = upload_count() + 1


def is_camera_on() -> bool:
    """Whether the visitor has chosen the camera."""
    return bool(st.session_state.get(SOURCE_KEY) == CAMERA)


def show() -> None:
    """Show one of the three upload widgets at a time, so that the camera is off until selected."""
    is_class = settings().is_class
    source = st.segmented_control(
        "Photos from",
        ["Photos", CAMERA] if is_class else ["Photos", "Folder", CAMERA],
        default="Photos",
        required=True,
        key=SOURCE_KEY,
        label_visibility="collapsed",
        persist_state="session",
    )
    key = f"{source}-{upload_count()}"
    if source == CAMERA:
        _camera(key)
    elif is_class:
        st.file_uploader(
            f"One photo at a time: {_LIMITS}",
            key=key,
            on_change=_receive_files,
            args=(key,),
            max_upload_size=WIDGET_LIMIT_MB,
        )
    else:
        folder = source == "Folder"
        st.file_uploader(
            f"{'A folder of photos' if folder else 'Photos'}, up to {photos.MAX_PHOTOS:,} "
            f"per session: {_LIMITS} each",
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


def _camera(key: str) -> None:
    if offers_camera(st.context.url):
        st.camera_input(
            "Take a photo",
            key=key,
            on_change=_receive_files,
            args=(key,),
            label_visibility="collapsed",
            resolution="720p",  # otherwise it restarts when its width changes, and loses a shot
        )
        return
    st.info(NO_CAMERA)
    with st.container(key="phone-camera"):  # `clicks.js` makes it open the phone's camera
        st.file_uploader(
            "Take a photo",
            key=key,
            on_change=_receive_files,
            args=(key,),
            max_upload_size=WIDGET_LIMIT_MB,
        )


def offers_camera(url: str | None) -> bool:
    """Whether a browser lets a page at this address use the camera (a "secure context")."""
    address = urlsplit(url or "https:")
    host = address.hostname or ""
    return (
        address.scheme == "https"
        or host in ("localhost", "::1")
        or host.endswith(".localhost")
        or bool(re.fullmatch(r"127(\.\d+){3}", host))
    )


def camera_name(taken: Iterable[str]) -> str:
    """'Camera 3': the name of the next photo from the camera, after those `taken`."""
    matches = [re.fullmatch(rf"{CAMERA} (\d+)", name) for name in taken]
    return f"{CAMERA} {1 + max((int(match[1]) for match in matches if match), default=0)}"


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
        visible = [(name, data) for name, data in files if not is_hidden(PurePosixPath(name))]
        files = sorted(visible, key=lambda file: file[0])  # browsers send them in any order
    elif key.startswith(CAMERA):
        session = photos.session_photos()
        taken = [photo.name for photo in session.album.values()]
        name = camera_name(taken + [waiting for waiting, _ in session.inbox])
        files = [(name, data) for _, data in files]
    photos.receive(files)
    if value:
        count_upload()


def show_notice() -> None:
    """Show what visitors should know before they upload a photo."""
    st.caption(PRIVACY_NOTICE)
    page_links.link("responsible", "{title}, also in class")
