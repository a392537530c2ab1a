"""The visit's current photo and face, wherever they are chosen."""

import hashlib
from collections.abc import Iterable

import streamlit as st

from pages.session import photos
from pages.session.photo import Photo

CHOSEN_KEY = "face-chosen"


def face_key(photo_key: str) -> str:
    """Where the session keeps the index of a photo's current face."""
    return f"face-{photo_key}"


def select(photo_key: str, index: int = 0) -> None:
    """Make a face the current one."""
    st.session_state[photos.CURRENT_KEY] = photo_key
    st.session_state[face_key(photo_key)] = index
    mark_chosen()


def select_new() -> None:
    """Make the first photo of a new batch the current one, also where a click ended its run."""
    if key := photos.session_photos().take_first():
        st.session_state[photos.CURRENT_KEY] = key


def mark_chosen() -> None:
    """Remember that the visitor chose the current face; for callbacks of widgets."""
    st.session_state[CHOSEN_KEY] = True
    photos.session_photos().take_first()  # what arrived before the choice no longer replaces it


def chosen_face() -> tuple[str, int] | None:
    """The current photo's key and face, if the visitor chose it; else None."""
    key = st.session_state.get(photos.CURRENT_KEY)
    return (key, current_face(key)) if key and st.session_state.get(CHOSEN_KEY) else None


def current_face(photo_key: str) -> int:
    """Index of the photo's current face; the first one by default."""
    index: int = st.session_state.get(face_key(photo_key)) or 0
    return index


def readable_photos(album: Iterable[Photo]) -> list[Photo]:
    """The photos that could be read; their numbers count from 1 in this order."""
    return [photo for photo in album if photo.error is None]


def photo_keys() -> list[str]:
    """Keys of this session's readable photos, in the order of their numbers."""
    return [key for key, photo in photos.album().items() if photo.error is None]


def face_name(number: int, index: int) -> str:
    """'Photo 2, face 1': what a face is called where the file's name is left out."""
    return f"Photo {number}, face {index + 1}"


def photo_token(photo_key: str) -> str:
    """A short name for a photo in the page's HTML, which says nothing about it."""
    return hashlib.sha256(photo_key.encode()).hexdigest()[:16]


def select_token(target: str) -> None:
    """Make the face 'TOKEN:INDEX' the current one; ignores one that the session does not have."""
    token, _, index = target.partition(":")
    for key, photo in photos.album().items():
        indices = map(str, range(max(len(photo.faces), 1)))  # a photo without a face can be chosen
        if photo_token(key) == token and index in indices:
            select(key, int(index))
