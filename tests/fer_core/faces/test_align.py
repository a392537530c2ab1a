"""Faces → chips: upright and framed as in FER2013, for images of any rotation and size."""

import dataclasses

import cv2
import numpy as np
import pytest
from portraits import likeness, only, turned

from fer_core.faces.align import (
    CROP_GEOMETRY,
    CropGeometry,
    Face,
    crop_chip,
    detect,
    full_image_face,
)
from training.crop_framing import BORDER, ENLARGEMENT, chip_on_grey
from training.engine.data import FerData


@pytest.fixture(scope="module")
def upright_chip(astronaut) -> np.ndarray:
    """The chip of two looks: what the detector finds with one is compared with it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fer_core.faces.detect.MAX_SURE_VIEW", 0)
        return crop_chip(astronaut, only(astronaut))


def test_chip(upright_chip):
    assert upright_chip.shape == (48, 48)
    assert upright_chip.dtype == np.uint8
    assert upright_chip.flags.c_contiguous
    # As in FER2013: the eyes level, a little above the middle, about 18 px apart.
    (x1, y1), (x2, y2) = (
        np.array(eye) / ENLARGEMENT - BORDER / ENLARGEMENT for eye in seen(upright_chip)
    )
    assert abs(y1 - y2) < 2
    assert abs((x1 + x2) / 2 - 24) < 3
    assert 14 < (y1 + y2) / 2 < 21
    assert 15 < x2 - x1 < 21


def seen(chip: np.ndarray) -> tuple[tuple[float, float], tuple[float, float]]:
    eyes = only(chip_on_grey(chip)).eyes
    assert eyes is not None
    return eyes


# A box that is 5 % larger already costs 0.1 of likeness, and so much YuNet's boxes do vary.
ALIKE, TURNED_ALIKE = 0.84, 0.5


@pytest.mark.parametrize("quarter", [1, 2, 3])
def test_chip_of_a_turned_picture_is_upright(astronaut, upright_chip, quarter):
    image = np.rot90(astronaut, quarter)
    chip = crop_chip(image, only(image))
    assert likeness(chip, upright_chip) > ALIKE
    for turn in (1, 2, 3):
        assert likeness(chip, np.rot90(upright_chip, turn)) < TURNED_ALIKE


@pytest.mark.parametrize("degrees", [-45, -20, 10, 20, 45])
def test_chip_of_a_tilted_face_is_upright(portrait, upright_chip, degrees):
    image = turned(portrait, degrees)
    face = only(image)
    (x1, y1), (x2, y2) = face.eyes
    assert np.degrees(np.arctan2(y2 - y1, x2 - x1)) == pytest.approx(6 - degrees, abs=6)
    assert likeness(crop_chip(image, face), upright_chip) > ALIKE


@pytest.mark.parametrize("side", [120, 1000, 2000])
def test_chip_does_not_depend_on_resolution(portrait, upright_chip, side):
    how = cv2.INTER_AREA if side < 300 else cv2.INTER_CUBIC
    image = cv2.resize(portrait, (side, side), interpolation=how)
    assert likeness(crop_chip(image, only(image)), upright_chip) > ALIKE


def test_chip_is_free_of_aliasing():
    """A fine chequerboard in a large photo is an even grey in the chip."""
    image = np.zeros((1800, 1800, 3), np.uint8)
    image[::2, ::2] = image[1::2, 1::2] = 255
    for tilt in (0, 200):
        face = Face((300, 200, 1100, 1400), 0.9, ((600, 700), (1100, 700 + tilt)))
        chip = crop_chip(image, face).astype(int)
        assert np.abs(chip - 127).max() <= 2
    chip = crop_chip(image, full_image_face(image)).astype(int)
    assert np.abs(chip - 127).max() <= 2


def test_face_cut_by_the_edge_keeps_its_frame(astronaut, upright_chip):
    """The cut box alone would zoom in and shift; what lies beyond the edge cannot be alike."""
    cut = np.ascontiguousarray(astronaut[:, 200:])
    face = only(cut)
    assert face.box[0] == 0
    assert likeness(crop_chip(cut, face)[:, 18:], upright_chip[:, 18:]) > 0.8


def test_eyes_that_coincide_and_points_outside_do_not_crash(portrait):
    for face in (
        Face((10, 10, 50, 60), 0.9, ((30.0, 30.0), (30.0, 30.0))),
        Face((0, 0, 50, 60), 0.9, ((0.0, 30.0), (0.0, 30.0))),
        Face((0, 0, 1, 1), 0.9, ((-500.0, -400.0), (-450.0, -400.0))),
    ):
        assert crop_chip(portrait, face).shape == (48, 48)


def test_whole_picture_of_a_chip_is_that_chip(chips):
    for chip in chips:
        image = np.dstack([chip] * 3)
        face = full_image_face(image)
        assert face == Face((0, 0, 48, 48), None, None)
        assert np.array_equal(crop_chip(image, face), chip)


def test_whole_picture_takes_the_middle_square():
    image = np.zeros((96, 300, 3), np.uint8)
    image[:, 102:198] = 200
    assert (crop_chip(image, full_image_face(image)) == 200).all()
    assert (crop_chip(np.rot90(image), full_image_face(np.rot90(image))) == 200).all()


def test_grey_is_rec_601():
    image = np.zeros((48, 144, 3), np.uint8)
    for i in range(3):
        image[:, 48 * i : 48 * i + 48, i] = 255
    greys = [crop_chip(image, Face((48 * i, 0, 48, 48)))[0, 0] for i in range(3)]
    assert greys == [76, 150, 29]


def test_fer2013_chips_are_found_and_framed_alike(fer2013: FerData):
    """One face in nearly every PublicTest picture; the mean chip is much like the mean picture."""
    chips = fer2013.split("PublicTest").chips[::90]
    pairs = [(chip, found[0]) for chip in chips if len(found := detect(chip_on_grey(chip))) == 1]
    assert len(pairs) >= 0.9 * len(chips)
    mean = np.mean([chip for chip, _ in pairs], axis=0)

    def mean_again(geometry: CropGeometry) -> np.ndarray:
        return np.mean(
            [crop_chip(chip_on_grey(chip), face, geometry) for chip, face in pairs], axis=0
        )

    assert likeness(mean_again(CROP_GEOMETRY), mean) > 0.88
    for wrong in (0.8, 1.3):
        geometry = dataclasses.replace(CROP_GEOMETRY, scale=CROP_GEOMETRY.scale * wrong)
        assert likeness(mean_again(geometry), mean) < likeness(mean_again(CROP_GEOMETRY), mean)
