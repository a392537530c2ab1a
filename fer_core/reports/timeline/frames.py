"""The frames of a timeline as rows of a table and as JSON; from a stream or from a timeline."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

import fer_core
from fer_core.emotions import EMOTIONS
from fer_core.registry import MODELS
from fer_core.reports.answers import NO_FACE_NOTE
from fer_core.reports.export import (
    DECIMALS,
    PROVENANCE_COLUMNS,
    provenance,
    to_csv,
    weights_checksums,
)
from fer_core.text import printable
from fer_core.video.frames import FrameAnswers
from fer_core.video.timeline import Observation, Timeline

#: The first five are OpenFace's.
FRAME_COLUMNS = (
    "frame", "face_id", "timestamp", "confidence", "success", "x", "y", "w", "h",
    "variant", "emotion", *EMOTIONS, "doubt", "file", "model", "title", "width", "height", "note",
    *PROVENANCE_COLUMNS,
)  # fmt: skip
_TIME_DECIMALS = 3


class FaceRecord(NamedTuple):
    """A face of a frame, and what models answered."""

    seen: Observation
    answers: Mapping[str, np.ndarray]  # by model name, (7,) float32 probabilities


class FrameRecord(NamedTuple):
    """A frame of a film; `time` in seconds, `width` and `height` in px."""

    number: int
    time: float
    width: int
    height: int
    faces: list[FaceRecord]


def record_of(frame: FrameAnswers) -> FrameRecord:
    """A frame as it was analysed."""
    faces = [
        FaceRecord(
            Observation(
                frame.number,
                frame.time,
                each.track,
                each.face.box,
                float(np.float32(each.face.score or 0)),
                each.doubt,
            ),
            {
                name: np.array(list(answer.probabilities.values()), np.float32)
                for name, answer in each.answers.items()
            },
        )
        for each in frame.faces
    ]
    return FrameRecord(frame.number, frame.time, frame.width, frame.height, faces)


def records_of(timeline: Timeline) -> Iterator[FrameRecord]:
    """All frames of a timeline, those without a face included."""
    rows = {name: timeline.probabilities(name) for name in timeline.models}
    seen = enumerate(timeline.observations())
    by_frame = groupby(seen, key=lambda each: each[1].frame)
    number, faces = next(by_frame, (0, iter(())))
    for count, time in enumerate(timeline.frame_times.tolist(), 1):
        records = []
        if number == count:
            for i, each in faces:
                given = {name: row[i] for name, row in rows.items() if not np.isnan(row[i, 0])}
                records.append(FaceRecord(each, given))
            number, faces = next(by_frame, (0, iter(())))
        yield FrameRecord(count, time, timeline.width, timeline.height, records)


def timeline_to_csv(timeline: Timeline) -> str:
    """One CSV row per frame, face and model, to be stored in `CSV_ENCODING`."""
    return frames_to_csv(timeline.title, records_of(timeline))


def frames_to_csv(file: str, frames: Iterable[FrameRecord], header: bool = True) -> str:
    """Write frames as CSV; a frame without a face has one row, whose `success` is 0.

    Args:
        file: Name of the film.
        frames: In order of time.
        header: Start with a line of the column names.
    """
    return to_csv(frame_rows(file, frames), FRAME_COLUMNS, header)


def frame_rows(file: str, frames: Iterable[FrameRecord]) -> Iterator[dict[str, Any]]:
    """The rows of `frames_to_csv`; their columns are `FRAME_COLUMNS`."""
    for frame in frames:
        row = {
            "frame": frame.number,
            "timestamp": round(frame.time, _TIME_DECIMALS),
            "file": printable(file),
            "width": frame.width,
            "height": frame.height,
        }
        if not frame.faces:
            empty = {"face_id": 0, "confidence": 0, "success": 0, "note": NO_FACE_NOTE}
            yield row | empty | provenance([])
        for seen, answers in frame.faces:
            row |= dict(zip("xywh", seen.box, strict=True)) | {
                "face_id": seen.track,
                "confidence": seen.score,
                "success": 1,
                "doubt": seen.doubt,
            }
            for name, probabilities in answers.items():
                yield row | _answer_columns(name, probabilities) | provenance([name])


def _answer_columns(model_name: str, probabilities: np.ndarray) -> dict[str, Any]:
    return {
        "variant": model_name,
        "model": model_name,
        "title": MODELS[model_name].title,
        "emotion": EMOTIONS[probabilities.argmax()],
    } | dict(zip(EMOTIONS, probabilities.tolist(), strict=True))


def timeline_to_jsonl(timeline: Timeline) -> str:
    """One JSON object per frame and line."""
    return frames_to_jsonl(timeline.title, records_of(timeline))


def frames_to_jsonl(file: str, frames: Iterable[FrameRecord]) -> str:
    """Write frames as lines of JSON; arguments as for `frames_to_csv`."""
    return "".join(json.dumps(frame_object(file, frame)) + "\n" for frame in frames)


def frame_object(file: str, frame: FrameRecord) -> dict[str, Any]:
    """One frame as JSON-serialisable data: its faces, and what the answers were made with."""
    models = dict.fromkeys(name for face in frame.faces for name in face.answers)
    return {
        "file": file,
        "frame": frame.number,
        "timestamp": round(frame.time, _TIME_DECIMALS),
        "width": frame.width,
        "height": frame.height,
        "faces": [_face_object(face) for face in frame.faces],
        "app_version": fer_core.__version__,
        "weights_sha256": {name: weights_checksums(name) for name in models},
    }


def _face_object(face: FaceRecord) -> dict[str, Any]:
    return {
        "track": face.seen.track,
        "box": list(face.seen.box),
        "score": round(face.seen.score, 4),
        "doubt": face.seen.doubt,
        "results": {
            name: {
                "emotion": EMOTIONS[values.argmax()],
                "probabilities": {
                    emotion: round(value, DECIMALS)
                    for emotion, value in zip(EMOTIONS, values.tolist(), strict=True)
                },
            }
            for name, values in face.answers.items()
        },
    }
