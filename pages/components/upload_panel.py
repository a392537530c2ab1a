"""Where photos come in: files, a folder, the camera or the built-in sample."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fer_core.imaging import decode
from fer_core.imaging.sample_photo import SAMPLE_PHOTO_NAME, sample_photo
from pages.components import notices, page_links
from pages.server import streamlit_internals, upload_limit
from pages.session import photos, work
from pages.session.photos import Photo

#: Taken from a folder: photos, and what people take for photos and must be told of. Of files chosen
#: one by one all are taken: the upload field itself would drop the others without a word.
FOLDER_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "bmp", "gif", "tif", "tiff", "heic", "heif", "avif"]
WIDGET_LIMIT_MB = 2000  # MB; the server turns away what is too large, so that the page can say so
PRIVACY_NOTICE = (
    "Photos stay in memory and are forgotten when you leave. "
    "Answers are an AI model's guess, not a feeling. "
    "Ask people before you use their photo, and tell them what it is for."
)


def upload_panel(row: DeltaGenerator) -> dict[str, Photo]:
    """Reads what has come, and gives the session's photos that could be read, by key.

    The buttons for more and for none go into `row`. Below it stands what could not be read, and
    where there is no photo at all, how to bring one.
    """
    work.read_inbox()
    refused = photos.record_rejected(*upload_limit.pop_rejected(streamlit_internals.session_id()))
    album = photos.album()
    readable = {key: photo for key, photo in album.items() if photo.error is None}
    with row:
        if readable:
            _popover()
        if album or any(refused):
            st.button("Clear", icon=":material/delete:", on_click=photos.clear, key="clear")
    notices.show_rejected_files(album.values(), *refused)
    if not readable:
        _empty_state()
    return readable


def _round() -> int:
    """Counts the uploads: a new number gives fresh, empty widgets after each."""
    number: int = st.session_state.setdefault("round", 0)
    return number


def _take(key: str) -> None:
    """Move a widget's files into the inbox; the server keeps no copies of its own."""
    value = st.session_state[key] or []
    files = streamlit_internals.take_uploads(value if isinstance(value, list) else [value])
    photos.receive(files)
    if files:
        st.session_state["round"] += 1


def _take_sample() -> None:
    photos.receive([(SAMPLE_PHOTO_NAME, sample_photo())])
    st.session_state["round"] += 1


def _sources() -> None:
    """The three ways in, one at a time, so that the camera is off until asked for."""
    source = st.segmented_control(
        "Photos from",
        ["Photos", "Folder", "Camera"],
        default="Photos",
        required=True,
        key="source",
        label_visibility="collapsed",
        persist_state="session",
    )
    key = f"{source}-{_round()}"
    if source == "Camera":
        st.camera_input("Take a photo", key=key, on_change=_take, args=(key,))
    else:
        folder = source == "Folder"
        st.file_uploader(
            f"{'A folder of photos' if folder else 'Photos, as many as you like'}: "
            f"{decode.SUPPORTED_FORMATS}, up to {decode.MAX_BYTES // 2**20} MB each",
            FOLDER_EXTENSIONS if folder else None,
            accept_multiple_files="directory" if folder else True,
            key=key,
            on_change=_take,
            args=(key,),
            max_upload_size=WIDGET_LIMIT_MB,
        )


def _notice() -> None:
    """What everybody should know who is about to bring a photo."""
    st.caption(PRIVACY_NOTICE)
    page_links.link("responsible")


def _popover() -> None:
    """The ways in behind a button, for a page that already shows photos."""
    with st.popover("Add photos", icon=":material/add_a_photo:", key=f"add-{_round()}"):
        _sources()
        st.button("Add the sample photo", on_click=_take_sample, type="tertiary")
        _notice()


def _empty_state() -> None:
    """What to do first, and a photo to try it with."""
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(border=True, height="stretch"):
        st.header("Start with a photo of a face", anchor=False)
        _sources()
        _notice()
    with right, st.container(border=True, height="stretch"):
        st.header("No photo at hand?", anchor=False)
        st.image(
            sample_photo(),
            width=220,
            alt="Smiling astronaut in an orange space suit: the built-in sample photo",
        )
        st.button("Try the sample photo", on_click=_take_sample, type="primary", key="sample")
        st.caption("Astronaut Eileen Collins, NASA, public domain.")
