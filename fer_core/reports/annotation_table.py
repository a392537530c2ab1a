"""Annotators' answers as a table, and reading such a table again."""

import csv
import io
from collections.abc import Sequence
from math import isfinite
from typing import Any, NamedTuple

from fer_core.emotions import EMOTIONS
from fer_core.errors import DataError
from fer_core.reports.export import CSV_ENCODING
from fer_core.reports.label_studio import LabelledFace
from fer_core.text import unescape_formula

MAX_BYTES = 20 * 2**20  # of a table to read
COLUMNS = ("file", "face", "annotator", "emotion", "seconds")  # those that are read again


class AnnotationRow(NamedTuple):
    """One annotator's answer for one face."""

    file: str  # the photo's file name, or the image's id in FER2013
    face: int  # number of the face in the photo, from 1
    annotator: str
    emotion: str | None  # None: unclear
    seconds: float


def annotation_rows(faces: Sequence[LabelledFace]) -> list[dict[str, Any]]:
    """One row per face and annotator, with the label and each model's answer.

    The emotion of an unclear face is empty.
    """
    return [
        {
            "file": face.image,
            "face": face.face,
            "annotator": annotator,
            "emotion": emotion,
            "seconds": f"{seconds:.1f}",
            "label": face.label or None,
        }
        | {name: answer for name, (answer, _) in face.predictions.items()}
        for face in faces
        for annotator, (emotion, seconds) in face.annotations.items()
    ]


def read_annotations(content: bytes) -> list[AnnotationRow]:
    """Read the CSV file of `annotation_rows`.

    Args:
        content: The file.

    Returns:
        Its rows.

    Raises:
        DataError: It is another file, or a row of it cannot be right.
    """
    if len(content) > MAX_BYTES:
        raise DataError(f"The file is larger than {MAX_BYTES // 2**20} MB, so it was not read.")
    try:
        reader = csv.DictReader(io.StringIO(content.decode(CSV_ENCODING)))
        rows = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError("The file is not a CSV file in UTF-8.") from error
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise DataError(
            f"The file has no column called {missing[0]}; choose a CSV file that this page wrote."
        )
    return [_row(number, row) for number, row in enumerate(rows, 2)]


def _row(line: int, row: dict[str, str | None]) -> AnnotationRow:
    file, face, annotator, emotion, seconds = (row[name] or "" for name in COLUMNS)
    if emotion and emotion not in EMOTIONS:
        raise DataError(f"The emotion in line {line} is none of {', '.join(EMOTIONS)}.")
    try:
        number, time = int(face), float(seconds or 0)
    except ValueError as error:
        raise DataError(f"The face or the seconds in line {line} are not a number.") from error
    if not file or not annotator.strip() or number < 1 or not isfinite(time):
        raise DataError(f"Line {line} names no face or no annotator.")
    return AnnotationRow(
        unescape_formula(file), number, unescape_formula(annotator), emotion or None, time
    )
