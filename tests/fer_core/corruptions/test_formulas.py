"""The formulas of docs/robustness.md, on small arrays and at two sizes of a face."""

import cv2
import numpy as np
import pytest

from fer_core.corruptions.formulas import CHIP_SQUARE, COVER_GREY, COVERS, FaceSquare, hide
from fer_core.corruptions.photo import corrupt_face, hidden_area
from fer_core.corruptions.records import CORRUPTIONS, corrupt
from fer_core.faces import align

#: An edge between two greys, as a chip and four times as large.
CHIP = np.full((48, 48), 60, np.uint8)
CHIP[:, 24:] = 180
PHOTO = np.repeat(np.repeat(CHIP, 4, axis=0), 4, axis=1)
PHOTO_SQUARE = FaceSquare(96, 96, 192)


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_the_neutral_amount_changes_nothing_and_others_do(name: str, chips: np.ndarray) -> None:
    corruption = CORRUPTIONS[name]
    assert np.array_equal(corruption.apply(chips[0], corruption.none), chips[0])
    for amount in corruption.severities:
        once, again = (corruption.apply(chips[0], amount) for _ in range(2))
        assert once.shape == (48, 48)
        assert once.dtype == np.uint8
        assert (once != chips[0]).any()
        assert np.array_equal(once, again)


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_colour_photo_keeps_its_shape(name: str, portrait: np.ndarray) -> None:
    corrupted = CORRUPTIONS[name].apply(portrait, CORRUPTIONS[name].severities[2])
    assert corrupted.shape == portrait.shape
    assert corrupted.dtype == np.uint8


@pytest.mark.parametrize("name", sorted(set(CORRUPTIONS) - {"jpeg"}))
def test_a_larger_face_is_corrupted_alike(name: str) -> None:
    corruption = CORRUPTIONS[name]
    amount = corruption.severities[2]
    small = corruption.apply(CHIP, amount)
    large = corruption.apply(PHOTO, amount, PHOTO_SQUARE)
    reduced = cv2.resize(large, (48, 48), interpolation=cv2.INTER_AREA)
    inner = slice(4, -4)  # of the mirrored border
    difference = np.abs(small.astype(int) - reduced)[inner, inner]
    assert np.median(difference) <= 1
    assert difference.mean() < 3


def test_grey_values_follow_the_formulas() -> None:
    row = np.array([[0, 60, 128, 200, 255]], np.uint8)
    expected = {
        ("darker", 40): [0, 20, 88, 160, 215],
        ("brighter", 40): [40, 100, 168, 240, 255],
        ("contrast", 50): [64, 94, 128, 164, 191],
        ("gamma", 2): [0, 14, 64, 157, 255],
    }
    for (name, amount), values in expected.items():
        assert CORRUPTIONS[name].apply(row, amount)[0].tolist() == values


def test_a_blurred_point_is_a_gaussian() -> None:
    point = np.zeros((48, 48), np.uint8)
    point[24, 24] = 255
    blurred = CORRUPTIONS["blur"].apply(point, 1)
    assert blurred[24, 24] == pytest.approx(255 / (2 * np.pi), abs=1.5)
    assert blurred[24, 25] / blurred[24, 24] == pytest.approx(np.exp(-0.5), abs=0.03)


def test_a_shift_and_a_rotation_move_a_point() -> None:
    chip = np.zeros((48, 48), np.uint8)
    chip[23:25, 10:12] = 250
    shifted = CORRUPTIONS["shift"].apply(chip, 6)
    assert np.array_equal(shifted[:, 6:], chip[:, :-6])
    turned = CORRUPTIONS["rotation"].apply(chip, 90)  # clockwise: left goes to the top
    assert turned[10:12, 23:25].min() >= 249


def test_noise_has_its_standard_deviation_and_follows_the_seed() -> None:
    grey = np.full((48, 48), 128, np.uint8)
    noisy = CORRUPTIONS["noise"].apply(grey, 10)
    assert noisy.astype(float).std() == pytest.approx(10, rel=0.1)
    assert (noisy != CORRUPTIONS["noise"].apply(grey, 10, seed=1)).any()


def test_a_region_is_hidden_by_its_share_of_area() -> None:
    (top, bottom), (left, right) = COVERS["mouth"]
    for amount in (100, 40):
        hidden = CORRUPTIONS["hide_mouth"].apply(CHIP, amount) == COVER_GREY
        area = (bottom - top) * (right - left) * amount / 100
        assert hidden.sum() == pytest.approx(area, rel=0.15)
        assert hidden[top:bottom, left:right].sum() == hidden.sum()


def test_the_box_follows_a_turned_face() -> None:
    turned = hide(np.zeros((100, 100), np.uint8), COVERS["mouth"], FaceSquare(50, 50, 48, 90))
    rows, columns = np.nonzero(turned)
    assert columns.mean() < 40 < rows.mean()  # a face turned clockwise has its mouth on the left


def test_several_are_applied_in_the_documented_order(chips: np.ndarray) -> None:
    expected = hide(chips[0], ((0, 9), (0, 9)))
    for name, amount in (("rotation", 20), ("blur", 1), ("jpeg", 30)):
        expected = CORRUPTIONS[name].apply(expected, amount)
    amounts = {"jpeg": 30, "blur": 1, "rotation": 20}
    assert np.array_equal(corrupt(chips[0], amounts, box=((0, 9), (0, 9))), expected)


def test_the_hidden_area_is_that_of_the_covers_and_the_box() -> None:
    area = hidden_area({"hide_mouth": 100, "blur": 2}, ((0, 4), (0, 6)))
    assert area.sum() == 12 * 24 + 24
    assert not hidden_area({"blur": 2}).any()


def test_a_face_is_found_again_or_not(portrait: np.ndarray) -> None:
    [face] = align.detect(portrait)
    clean = corrupt_face(portrait, face, {})
    assert np.array_equal(clean.chip, align.crop_chip(portrait, face))
    turned = corrupt_face(portrait, face, {"rotation": 30})
    assert turned.chip is not None  # the detector turns it upright again
    lost = corrupt_face(portrait, face, {"darker": 250})
    assert lost.chip is None
    assert lost.faces == 0


def test_the_square_of_a_face_is_what_the_chip_shows(portrait: np.ndarray) -> None:
    [face] = align.detect(portrait)
    hidden = corrupt_face(portrait, face, {"hide_eyes": 100}).image
    chip = align.crop_chip(hidden, face)
    (top, bottom), (left, right) = COVERS["eyes"]
    assert (chip[top + 1 : bottom - 1, left + 1 : right - 1] == COVER_GREY).all()
    outside = np.ones((48, 48), bool)
    outside[top - 1 : bottom + 1, left - 1 : right + 1] = False
    assert np.array_equal(chip[outside], align.crop_chip(portrait, face)[outside])
    assert CHIP_SQUARE.scale == 1
