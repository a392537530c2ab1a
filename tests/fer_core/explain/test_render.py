"""Heat maps lie where the face is."""

import math

import cv2
import numpy as np
import pytest

from fer_core.explain.render import chip_corners, colour_bar, overlay, overlay_chip, overlay_photo
from fer_core.faces import align
from fer_core.faces.align import Face


def turned(angle: float) -> Face:
    """A face of 100×120 px in the middle of 400×300, its head tilted by `angle` degrees."""
    dx, dy = 20 * math.cos(math.radians(angle)), 20 * math.sin(math.radians(angle))
    return Face((150, 90, 100, 120), 0.9, ((200 - dx, 130 - dy), (200 + dx, 130 + dy)))


FACES = {
    "upright": turned(0),
    "tilted": turned(30),
    "on its side": turned(-90),
    "upside down": turned(180),
    "cut by the edge": Face((0, 90, 100, 120), 0.9, ((30.0, 130.0), (70.0, 135.0))),
    "whole picture": Face((0, 0, 400, 300)),
}


@pytest.mark.parametrize("face", FACES.values(), ids=FACES.keys())
def test_what_is_hot_in_the_chip_is_hot_in_the_photo(face: Face) -> None:
    corners = chip_corners(face, 400, 300)
    x, y = corners[0] + (corners[1] - corners[0]) * 0.7 + (corners[2] - corners[0]) * 0.4
    photo = np.zeros((300, 400, 3), np.uint8)
    cv2.circle(photo, (round(x), round(y)), 4, (255, 255, 255), -1)
    chip = align.crop_chip(photo, face)
    heat = cv2.GaussianBlur((chip > 100).astype(np.float32), (0, 0), 1)
    drawn = overlay_photo(np.zeros_like(photo), face, heat / heat.max(), opacity=1.0)
    hot = np.argwhere(drawn[..., 1] == drawn[..., 1].max())[:, ::-1].mean(axis=0)
    assert np.hypot(*(hot - (x, y))) < 5  # px, where a pixel of the chip is 2 to 6
    # and by the chip's own geometry, not only the square's
    row, column = np.argwhere(chip > 100).mean(axis=0)
    assert (column, row) == pytest.approx((0.7 * 48, 0.4 * 48), abs=1.5)


@pytest.mark.parametrize("face", FACES.values(), ids=FACES.keys())
def test_outside_the_face_the_photo_stays(face: Face) -> None:
    photo = np.random.default_rng(0).integers(0, 255, (300, 400, 3)).astype(np.uint8)
    before = photo.copy()
    drawn = overlay_photo(photo, face, np.ones((48, 48), np.float32))
    np.testing.assert_array_equal(photo, before)
    changed = np.argwhere((drawn != photo).any(axis=2))[:, ::-1]
    corners = chip_corners(face, 400, 300)
    assert (changed.min(axis=0) >= np.floor(corners.min(axis=0)) - 1).all()
    assert (changed.max(axis=0) <= np.ceil(corners.max(axis=0)) + 1).all()


def test_without_heat_the_picture_shows_through() -> None:
    picture = np.random.default_rng(0).integers(0, 255, (20, 30, 3)).astype(np.uint8)
    np.testing.assert_array_equal(overlay(picture, np.zeros((20, 30)), 1.0), picture)
    np.testing.assert_array_equal(overlay(picture, np.ones((20, 30)), 0.0), picture)
    covered = overlay(picture, np.ones((20, 30)), 1.0)
    assert len(np.unique(covered.reshape(-1, 3), axis=0)) == 1


def test_colours_grow_lighter_evenly() -> None:
    bar = colour_bar(256, 4, opacity=1.0)
    assert bar.shape == (4, 256, 3)
    lightness = cv2.cvtColor(bar[:1], cv2.COLOR_RGB2LAB)[0, 80:, 0].astype(int)
    steps = lightness[20:] - lightness[:-20]
    assert steps.min() > 0
    assert steps.max() < 2 * steps.mean()


def test_chip_has_the_size_asked_for() -> None:
    chip, heat = np.full((48, 48), 128, np.uint8), np.eye(48, dtype=np.float32)
    assert overlay_chip(chip, heat, side=200).shape == (200, 200, 3)


def test_a_map_lies_over_a_narrow_photo_shown_much_smaller() -> None:
    """Its width cannot shrink below a pixel, so that both sides shrink differently."""
    photo = np.zeros((1280, 1, 3), np.uint8)
    face = Face((0, 0, 20, 60_000))
    drawn = overlay_photo(photo, face, np.ones((48, 48)), 1.0, size=(20, 60_000))
    assert drawn.shape == photo.shape
    assert np.flatnonzero(drawn.any(axis=(1, 2))) == pytest.approx(640, abs=2)
