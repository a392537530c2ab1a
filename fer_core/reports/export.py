"""Answers as CSV: one line a face and variant, the same from the app and the command line."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from fer_core.emotions import EMOTIONS
from fer_core.pipeline import PhotoAnswers

FIELDS = ("file", "face", "variant", "emotion", *EMOTIONS, "ms", "x", "y", "w", "h", "note")
WHOLE = "no face found, the whole picture was used"
NONE = "no face found"
FORMULA_STARTS = frozenset("=+-@\t\r＝＋－＠")  # full-width ones count in some spreadsheets


def printable(name: str) -> str:
    """A file name for a terminal or a text file: whatever is no visible character, or was no text
    to begin with (Python's lone surrogates), becomes U+FFFD."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)


def defuse(text: str) -> str:
    """A text that no spreadsheet takes for a formula: a leading = + - @ gets an apostrophe."""
    return "'" + text if text[:1] in FORMULA_STARTS else text


def as_csv(photos: Iterable[PhotoAnswers]) -> str:
    """A line a face and variant; a photo without an answer gets a line that says why."""
    file = io.StringIO()
    writer = csv.DictWriter(file, FIELDS, restval="", lineterminator="\n")
    writer.writeheader()
    for photo in photos:
        row: dict[str, Any] = {"file": defuse(printable(photo.name))}
        if not photo.faces:
            writer.writerow(row | {"note": photo.error or NONE})
        for number, found in enumerate(photo.faces, 1):
            row |= {"face": number, "note": WHOLE if found.face.score is None else ""}
            row |= dict(zip("xywh", found.face.box, strict=True))
            for variant, answer in found.answers.items():
                shares = {name: f"{p:.6f}" for name, p in answer.probabilities.items()}
                told = {"emotion": answer.emotion, "ms": f"{answer.milliseconds:.3f}"}
                writer.writerow(row | {"variant": variant} | told | shares)
    return file.getvalue()
