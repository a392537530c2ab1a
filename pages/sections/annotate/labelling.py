"""Labelling: one face at a time, by key, click or touch."""

import io
import time

import numpy as np
import streamlit as st
from markupsafe import Markup
from PIL import Image

from fer_core.emotions import EMOTIONS
from fer_core.errors import DataError
from fer_core.reports.drawing import data_uri
from pages.session import annotations
from pages.session.annotations import AnnotatedFace
from pages.session.photo import Label, Photo
from pages.style import STYLES
from pages.text.escape import escape
from pages.text.markup import tag

STYLE = STYLES / "annotate.css"
MARGIN = 0.6  # around a face in its photo, as a share of the face's box
UNCLEAR = "unclear"
#: Label of each button → its key on the keyboard.
KEYS = {emotion: str(number) for number, emotion in enumerate(EMOTIONS, 1)} | {UNCLEAR: "0"}


@st.fragment
def show() -> None:
    """Draw the current annotator's next face and the buttons; the page runs again at the end.

    Takes no faces: Streamlit keeps the arguments of a fragment, and photos must be forgotten.
    """
    state, annotator = annotations.state(), annotations.current_annotator()
    faces = _faces()
    face = current_face(faces, annotator)
    if face is None:
        if faces:
            state.finished.add(annotator)
        st.rerun()
    place = faces.index(face)
    labelled = sum(annotator in each.labels for each in faces)
    st.html(STYLE)
    with st.container(key="labelling"):
        st.progress(
            labelled / len(faces),
            text=f"Face {place + 1} of {len(faces):,}, labelled by {escape(annotator)}",
        )
        st.html(_picture(face))
        with st.container(key="answers"):
            given = face.labels.get(annotator)
            chosen = "" if given is None else given.emotion or UNCLEAR
            for answer, key in KEYS.items():
                st.button(
                    answer,
                    key=f"answer-{answer}",
                    shortcut=key,
                    type="primary" if answer == chosen else "secondary",
                    on_click=_answer,
                    args=(None if answer == UNCLEAR else answer,),
                    width="stretch",
                )
    with st.container(horizontal=True, key="steps"):
        st.button(
            "Back", key="back", shortcut="left", on_click=_step, args=(-1,), disabled=not place
        )
        forth = state.cursor is None
        st.button("Next", key="forth", shortcut="right", on_click=_step, args=(1,), disabled=forth)
        if st.button("Stop and see the result", key="stop", disabled=not labelled):
            state.finished.add(annotator)
            st.rerun()
        if st.button("Other faces or annotator", key="leave", type="tertiary"):
            state.choice = None
            st.rerun()
    if state.shown is None or state.shown[0] != face.face_id:
        state.shown = face.face_id, time.monotonic()


def current_face(faces: list[AnnotatedFace], annotator: str) -> AnnotatedFace | None:
    """The face that the annotator went back to, else the first one without their label, if any."""
    cursor = annotations.state().cursor
    for face in faces:
        if face.face_id == cursor or (cursor is None and annotator not in face.labels):
            return face
    annotations.state().cursor = None
    return None if cursor is None else current_face(faces, annotator)


def _faces() -> list[AnnotatedFace]:
    choice = annotations.state().choice
    return [] if choice is None else annotations.faces_of(choice)


def _answer(emotion: str | None) -> None:
    state, annotator = annotations.state(), annotations.current_annotator()
    face = current_face(_faces(), annotator)
    if face is None:
        return
    seconds = 0.0
    if state.shown is not None and state.shown[0] == face.face_id:
        seconds = time.monotonic() - state.shown[1]
    face.set_label(annotator, Label(emotion, seconds))
    if state.cursor is not None:
        _step(1)


def _step(by: int) -> None:
    """Go to the face before or after; after the last one with a label, on with the others."""
    state, annotator = annotations.state(), annotations.current_annotator()
    faces = _faces()
    face = current_face(faces, annotator)
    place = len(faces) if face is None else faces.index(face) + by
    state.shown = None
    at = faces[place] if 0 <= place < len(faces) else None
    state.cursor = at.face_id if at is not None and annotator in at.labels else None


def _picture(face: AnnotatedFace) -> Markup:
    """The face enlarged, and its surroundings in the photo; says nothing about the answers."""
    try:
        uri = data_uri(face.chip)
    except (KeyError, DataError) as error:
        return tag("p", str(error))
    pictures = [_figure(uri, "The face to label", "as the models see it")]
    if face.photo is not None and face.photo.has_picture:
        cut = data_uri(surroundings(face.photo, face.index), "JPEG")
        pictures.append(_figure(cut, "The same face", "in the photo"))
    return tag("div", *pictures, class_="to-label")


def _figure(source: str, text: str, caption: str) -> Markup:
    return tag("figure", tag("img", src=source, alt=text), tag("figcaption", caption))


def surroundings(photo: Photo, index: int) -> np.ndarray:
    """A face of a photo with some of what is around it, (H, W, 3) uint8 RGB."""
    assert photo.width is not None
    with Image.open(io.BytesIO(photo.display_jpeg)) as image:
        scale = image.width / photo.width
        x, y, width, height = (side * scale for side in photo.faces[index].box)
        side = max(width, height) * (0.5 + MARGIN)
        middle, centre = x + width / 2, y + height / 2
        box = (
            max(0, round(middle - side)),
            max(0, round(centre - side)),
            min(image.width, round(middle + side)),
            min(image.height, round(centre + side)),
        )
        return np.asarray(image.crop(box))
