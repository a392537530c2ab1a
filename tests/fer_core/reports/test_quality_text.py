"""Sentences on the quality of a face's picture."""

from fer_core.quality import FaceQuality
from fer_core.reports import quality_text

LEVEL = {"brightness": 70.2, "contrast": 50.0, "sharpness": 28.1}


def quality(**changes: object) -> FaceQuality:
    fields = {
        "face_px": 104.2, "enlargement": 0.439, "tilt": -6.2, "cut_by_edge": False,
        "brightness": 148.0, "contrast": 59.7, "sharpness": 1531.4, "percentiles": LEVEL,
    }  # fmt: skip
    return FaceQuality(**(fields | changes))  # type: ignore[arg-type]


def test_how_a_chip_was_made() -> None:
    assert quality_text.facts(quality()) == "face of 104 px, reduced 2.3 times, tilt of 6° undone"
    small = quality(face_px=None, enlargement=2.44, tilt=None, cut_by_edge=True)
    assert quality_text.facts(small) == "enlarged 2.4 times, cut off by the edge of the photo"


def test_how_a_chip_looks() -> None:
    text = quality_text.look(quality(percentiles=LEVEL | {"sharpness": 0.2})).replace("\u00a0", " ")
    assert text.startswith("brighter than 70 % and sharper than <1 % of the faces")


def test_a_face_inside_has_no_warning() -> None:
    assert quality_text.warning(quality()) == ""


def test_a_face_outside_is_compared() -> None:
    dim = quality(percentiles=LEVEL | {"brightness": 0.4, "contrast": 0.0})
    assert quality_text.warning(dim) == (
        "Outside of what the models learned from: this face is darker than 99.6 % and less "
        "contrasty than all of FER2013's Training faces."
    )
    glaring = quality(percentiles=LEVEL | {"brightness": 99.6})
    assert "brighter than 99.6 %" in quality_text.warning(glaring)
    nearly_all = quality(percentiles=LEVEL | {"sharpness": 0.05})
    assert "less sharp than 99.9 %" in quality_text.warning(nearly_all)
