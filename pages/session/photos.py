"""The photos of one visitor's session: in memory, bounded, gone with the session.

New files wait in an inbox and are worked off one at a time, so a click or a page change in the
middle of a batch loses nothing: the next run of the page carries on where this one stopped.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from weakref import WeakSet

import numpy as np
import streamlit as st

from fer_core import pipeline
from fer_core.errors import ImageError
from fer_core.faces import align
from fer_core.faces.align import Face
from fer_core.pipeline import Answer, FaceAnswers, PhotoAnswers
from fer_core.reports.drawing import encode_for_display
from pages.runtime.settings import settings
from pages.text.escape import clean_name

MAX_PHOTOS = 200


@dataclass(frozen=True)
class Photo:
    """What a session keeps of a photo; either `error` is set or there is a picture."""

    name: str
    width: int | None = None  # of the photo as it came, in pixels
    height: int | None = None
    display_jpeg: bytes = b""  # JPEG for display, see `drawing.for_display`
    faces: tuple[Face, ...] = ()
    chips: np.ndarray = field(default_factory=lambda: np.empty((0, 48, 48), np.uint8))
    uses_full_image: bool = False  # no face was found and the whole picture is taken as one
    full_image_crop: tuple[Face, np.ndarray] | None = None  # that face and chip, should it be wanted
    error: str | None = None
    answers: dict[str, list[Answer]] = field(default_factory=dict)  # variant → an answer a face

    @property
    def memory_bytes(self) -> int:
        """About what it takes in memory."""
        return len(self.display_jpeg) + self.chips.nbytes + 2_000 * (1 + len(self.faces))

    def as_answers(self, names: Sequence[str]) -> PhotoAnswers:
        """What the named models said, in the library's words."""
        told = {name: self.answers[name] for name in names if name in self.answers}
        rows = [
            FaceAnswers(face, chip, {name: answers[i] for name, answers in told.items()})
            for i, (face, chip) in enumerate(zip(self.faces, self.chips, strict=True))
        ]
        return PhotoAnswers(self.name, self.width, self.height, tuple(rows), self.error)


def read_photo(name: str, data: bytes) -> Photo:
    """Find the faces of an uploaded file; never raises, a failure becomes one sentence."""
    try:
        found = pipeline.detect_faces(data)
        height, width = found.image.shape[:2]
        spare = None
        if not found.faces:
            face = align.full_image_face(found.image)
            spare = (face, align.crop_chip(found.image, face))
        picture = encode_for_display(found.image)
    except ImageError as error:
        return Photo(name, error=str(error))
    except Exception:  # whatever one file does to a decoder or detector, its neighbours go on
        return Photo(name, error="Something in this file could not be worked with.")
    return Photo(name, width, height, picture, found.faces, found.chips, full_image_crop=spare)


def use_full_image(photo: Photo) -> Photo:
    """The photo with the whole picture taken as its one face."""
    assert photo.full_image_crop is not None
    face, chip = photo.full_image_crop
    return replace(photo, faces=(face,), chips=chip[None], uses_full_image=True, answers={})


@dataclass(eq=False)
class SessionPhotos:
    """Everything a session holds of photos.

    A run of a page keeps to the one it began with: after a click Streamlit starts the next run
    while the last one may still be reading a photo, which after "Clear" must not come back.
    """

    album: dict[str, Photo] = field(default_factory=dict)
    inbox: list[tuple[str, bytes]] = field(default_factory=list)
    too_large: int = 0  # files that were turned away at the door, by `upload_limit`
    over_quota: int = 0

    @property
    def memory_bytes(self) -> int:
        """About what it takes in memory. Other threads may ask, so over copies."""
        waiting = sum(len(data) for _, data in self.inbox.copy())
        return waiting + self.album_bytes

    @property
    def album_bytes(self) -> int:
        """The same without what waits to be read."""
        return sum(photo.memory_bytes for photo in self.album.copy().values())

    def read_next(self, run: Callable[[Callable[[], Photo]], Photo]) -> str | None:
        """Move one file from the inbox to the album; its key, or None when it did not fit.

        `run` calls what it is given, the reading, at a time of its own choosing.
        """
        name, data = item = self.inbox[0]
        key = hashlib.sha256(data).hexdigest() + name
        fits = key in self.album or not full_reason()
        if fits and key not in self.album:
            self.album[key] = run(lambda: read_photo(name, data))
        if item in self.inbox:  # only now: a run that is cut off above starts this file again
            self.inbox.remove(item)
        return key if fits else None


_all_held: WeakSet[SessionPhotos] = WeakSet()  # of all sessions; one that ends takes its own with it


def memory_bytes() -> int:
    """About what all sessions' photos take in memory together."""
    return sum(held.memory_bytes for held in list(_all_held))


def session_photos() -> SessionPhotos:
    """What this session holds."""
    if "held" not in st.session_state:
        st.session_state["held"] = SessionPhotos()
        _all_held.add(st.session_state["held"])
    own: SessionPhotos = st.session_state["held"]
    return own


def album() -> dict[str, Photo]:
    """This session's photos by key, in the order they came."""
    return session_photos().album


def receive(files: Iterable[tuple[str, bytes]]) -> None:
    """Put (name, content) of files into the inbox."""
    session_photos().inbox.extend((clean_name(name), data) for name, data in files)


def full_reason() -> str:
    """Why this session can take no further photo and what to do; empty where it can."""
    most = settings().photo_mb * 10**6
    if len(album()) >= MAX_PHOTOS:
        return f"a session holds {MAX_PHOTOS}. Clear it to make room."
    if session_photos().album_bytes > most // 2:
        return "this session is full. Clear it to make room."
    if sum(each.album_bytes for each in list(_all_held)) > most:
        return "the app is full. Try again in a few minutes."
    return ""


def record_rejected(too_large: int, over_quota: int) -> tuple[int, int]:
    """Add to the files that were turned away; how many those are since the last `clear`."""
    mine = session_photos()
    mine.too_large += too_large
    mine.over_quota += over_quota
    return mine.too_large, mine.over_quota


def clear() -> None:
    """Forget every photo of this session, and what was made of them."""
    for key in ("held", "photo", "saliency"):
        st.session_state.pop(key, None)
