"""The photos of one visitor's session: in memory, bounded, gone with the session.

New files wait in an inbox and are worked off one at a time, so a click or a page change in the
middle of a batch loses nothing: the next run of the page carries on where this one stopped.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import streamlit as st

from fer_core import faces, pipeline
from fer_core.errors import ImageError
from fer_core.faces import Face
from fer_core.pipeline import Answer, FaceAnswers, PhotoAnswers
from pages.ui.pictures import for_display
from pages.ui.words import plain

MAX_PHOTOS = 200


@dataclass(frozen=True)
class Photo:
    """What a session keeps of a photo; either `error` is set or there is a picture."""

    name: str
    width: int | None = None  # of the photo as it came, in pixels
    height: int | None = None
    picture: bytes = b""  # JPEG for display, see `pictures.for_display`
    faces: tuple[Face, ...] = ()
    chips: np.ndarray = field(default_factory=lambda: np.empty((0, 48, 48), np.uint8))
    whole: bool = False  # no face was found and the whole picture is taken as one
    spare: tuple[Face, np.ndarray] | None = None  # that face and chip, should it be wanted
    error: str | None = None
    answers: dict[str, list[Answer]] = field(default_factory=dict)  # variant → an answer a face

    def as_answers(self, names: Sequence[str]) -> PhotoAnswers:
        """What the named models said, in the library's words."""
        told = {name: self.answers[name] for name in names if name in self.answers}
        rows = [
            FaceAnswers(face, chip, {name: answers[i] for name, answers in told.items()})
            for i, (face, chip) in enumerate(zip(self.faces, self.chips, strict=True))
        ]
        return PhotoAnswers(self.name, self.width, self.height, tuple(rows), self.error)


def read(name: str, data: bytes) -> Photo:
    """Find the faces of an uploaded file; never raises, a failure becomes one sentence."""
    try:
        found = pipeline.find_faces(data)
        height, width = found.image.shape[:2]
        spare = None
        if not found.faces:
            face = faces.whole_picture(found.image)
            spare = (face, faces.crop_chip(found.image, face))
        picture = for_display(found.image)
    except ImageError as error:
        return Photo(name, error=str(error))
    except Exception:  # whatever one file does to a decoder or detector, its neighbours go on
        return Photo(name, error="Something in this file could not be worked with.")
    return Photo(name, width, height, picture, found.faces, found.chips, spare=spare)


def as_whole(photo: Photo) -> Photo:
    """The photo with the whole picture taken as its one face."""
    assert photo.spare is not None
    face, chip = photo.spare
    return replace(photo, faces=(face,), chips=chip[None], whole=True, answers={})


def album() -> dict[str, Photo]:
    """This session's photos by key, in the order they came."""
    return st.session_state.setdefault("album", {})


def inbox() -> list[tuple[str, bytes]]:
    """(name, content) of files that wait to be read."""
    return st.session_state.setdefault("inbox", [])


def receive(files: Iterable[tuple[str, bytes]]) -> None:
    """Put files into the inbox."""
    inbox().extend((plain(name), data) for name, data in files)


def read_next() -> str | None:
    """Move one file from the inbox to the album; its key, or None when it did not fit."""
    name, data = inbox()[0]
    key = hashlib.sha256(data).hexdigest() + name
    fits = key in album() or len(album()) < MAX_PHOTOS
    if fits and key not in album():
        album()[key] = read(name, data)
    inbox().pop(0)  # only now: a run that is cut off above starts this file again
    return key if fits else None


def clear() -> None:
    """Forget every photo of this session."""
    album().clear()
    inbox().clear()
    st.session_state.pop("photo", None)
