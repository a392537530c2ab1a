"""What a session keeps of one uploaded photo."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from fer_core import pipeline
from fer_core.answers import Answer, FaceAnswers, PhotoAnswers
from fer_core.errors import ImageError
from fer_core.faces import align
from fer_core.faces.align import Face
from fer_core.quality import FaceQuality, face_quality
from fer_core.reports.drawing import encode_for_display, thumbnail
from pages.runtime.settings import settings

ANSWER_BYTES = 1_000  # of a model's answer for one face
LABEL_BYTES = 200  # of a person's answer for one face


class Label(NamedTuple):
    """A person's answer for one face."""

    emotion: str | None  # None: unclear
    seconds: float  # from seeing the face to the answer


@dataclass(frozen=True)
class Photo:
    """What a session keeps of an uploaded photo: either `error`, or faces and a display image.

    Beyond `MAX_PICTURES` photos there is no image, only what was found in it: see `has_picture`.
    """

    name: str
    width: int | None = None  # of the uploaded photo, in pixels
    height: int | None = None
    display_jpeg: bytes = b""  # see `drawing.encode_for_display`
    faces: tuple[Face, ...] = ()
    chips: np.ndarray = field(default_factory=lambda: np.empty((0, 48, 48), np.uint8))
    #: Whether no face was found and the whole photo is used as one.
    uses_full_image: bool = False
    #: The whole photo as a face and its chip, offered if no face was found.
    full_image_crop: tuple[Face, np.ndarray] | None = None
    error: str | None = None
    more_faces: bool = False  # whether the photo has more faces than `faces`, the surest ones
    picture_count: int = 1  # frames or pages in the file; only the first is looked at
    thumbnail: bytes = b""  # see `drawing.thumbnail`
    answers: dict[str, list[Answer]] = field(
        default_factory=dict
    )  # model name → one answer per face
    #: Annotator → index of the face → label; with the photo they are removed and brought back.
    labels: dict[str, dict[int, Label]] = field(default_factory=dict)

    @property
    def has_picture(self) -> bool:
        """Whether the photo can be shown; if not, `photos.NO_PICTURE_NOTE` says why."""
        return bool(self.display_jpeg)

    @property
    def memory_bytes(self) -> int:
        """Approximate memory use in bytes."""
        pictures = len(self.display_jpeg) + len(self.thumbnail) + self.chips.nbytes
        answers = ANSWER_BYTES * len(self.answers) * len(self.faces)
        labels = LABEL_BYTES * sum(map(len, self.labels.copy().values()))
        return pictures + 2_000 * (1 + len(self.faces)) + answers + labels

    @cached_property
    def qualities(self) -> tuple[FaceQuality, ...]:
        """How good the picture of each face is; raises `ResultsError` as `face_quality` does."""
        if self.width is None or self.height is None:
            return ()
        return tuple(
            face_quality(face, chip, self.width, self.height)
            for face, chip in zip(self.faces, self.chips, strict=True)
        )

    def as_answers(self, model_names: Sequence[str]) -> PhotoAnswers:
        """The answers of these models as the library's `PhotoAnswers`."""
        by_model = {name: self.answers[name] for name in model_names if name in self.answers}
        rows = [
            FaceAnswers(face, chip, {name: answers[i] for name, answers in by_model.items()})
            for i, (face, chip) in enumerate(zip(self.faces, self.chips, strict=True))
        ]
        return PhotoAnswers(
            self.name,
            self.width,
            self.height,
            tuple(rows),
            self.error,
            self.more_faces,
            self.picture_count,
        )


def read_photo(name: str, data: bytes, *, keep_picture: bool = True) -> Photo:
    """Decode an uploaded file and detect its faces; never raises: a failure sets `error`."""
    try:
        detected = pipeline.detect_faces(data, small_faces=not settings().is_class)
        height, width = detected.image.shape[:2]
        full_image_crop = None
        if not detected.faces:
            face = align.full_image_face(detected.image)
            full_image_crop = (face, align.crop_chip(detected.image, face))
        display_jpeg, small = b"", b""
        if keep_picture:
            display_jpeg, small = encode_for_display(detected.image), thumbnail(detected.image)
    except ImageError as error:
        return Photo(name, error=str(error))
    except Exception:  # whatever a file does to decoder or detector, the batch continues
        return Photo(name, error="This file could not be processed.")
    return Photo(
        name,
        width,
        height,
        display_jpeg,
        detected.faces,
        detected.chips,
        full_image_crop=full_image_crop,
        more_faces=detected.more_faces,
        picture_count=detected.picture_count,
        thumbnail=small,
    )
