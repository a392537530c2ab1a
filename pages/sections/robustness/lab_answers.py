"""What all models answer about a face before and after it is corrupted; kept in the session."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from fer_core import pipeline
from fer_core.answers import Answer
from fer_core.corruptions.formulas import Box
from fer_core.corruptions.photo import centre, corrupt_face, nearest_face
from fer_core.corruptions.records import corrupt
from fer_core.errors import WeightsError
from fer_core.imaging.load import load
from fer_core.reports.drawing import encode_image
from pages.runtime.settings import settings
from pages.session import explanation_cache
from pages.session.photo import Photo

PICTURE_SIDE = 480  # px, of the corrupted photo that is shown


@dataclass(frozen=True)
class Experiment:
    """What is done to a face."""

    amounts: Mapping[str, float]  # name of a corruption → amount
    box: Box | None = None  # a drawn box of the chip that is hidden
    whole_photo: bool = True  # or the face's chip only


@dataclass(frozen=True, eq=False)
class Outcome:
    """A face before and after, and the answers of the models to both."""

    before: np.ndarray | None  # (48, 48) uint8; None if the kept photo no longer shows the face
    after: np.ndarray | None  # None if the detector no longer finds the face
    picture: bytes = (
        b""  # small JPEG of the corrupted photo; empty where only the chip was corrupted
    )
    score: float | None = None  # the detector's before
    score_after: float | None = None
    faces: int = 0  # found in the corrupted photo
    answers: Mapping[str, tuple[Answer, Answer | None]] = field(default_factory=dict)
    errors: Sequence[str] = ()  # of models that could not answer


def outcome(photo: Photo, index: int, experiment: Experiment, model_names: list[str]) -> Outcome:
    """Run an experiment on one face of a photo, in the queue, or return what it gave before."""
    key = (
        "robustness",
        hashlib.sha256(photo.display_jpeg + photo.chips[index].tobytes()).hexdigest(),
        index,
        tuple(sorted(experiment.amounts.items())),
        experiment.box,
        experiment.whole_photo,
        tuple(model_names),
    )
    return explanation_cache.session_cached(
        key,
        lambda: compute(photo, index, experiment, model_names),
        "All models are looking at the face",
    )


def compute(photo: Photo, index: int, experiment: Experiment, model_names: list[str]) -> Outcome:
    """Run an experiment; `outcome` without queue and cache."""
    if not experiment.whole_photo:
        chip = photo.chips[index]
        after = corrupt(chip, experiment.amounts, box=experiment.box)
        answers, errors = _answers(chip, after, model_names)
        return Outcome(chip, after, answers=answers, errors=errors)
    image = load(photo.display_jpeg)
    detected = pipeline.detect_faces(image)
    scale = image.shape[1] / (photo.width or image.shape[1])
    x, y = centre(photo.faces[index])
    place = nearest_face(
        detected.faces, (x * scale, y * scale), photo.faces[index].box[2] * scale / 2
    )
    if place is None:
        return Outcome(None, None)
    before, face = detected.chips[place], detected.faces[place]
    corrupted = corrupt_face(image, face, experiment.amounts, box=experiment.box)
    answers, errors = _answers(before, corrupted.chip, model_names)
    return Outcome(
        before,
        corrupted.chip,
        _small_jpeg(corrupted.image),
        face.score,
        corrupted.score,
        corrupted.faces,
        answers,
        errors,
    )


def _small_jpeg(image: np.ndarray) -> bytes:
    picture = Image.fromarray(image)
    picture.thumbnail((PICTURE_SIDE, PICTURE_SIDE))
    return encode_image(picture, "JPEG")


def _answers(
    before: np.ndarray, after: np.ndarray | None, model_names: list[str]
) -> tuple[dict[str, tuple[Answer, Answer | None]], list[str]]:
    """The answers and the errors; a model that fails does not stop the others."""
    chips = np.stack([before] if after is None else [before, after])
    known: dict[str, list[Answer]] = {}
    errors = []
    for name in model_names:
        try:
            rows = pipeline.classify_chips(chips, [name], known, precision=settings().precision)
        except WeightsError as error:
            errors.append(str(error))
        else:
            known[name] = [row[name] for row in rows]
    answers = {
        name: (given[0], given[1] if after is not None else None) for name, given in known.items()
    }
    return answers, errors
