"""`analyze`: one photo or many, whatever kind they are, gives the pipeline's answers."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

import fer_core as fer
from fer_core import pipeline
from fer_core.answers import PhotoAnswers
from fer_core.artifacts.store import Artifacts
from fer_core.evaluation.default_model import default_model_name
from fer_core.imaging.sample_photo import sample_photo


def probabilities(photo: PhotoAnswers, model: str) -> list[float]:
    return [p for face in photo.faces for p in face.answers[model].probabilities.values()]


def test_the_answers_are_those_of_the_pipeline() -> None:
    expected = pipeline.classify(sample_photo(), "photo 1", fer.list_models())
    found = fer.analyze(sample_photo(), "all")
    assert (found.name, found.width, found.height) == ("photo 1", expected.width, expected.height)
    assert [face.face for face in found.faces] == [face.face for face in expected.faces]
    assert list(found.faces[0].answers) == fer.list_models()
    for name in fer.list_models():
        assert probabilities(found, name) == pytest.approx(probabilities(expected, name), abs=1e-5)


def test_kinds_of_photos_can_be_mixed(tmp_path: Path, astronaut: np.ndarray) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(sample_photo())
    photos = fer.analyze([path, str(path), sample_photo(), astronaut], "multiclass")
    assert [photo.name for photo in photos] == [str(path), str(path), "photo 3", "photo 4"]
    for photo in photos:
        assert photo.faces[0].answers["multiclass"].emotion == "happy"
        assert photo.as_dict()["error"] is None


def test_an_unreadable_photo_is_an_entry_with_its_error() -> None:
    photos = fer.analyze(("nowhere.jpg", sample_photo(), b"", np.zeros((4, 4))), "multiclass")
    assert [photo.error is None for photo in photos] == [False, True, False, False]
    assert [len(photo.faces) for photo in photos] == [0, 1, 0, 0]
    alone = fer.analyze("nowhere.jpg", "multiclass")
    assert alone == photos[0]
    assert alone.error == "nowhere.jpg cannot be read: No such file or directory."


def test_faces_are_classified_together_in_chunks(
    monkeypatch: pytest.MonkeyPatch, astronaut: np.ndarray
) -> None:
    """Each photo gets its own answers, also where a chunk ends between two of them."""
    turned = cv2.flip(astronaut, 1)
    grey = np.full_like(astronaut, 128)  # no face
    pictures = [astronaut, grey, turned, b"", astronaut, turned, grey]
    expected = [fer.analyze(picture, "multiclass") for picture in pictures]
    calls = []
    classify_chips = pipeline.classify_chips

    def counted(chips: np.ndarray, *args: object, **options: object) -> object:
        calls.append(len(chips))
        return classify_chips(chips, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("fer_core.analysis.PHOTOS_AT_ONCE", 3)
    monkeypatch.setattr(pipeline, "classify_chips", counted)
    found = fer.analyze(pictures, "multiclass")
    assert calls == [2, 2, 0]
    assert [photo.name for photo in found] == [f"photo {number}" for number in range(1, 8)]
    for photo, alone in zip(found, expected, strict=True):
        assert photo.error == alone.error
        assert probabilities(photo, "multiclass") == pytest.approx(
            probabilities(alone, "multiclass"), abs=1e-4
        )


def test_the_default_is_the_recommended_model(astronaut: np.ndarray) -> None:
    [face] = fer.analyze(astronaut).faces
    assert list(face.answers) == [default_model_name()]
    [face] = fer.analyze(astronaut, ["keras_cnn", "stacking"]).faces
    assert list(face.answers) == ["keras_cnn", "stacking"]


def test_a_whole_picture_and_int8(chips: np.ndarray) -> None:
    picture = np.array(Image.fromarray(chips[0]).convert("RGB"))
    [face] = fer.analyze(picture, "multiclass", whole_picture=True, precision="int8").faces
    assert face.face.box == (0, 0, 48, 48)
    assert face.answers["multiclass"].precision == "int8"


def test_no_photos_no_answers() -> None:
    assert fer.analyze([], "multiclass") == []


def test_mistakes_of_the_caller_are_errors(astronaut: np.ndarray, no_artifacts: Artifacts) -> None:
    with pytest.raises(fer.UnknownModelError, match="vgg"):
        fer.analyze(astronaut, "vgg")
    with pytest.raises(fer.NotTrainedError):
        fer.analyze(astronaut)
    with pytest.raises(fer.NotTrainedError, match="multiclass"):
        fer.analyze([], "multiclass")


def test_no_photo_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="not NoneType"):
        fer.analyze([None], "multiclass")  # type: ignore[list-item]
