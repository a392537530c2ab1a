"""Answers in the forms of other tools, so that programs written for those can read them.

- `deepface`: one JSON object per photo with the list that `DeepFace.analyze` returns as `results`:
  percentages, the detector's score as `face_confidence`, the person's own left eye as `left_eye`.
- `pyfeat`: the columns of Py-Feat's `Fex` table for faces and emotions, under its names.
- `openface`: the first columns of OpenFace 2's table, then ours.

Each has one model's answers. Fields of those tools that we do not measure are left out; `path`,
`input` or `file` and `error` are there for every photo, even without a face.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from fer_core.answers import Answer, FaceAnswers, PhotoAnswers
from fer_core.emotions import EMOTIONS
from fer_core.reports.answers import EYE_COLUMNS, NO_FACE_NOTE, face_columns, photo_columns
from fer_core.reports.export import checksums_text
from fer_core.text import printable

DEEPFACE_ORDER = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
#: Py-Feat's name of each emotion, in the order of its columns.
PYFEAT_EMOTIONS: Mapping[str, str] = {
    "anger": "angry",
    "disgust": "disgust",
    "fear": "fear",
    "happiness": "happy",
    "sadness": "sad",
    "surprise": "surprise",
    "neutral": "neutral",
}
PYFEAT_BOX = ("FaceRectX", "FaceRectY", "FaceRectWidth", "FaceRectHeight")
PYFEAT_COLUMNS = (
    "frame", *PYFEAT_BOX, "FaceScore", *PYFEAT_EMOTIONS, "input", "error",
)  # fmt: skip
OPENFACE_COLUMNS = (
    "frame", "face_id", "timestamp", "confidence", "success", "file", "variant", "emotion",
    *EMOTIONS, "x", "y", "w", "h", *EYE_COLUMNS, "width", "height", "error", "weights_sha256",
)  # fmt: skip


def deepface_record(photo: PhotoAnswers) -> dict[str, Any]:
    """One photo as JSON-serialisable data: `results` is what `DeepFace.analyze` returns."""
    record = photo.as_dict()
    return {
        "path": record["path"],
        "results": [_deepface_face(face) for face in photo.faces],
        "error": photo.error,
    }


def _deepface_face(face: FaceAnswers) -> dict[str, Any]:
    answer = _only_answer(face)
    viewers_left, viewers_right = face.face.eyes or (None, None)
    region: dict[str, Any] = dict(zip("xywh", face.face.box, strict=True))
    return {
        "emotion": {name: 100 * answer.probabilities[name] for name in DEEPFACE_ORDER},
        "dominant_emotion": answer.emotion,
        # DeepFace's left eye is the person's own, which is on the viewer's right.
        "region": region | {"left_eye": _pixel(viewers_right), "right_eye": _pixel(viewers_left)},
        "face_confidence": 0.0 if face.face.score is None else face.face.score,
    }


def _pixel(point: tuple[float, float] | None) -> list[int] | None:
    return None if point is None else [round(value) for value in point]


def pyfeat_rows(photo: PhotoAnswers, frame: int) -> Iterator[dict[str, Any]]:
    """One row per face under Py-Feat's names; the first photo is frame 0."""
    row = {"frame": frame, "input": printable(photo.name), "error": _error(photo)}
    if not photo.faces:
        yield row
    for face in photo.faces:
        answer = _only_answer(face)
        yield (
            row
            | dict(zip(PYFEAT_BOX, face.face.box, strict=True))
            | {"FaceScore": face.face.score}
            | {theirs: answer.probabilities[ours] for theirs, ours in PYFEAT_EMOTIONS.items()}
        )


def openface_rows(photo: PhotoAnswers, frame: int) -> Iterator[dict[str, Any]]:
    """One row per face, beginning as OpenFace's; the first photo is frame 1.

    `timestamp`, in seconds, is 0: photos have none. `success` is 1 where a face was found.
    """
    row = {"frame": frame, "timestamp": 0, "file": printable(photo.name)}
    row |= photo_columns(photo) | {"error": _error(photo)}
    if not photo.faces:
        yield row | {"face_id": 0, "confidence": 0, "success": 0}
    for face_id, face in enumerate(photo.faces):
        answer = _only_answer(face)
        [model_name] = face.answers
        score = face.face.score
        yield (
            row
            | {"face_id": face_id, "confidence": score or 0, "success": int(score is not None)}
            | {"variant": model_name, "emotion": answer.emotion}
            | answer.probabilities
            | face_columns(face)
            | {"weights_sha256": checksums_text(face.answers)}
        )


def _only_answer(face: FaceAnswers) -> Answer:
    [answer] = face.answers.values()
    return answer


def _error(photo: PhotoAnswers) -> str | None:
    return photo.error or (None if photo.faces else NO_FACE_NOTE)
