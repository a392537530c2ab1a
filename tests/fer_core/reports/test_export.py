"""The CSV is what a spreadsheet can open safely."""

import csv
import io

import numpy as np

from fer_core.emotions import EMOTIONS
from fer_core.faces.align import Face
from fer_core.pipeline import Answer, FaceAnswers, PhotoAnswers
from fer_core.reports.export import as_csv, defuse

ANSWER = Answer({name: 0.7 if name == "happy" else 0.05 for name in EMOTIONS}, 1.5)
FACE = FaceAnswers(Face((1, 2, 3, 4), 0.9), np.zeros((48, 48), np.uint8), {"multiclass": ANSWER})


def rows(*photos: PhotoAnswers) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv(photos))))


def test_a_line_a_face_and_variant() -> None:
    (row,) = rows(PhotoAnswers("a.jpg", 10, 10, (FACE,)))
    assert (row["file"], row["face"], row["variant"], row["emotion"]) == (
        "a.jpg",
        "1",
        "multiclass",
        "happy",
    )
    assert [row[key] for key in "xywh"] == ["1", "2", "3", "4"]
    assert float(row["happy"]) == 0.7


def test_photos_without_an_answer_say_why() -> None:
    found = rows(PhotoAnswers("a.jpg", 10, 10), PhotoAnswers("b.jpg", error="Not a photo."))
    assert [row["note"] for row in found] == ["no face found", "Not a photo."]


def test_whole_picture_is_said() -> None:
    whole = FaceAnswers(Face((0, 0, 9, 9)), FACE.chip, FACE.answers)
    assert "whole picture" in rows(PhotoAnswers("a.jpg", 9, 9, (whole,)))[0]["note"]


def test_file_names_are_no_formulas() -> None:
    for name in ("=1+1.jpg", "+a.jpg", "-a.jpg", "@a.jpg", "\ta.jpg"):
        assert defuse(name) == "'" + name
    assert defuse("a=1.jpg") == "a=1.jpg"
    (row,) = rows(PhotoAnswers('=HYPERLINK("x","y").jpg', 1, 1))
    assert row["file"].startswith("'=")
