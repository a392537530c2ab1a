"""The way of a photo: bytes → picture → faces → chips → every chosen variant's answer."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fer_core.emotions import EMOTIONS
from fer_core.errors import ImageError
from fer_core.faces import align
from fer_core.faces.align import Face
from fer_core.imaging.load import Photo
from fer_core.imaging.load import load as load_photo
from fer_core.models.predictors import load
from fer_core.probability import normalize_scores

DEFAULT_THRESHOLD = 0.5  # the threshold of a yes/no model whose own was not chosen


@dataclass(frozen=True)
class Answer:
    """What one variant says of one face."""

    probabilities: dict[str, float]  # an emotion each, in the order of EMOTIONS, sum 1
    milliseconds: float  # the variant's time for all faces of the photo, divided by their number
    scores: dict[str, float] | None = None  # seven independent yes/no probabilities (`individual`)

    @property
    def emotion(self) -> str:
        return max(self.probabilities, key=lambda name: self.probabilities[name])

    def positive_emotions(self, thresholds: Mapping[str, float]) -> list[str]:
        """The emotions whose yes/no model says yes, that is, scores its threshold or more (where
        none is given, one half); the highest score first. None where there are no scores."""
        scores = self.scores or {}
        ranked = sorted(scores, key=lambda name: -scores[name])
        return [name for name in ranked if scores[name] >= thresholds.get(name, DEFAULT_THRESHOLD)]

    def as_dict(self) -> dict[str, Any]:
        row: dict[str, Any] = {
            "emotion": self.emotion,
            "probabilities": {k: round(p, 6) for k, p in self.probabilities.items()},
            "ms": round(self.milliseconds, 3),
        }
        if self.scores is not None:
            row["scores"] = {k: round(p, 6) for k, p in self.scores.items()}
        return row


@dataclass(frozen=True)
class FaceAnswers:
    """One face of a photo, the chip cut from it and each variant's answer."""

    face: Face
    chip: np.ndarray  # (48, 48) uint8 grey
    answers: dict[str, Answer] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {
            "box": list(self.face.box),
            "score": None if self.face.score is None else round(self.face.score, 4),
            "results": {name: answer.as_dict() for name, answer in self.answers.items()},
        }


@dataclass(frozen=True)
class PhotoAnswers:
    """A photo's faces and answers, or the one sentence that says why it could not be read."""

    name: str
    width: int | None = None  # of the photo in pixels; None when unreadable
    height: int | None = None
    faces: tuple[FaceAnswers, ...] = ()
    error: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "path": self.name,
            "width": self.width,
            "height": self.height,
            "faces": [face.as_dict() for face in self.faces],
            "error": self.error,
        }


@dataclass(frozen=True)
class DetectedFaces:
    """A photo's faces before any variant has seen them; asking another variant needs only these."""

    image: np.ndarray  # (H, W, 3) uint8 RGB
    faces: tuple[Face, ...]
    chips: np.ndarray  # (N, 48, 48) uint8 grey, a chip a face


def detect_faces(photo: Photo, *, use_full_image: bool = False) -> DetectedFaces:
    """Find and cut out the faces of a photo: a path, a file's bytes, or (H, W, 3) uint8 RGB.

    `whole_picture` takes the picture itself as one face, without looking for faces in it. Raises
    `ImageError` where the photo cannot be read, `WeightsError` where the detector's file is lost.
    """
    image = load_photo(photo)
    found = [align.full_image_face(image)] if use_full_image else align.detect(image)
    chips = [align.crop_chip(image, face) for face in found]
    return DetectedFaces(image, tuple(found), np.array(chips, np.uint8).reshape(-1, 48, 48))


def classify(
    photo: bytes, file_name: str, model_names: Sequence[str], *, use_full_image: bool = False
) -> PhotoAnswers:
    """Every face of one photo, answered by every named variant.

    A photo that cannot be read comes back with `error` set; a photo without a face comes back with
    no faces. Raises `NotTrainedError` or `WeightsError` when a variant cannot be loaded.
    """
    try:
        found = detect_faces(photo, use_full_image=use_full_image)
    except ImageError as error:
        return PhotoAnswers(file_name, error=str(error))
    height, width = found.image.shape[:2]
    rows = zip(found.faces, found.chips, classify_chips(found.chips, model_names), strict=True)
    return PhotoAnswers(file_name, width, height, tuple(FaceAnswers(*row) for row in rows))


def classify_chips(chips: np.ndarray, model_names: Sequence[str]) -> list[dict[str, Answer]]:
    """`chips` (N, 48, 48) uint8 → N dictionaries from variant name to its answer."""
    answers: list[dict[str, Answer]] = [{} for _ in chips]
    if not len(chips):
        return answers
    for name in model_names:
        predictor = load(name)
        start = time.perf_counter()
        scores = predictor.scores(chips) if hasattr(predictor, "scores") else None
        probabilities = (
            predictor.predict_proba(chips) if scores is None else normalize_scores(scores)
        )
        milliseconds = (time.perf_counter() - start) * 1000 / len(chips)
        for i, answer in enumerate(answers):
            answer[name] = Answer(
                _named(probabilities[i]),
                milliseconds,
                None if scores is None else _named(scores[i]),
            )
    return answers


def _named(row: np.ndarray) -> dict[str, float]:
    return dict(zip(EMOTIONS, map(float, row), strict=True))
