"""The CSV is safe to open in a spreadsheet."""

import csv
import io
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest

from fer_core.emotions import EMOTIONS
from fer_core.faces.align import Face
from fer_core.pipeline import Answer, FaceAnswers, PhotoAnswers
from fer_core.reports.export import (
    ANSWER_COLUMNS,
    answers_to_csv,
    escape_formula,
    printable,
    to_csv,
    to_xlsx,
    unique_name,
)

ANSWER = Answer({name: 0.7 if name == "happy" else 0.05 for name in EMOTIONS}, 1.5)
FACE = FaceAnswers(Face((1, 2, 3, 4), 0.9), np.zeros((48, 48), np.uint8), {"multiclass": ANSWER})


def rows(*photos: PhotoAnswers) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answers_to_csv(photos))))


def test_one_row_per_face_and_model() -> None:
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
    notes = rows(PhotoAnswers("a.jpg", 10, 10), PhotoAnswers("b.jpg", error="Not a photo."))
    assert [row["note"] for row in notes] == ["no face found", "Not a photo."]


def test_use_of_the_full_image_is_noted() -> None:
    whole = FaceAnswers(Face((0, 0, 9, 9)), FACE.chip, FACE.answers)
    assert "whole picture" in rows(PhotoAnswers("a.jpg", 9, 9, (whole,)))[0]["note"]


def test_more_faces_are_noted() -> None:
    crowd = PhotoAnswers("a.jpg", 9, 9, (FACE, FACE), more_faces=True)
    assert [row["note"] for row in rows(crowd)] == 2 * ["only the 2 surest faces; there are more"]


def test_further_pictures_of_the_file_are_noted() -> None:
    animation = PhotoAnswers("a.gif", 9, 9, (FACE,), picture_count=2)
    empty = PhotoAnswers("a.gif", 9, 9, picture_count=3)
    assert [row["note"] for row in rows(animation, empty)] == [
        "first of 2 pictures",
        "no face found; first of 3 pictures",
    ]


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert unique_name("a.jpg", []) == "a.jpg"
    assert unique_name("a.jpg", ["a.jpg", "a.jpg (2)"]) == "a.jpg (3)"


def test_file_names_cannot_be_formulas() -> None:
    for name in ("=1+1.jpg", "+a.jpg", "-a.jpg", "@a.jpg", "\ta.jpg"):
        assert escape_formula(name) == "'" + name
    assert escape_formula("a=1.jpg") == "a=1.jpg"
    (row,) = rows(PhotoAnswers('=HYPERLINK("x","y").jpg', 1, 1))
    assert row["file"].startswith("'=")


def test_file_names_are_visible_and_on_one_line() -> None:
    assert printable("a\nb\x1b[2J\udcff.jpg") == "a\N{REPLACEMENT CHARACTER}b" + (
        "\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}.jpg"
    )
    assert printable("Ünal 1.jpg") == "Ünal 1.jpg"


def test_without_photos_there_is_only_the_header() -> None:
    assert answers_to_csv([]) == ",".join(ANSWER_COLUMNS) + "\n"


def test_missing_values_are_empty_and_integers_stay_integers() -> None:
    rows = [{"a": 1, "b": "x, y"}, {"b": 'said "no"', "c": 0.1}, {"a": 3, "c": None}]
    assert to_csv(rows) == 'a,b,c\n1,"x, y",\n,"said ""no""",0.1\n3,,\n'
    assert to_csv(rows, ["c", "a"]) == "c,a\n,1\n0.1,\n,3\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1 + 0.2, "0.3"), (1 / 3, "0.333333"), (5.6e-15, "0"), (-1e-9, "0"), (2e-5, "0.00002")],
)
def test_numbers_have_six_decimals_and_no_noise(value: float, text: str) -> None:
    assert to_csv([{"x": np.float64(value)}]) == f"x\n{text}\n"


def test_a_workbook_holds_numbers_as_numbers_and_formulas_as_text() -> None:
    content = to_xlsx([{"file": "=1+1.jpg", "p": 0.25, "n": None}])
    with ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "<v>0.25</v>" in sheet
    assert "<f>" not in sheet
    assert "<t>=1+1.jpg</t>" in texts


def test_yes_no_scores_and_the_detector_s_score_are_in_the_table() -> None:
    scores = dict.fromkeys(EMOTIONS, 0.25)
    answer = Answer(ANSWER.probabilities, 1.5, scores)
    face = FaceAnswers(FACE.face, FACE.chip, {"individual": answer} | FACE.answers)
    yes_no, other = rows(PhotoAnswers("a.jpg", 10, 10, (face,)))
    assert (yes_no["face_score"], yes_no["yes_fear"]) == ("0.9", "0.25")
    assert 0 < float(yes_no["threshold_fear"]) < 1
    assert (other["model"], other["yes_fear"]) == ("multiclass", "")


def test_a_data_frame_is_written_like_its_rows() -> None:
    rows = [{"name": "a", "share": 0.25}, {"name": "b", "share": 0.5}]
    assert to_csv(pd.DataFrame(rows)) == to_csv(rows)
