"""How good the picture of a face is."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageFilter

from fer_core.faces.align import Face, full_image_face
from fer_core.imaging.sample_photo import sample_photo
from fer_core.pipeline import detect_faces
from fer_core.quality import FaceQuality, face_quality


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    return Image.open(BytesIO(sample_photo())).convert("RGB")


def quality(photo: Image.Image) -> FaceQuality:
    """That of the photo's only face."""
    detected = detect_faces(np.asarray(photo))
    height, width = detected.image.shape[:2]
    [face], [chip] = detected.faces, detected.chips
    return face_quality(face, chip, width, height)


def test_a_clear_photo_is_inside(photo: Image.Image) -> None:
    assert quality(photo).outside == ()


@pytest.mark.parametrize(
    ("word", "change"),
    [
        ("dark", lambda value: value * 0.12),
        ("bright", lambda value: 205 + value * 0.2),
        ("flat", lambda value: 100 + value * 0.25),
    ],
)
def test_what_the_models_never_saw_is_named(photo: Image.Image, word: str, change: object) -> None:
    assert word in quality(photo.point(change)).outside  # type: ignore[arg-type]


def test_a_blurred_face_is_named(photo: Image.Image) -> None:
    assert "blurred" in quality(photo.filter(ImageFilter.GaussianBlur(5))).outside


def test_enlargement_and_size_follow_the_photo(photo: Image.Image) -> None:
    half = photo.resize((photo.width // 2, photo.height // 2))
    whole, reduced = quality(photo), quality(half)
    assert whole.face_px
    assert reduced.face_px
    assert reduced.face_px == pytest.approx(whole.face_px / 2, rel=0.06)
    assert reduced.enlargement == pytest.approx(whole.enlargement * 2, rel=0.06)


def test_the_tilt_is_the_one_that_was_undone(photo: Image.Image) -> None:
    upright, turned = quality(photo).tilt, quality(photo.rotate(-15, fillcolor="grey")).tilt
    assert upright is not None
    assert turned == pytest.approx(upright + 15, abs=4)


def test_a_face_at_the_edge_is_cut(photo: Image.Image) -> None:
    [face] = detect_faces(np.asarray(photo)).faces
    left, _, width, _ = face.box
    assert not quality(photo).cut_by_edge
    assert quality(photo.crop((left + width // 10, 0, photo.width, photo.height))).cut_by_edge


def test_a_whole_picture_has_no_face_size() -> None:
    image = np.full((100, 80, 3), 7, np.uint8)
    face = full_image_face(image)
    whole = face_quality(face, np.full((48, 48), 7, np.uint8), 80, 100)
    assert (whole.face_px, whole.tilt, whole.cut_by_edge) == (None, None, False)
    assert whole.enlargement == 48 / 80
    assert whole.as_dict()["outside"] == ["dark", "flat", "blurred"]


def test_the_words_begin_beyond_the_first_percentile() -> None:
    face = Face((0, 0, 48, 48))
    values = FaceQuality(
        None, 1, None, False, 0, 0, 0, {"brightness": 99.1, "contrast": 0.9, "sharpness": 1}
    )
    assert values.outside == ("bright", "flat")
    assert face_quality(face, np.zeros((48, 48), np.uint8), 48, 48).percentiles["contrast"] < 0.1
