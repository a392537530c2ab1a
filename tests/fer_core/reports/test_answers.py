"""The answers about photos as rows, and as one JSON shape for the app and the command line."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from damage import DAMAGES

from fer_core.answers import Answer, FaceAnswers, PhotoAnswers
from fer_core.artifacts import summaries
from fer_core.artifacts.store import artifacts
from fer_core.emotions import EMOTIONS
from fer_core.evaluation.conformal import prediction_set
from fer_core.faces.align import Face
from fer_core.imaging.photo_file import FileStamp
from fer_core.own_model import own_model_spec
from fer_core.registry import MODELS
from fer_core.reports.answers import (
    ANSWER_COLUMNS,
    QUALITY_COLUMNS,
    answer_rows,
    answers_to_csv,
    missing_quality_notes,
    missing_set_notes,
    photo_record,
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


def test_without_photos_there_is_only_the_header() -> None:
    assert answers_to_csv([]) == ",".join(ANSWER_COLUMNS) + "\n"


def test_yes_no_scores_and_the_detector_s_score_are_in_the_table() -> None:
    scores = dict.fromkeys(EMOTIONS, 0.25)
    answer = Answer(ANSWER.probabilities, 1.5, scores)
    face = FaceAnswers(FACE.face, FACE.chip, {"individual": answer} | FACE.answers)
    yes_no, other = rows(PhotoAnswers("a.jpg", 10, 10, (face,)))
    assert (yes_no["face_score"], yes_no["yes_fear"]) == ("0.9", "0.25")
    assert 0 < float(yes_no["threshold_fear"]) < 1
    assert (other["model"], other["yes_fear"]) == ("multiclass", "")


EYES = ((10.04, 20.0), (30.0, 21.06))
STAMP = FileStamp("album/a.jpg", 1234, "2026-11-30T12:00:00.000000+00:00")


def test_a_row_has_the_eyes_the_photo_s_size_its_file_and_the_weights() -> None:
    face = FaceAnswers(Face((1, 2, 3, 4), 0.9, EYES), FACE.chip, FACE.answers)
    (row,) = rows(PhotoAnswers("a.jpg", 640, 480, (face,), stamp=STAMP))
    assert [row[f"eye{n}"] for n in ("1_x", "1_y", "2_x", "2_y")] == ["10", "20", "30", "21.1"]
    assert [row[key] for key in ("width", "height", "bytes")] == ["640", "480", "1234"]
    assert row["modified"] == STAMP.modified
    assert row["weights_sha256"] == summaries.weights_checksum("multiclass")


def test_a_record_says_the_same_as_the_rows() -> None:
    face = FaceAnswers(Face((1, 2, 3, 4), 0.9, EYES), FACE.chip, FACE.answers)
    record = json.loads(
        json.dumps(photo_record(PhotoAnswers("a.jpg", 640, 480, (face,), stamp=STAMP)))
    )
    assert (record["path"], record["bytes"]) == ("album/a.jpg", 1234)
    assert record["weights_sha256"] == {"multiclass": [summaries.weights_checksum("multiclass")]}
    assert record["faces"][0]["eyes"] == [[10.0, 20.0], [30.0, 21.1]]
    assert list(record["faces"][0]["results"]["multiclass"]["probabilities"]) == list(EMOTIONS)
    assert photo_record(PhotoAnswers("b.jpg", error="No."))["weights_sha256"] == {}


def test_every_answer_has_its_prediction_set() -> None:
    photo = PhotoAnswers("a.jpg", 10, 10, (FACE,))
    expected = prediction_set("multiclass", ANSWER.probabilities)
    assert expected is not None
    [row] = rows(photo)
    assert (row["set"], row["set_level"]) == (" ".join(expected), "0.9")
    [face] = photo_record(photo)["faces"]
    assert face["results"]["multiclass"]["set"] == expected
    assert face["results"]["multiclass"]["set_level"] == 0.9


def test_without_predictions_for_public_test_there_is_no_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine = own_model_spec("mine", file="mine.onnx")
    monkeypatch.setitem(MODELS, "mine", mine)
    photo = PhotoAnswers("a.jpg", 10, 10, (FaceAnswers(FACE.face, FACE.chip, {"mine": ANSWER}),))
    assert (rows(photo)[0]["set"], rows(photo)[0]["set_level"]) == ("", "")
    assert "set" not in photo_record(photo)["faces"][0]["results"]["mine"]
    [note] = missing_set_notes(["multiclass", "mine"])
    assert note.startswith("mine has no prediction sets")


def test_an_answer_below_the_wanted_confidence_has_no_emotion() -> None:
    photo = PhotoAnswers("a.jpg", 10, 10, (FACE,))
    for least, emotion in ((0.7, "happy"), (0.71, None)):
        [row] = answer_rows([photo], least)
        result = photo_record(photo, least)["faces"][0]["results"]["multiclass"]
        assert row["emotion"] == result["emotion"] == emotion
        assert result.get("unsure", False) == (emotion is None)
        assert result["probabilities"]["happy"] == row["happy"] == 0.7


def test_a_face_s_quality_is_on_each_of_its_rows_and_in_its_record() -> None:
    face = FaceAnswers(
        Face((0, 2, 30, 40), 0.9, EYES), FACE.chip, {"multiclass": ANSWER, "keras_cnn": ANSWER}
    )
    photo = PhotoAnswers("a.jpg", 640, 480, (face, FACE))
    first, second, third = rows(photo)
    assert ANSWER_COLUMNS[-len(QUALITY_COLUMNS) :] == QUALITY_COLUMNS
    assert [first[name] for name in QUALITY_COLUMNS] == [second[name] for name in QUALITY_COLUMNS]
    assert (first["face_px"], first["cut_by_edge"]) == ("34.6", "1")
    assert (third["tilt"], third["cut_by_edge"]) == ("", "0")
    assert third["outside"] == "dark flat blurred"
    for data, row in zip(photo_record(photo)["faces"], (first, third), strict=True):
        assert tuple(data["quality"]) == QUALITY_COLUMNS
        assert data["quality"]["outside"] == row["outside"].split()
        assert data["quality"]["enlargement"] == float(row["enlargement"])


@pytest.mark.parametrize("damage", ["a flipped byte", "missing"])
def test_without_training_s_numbers_there_is_no_quality(damage: str, copied_results: Path) -> None:
    photo = PhotoAnswers("a.jpg", 10, 10, (FACE,))
    assert missing_quality_notes() == []
    artifacts().clear_cache()
    DAMAGES[damage](copied_results / "fer2013_training_quantiles.npy")
    [note] = missing_quality_notes()
    assert "fer2013_training_quantiles.npy" in note
    [row] = rows(photo)
    assert row["emotion"] == "happy"
    assert not any(row[name] for name in QUALITY_COLUMNS)
    assert photo_record(photo)["faces"][0]["quality"] is None
