"""The answers about photos, as a table and as JSON; the app and the command line share them."""

from collections.abc import Iterable, Iterator
from typing import Any

import fer_core
from fer_core.answers import Answer, FaceAnswers, PhotoAnswers
from fer_core.artifacts import summaries
from fer_core.datasets.fer2013_appearance import MEASURES
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import conformal
from fer_core.quality import missing_numbers
from fer_core.registry import MODELS
from fer_core.reports.export import (
    PROVENANCE_COLUMNS,
    provenance,
    to_csv,
    weights_checksums,
)
from fer_core.text import printable

EYE_COLUMNS = ("eye1_x", "eye1_y", "eye2_x", "eye2_y")
PERCENTILE_COLUMNS = tuple(f"{name}_percentile" for name in MEASURES)
QUALITY_COLUMNS = (
    "face_px", "enlargement", "tilt", "cut_by_edge", *MEASURES, *PERCENTILE_COLUMNS, "outside",
)  # fmt: skip
ANSWER_COLUMNS = (
    "file", "face", "variant", "emotion", *EMOTIONS, "ms", "x", "y", "w", "h", "note",
    "model", "title", "face_score",
    *(f"yes_{name}" for name in EMOTIONS), *(f"threshold_{name}" for name in EMOTIONS),
    "precision", *EYE_COLUMNS, "width", "height", "bytes", "modified", *PROVENANCE_COLUMNS,
    "set", "set_level", *QUALITY_COLUMNS,
)  # fmt: skip
FULL_IMAGE_NOTE = "no face found, the whole picture was used"
NO_FACE_NOTE = "no face found"


def answers_to_csv(photos: Iterable[PhotoAnswers], header: bool = True) -> str:
    """Write one CSV row per face and model; a photo without answers gets a row with the reason."""
    return to_csv(answer_rows(photos), ANSWER_COLUMNS, header)


def answer_rows(
    photos: Iterable[PhotoAnswers], min_confidence: float = 0
) -> Iterator[dict[str, Any]]:
    """The rows of `answers_to_csv`; their columns are `ANSWER_COLUMNS`.

    An answer with less than `min_confidence` has no `emotion`.
    """
    for photo in photos:
        notes = photo_notes(photo)
        row: dict[str, Any] = {"file": printable(photo.name)} | photo_columns(photo)
        if not photo.faces:
            row |= {"note": "; ".join([photo.error or NO_FACE_NOTE, *notes])}
            yield row | provenance([])
        for number, face in enumerate(photo.faces, 1):
            whole = [FULL_IMAGE_NOTE] if face.face.score is None else []
            row |= {"face": number, "note": "; ".join([*whole, *notes])} | face_columns(face)
            row |= _quality_columns(photo, face)
            for model_name, answer in face.answers.items():
                columns = _answer_columns(model_name, answer)
                if answer.confidence < min_confidence:
                    columns["emotion"] = None
                yield row | columns | provenance([model_name])


def photo_columns(photo: PhotoAnswers) -> dict[str, Any]:
    """Size of the photo in px, and of its file in bytes with the time of its last change."""
    size = {"width": photo.width, "height": photo.height}
    stamp = photo.stamp
    return size | ({"bytes": stamp.size, "modified": stamp.modified} if stamp else {})


def face_columns(face: FaceAnswers) -> dict[str, Any]:
    """Where a face is, in px: its box and eyes; the first eye is on the viewer's left."""
    points = [value for eye in face.face.eyes or () for value in eye]
    return (
        dict(zip("xywh", face.face.box, strict=True))
        | {"face_score": face.face.score}
        | dict(zip(EYE_COLUMNS, (round(value, 1) for value in points), strict=False))
    )


def _quality_columns(photo: PhotoAnswers, face: FaceAnswers) -> dict[str, Any]:
    quality = photo.quality_of(face)
    if quality is None:
        return dict.fromkeys(QUALITY_COLUMNS)
    return quality.as_dict() | {"outside": " ".join(quality.outside)}


def _answer_columns(model_name: str, answer: Answer) -> dict[str, Any]:
    model = MODELS[model_name]
    columns: dict[str, Any] = {
        "variant": model_name,
        "model": model_name,
        "title": model.title,
        "emotion": answer.emotion,
        "ms": round(answer.milliseconds, 3),
        "precision": answer.precision,
    }
    if prediction_set := conformal.prediction_set(model_name, answer.probabilities):
        columns |= {"set": " ".join(prediction_set), "set_level": conformal.DEFAULT_LEVEL}
    scores = {f"yes_{name}": score for name, score in (answer.scores or {}).items()}
    thresholds = summaries.thresholds(model) if scores else {}
    return (
        columns
        | answer.probabilities
        | scores
        | {f"threshold_{name}": value for name, value in thresholds.items()}
    )


def photo_record(photo: PhotoAnswers, min_confidence: float = 0) -> dict[str, Any]:
    """One photo as JSON-serialisable data: its faces, the answers and what they were made with.

    An answer with less than `min_confidence` has the emotion None and is marked as unsure.
    """
    record = photo.as_dict()
    for face, data in zip(photo.faces, record["faces"], strict=True):
        quality = photo.quality_of(face)
        data["quality"] = quality and quality.as_dict()
        for model_name, answer in face.answers.items():
            result = data["results"][model_name]
            if prediction_set := conformal.prediction_set(model_name, answer.probabilities):
                result |= {"set": prediction_set, "set_level": conformal.DEFAULT_LEVEL}
            if answer.confidence < min_confidence:
                result |= {"emotion": None, "unsure": True}
    models = dict.fromkeys(name for face in photo.faces for name in face.answers)
    weights = {name: weights_checksums(name) for name in models}
    return record | {"app_version": fer_core.__version__, "weights_sha256": weights}


def missing_set_notes(model_names: Iterable[str]) -> list[str]:
    """Say which of these models have no prediction sets, a sentence for each."""
    return [
        f"{name} has no prediction sets, because it has no predictions for FER2013's PublicTest."
        for name in model_names
        if conformal.answer_limits(name) is None
    ]


def missing_quality_notes() -> list[str]:
    """Say why the quality of faces' pictures cannot be measured; empty if it can."""
    reason = missing_numbers()
    return [f"The quality of the faces' pictures is not measured: {reason}"] if reason else []


def more_faces_note(number: int) -> str:
    """Say that a photo has more faces than the `number` that were classified."""
    return f"only the {number} surest faces; there are more"


def photo_notes(photo: PhotoAnswers) -> list[str]:
    """Say what of a photo was left out: further faces, further frames or pages."""
    notes = [more_faces_note(len(photo.faces))] if photo.more_faces else []
    if photo.picture_count > 1:
        notes.append(f"first of {photo.picture_count} pictures")
    return notes
