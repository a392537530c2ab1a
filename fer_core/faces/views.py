"""The views of an image in which the face detector looks for candidates.

YuNet finds faces of about 16 to 300 px. The full image, reduced to two sizes, shows medium and
large faces; tiles show the small faces of a large image. docs/faces.md documents the constants.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from fer_core.imaging.patches import pyramid_level
from fer_core.imaging.sizes import scaled_size

FULL_SIDE = 1280  # px; a larger image is reduced to this, and also looked at in tiles
SMALL_SIDE = 320  # px; YuNet finds faces of up to about this size, and misplaces larger ones
TILE_SIDE = 960  # px; YuNet takes half as long again per pixel for an image of 1280 px
MAX_TILED_PIXELS = 8_000_000  # a larger image is reduced to this before it is cut into tiles
SMALLEST_FACE = 20  # px in a view; of smaller ones, ever fewer are found, and none below 10 px
TILED_FACE = 24  # px in the full view, which shows larger faces well


@dataclass(frozen=True)
class View:
    """A part of the image, reduced or enlarged: a point p of it is `origin + scale * p`."""

    pixels: np.ndarray  # (h, w, 3) uint8 RGB
    origin: np.ndarray  # (2,) px of the image, x and y of the view's top left corner
    scale: np.ndarray  # (2,) px of the image per px of the view, in x and y
    max_face: float | None = None  # px of the image; larger faces belong to other views


def full_views(pyramid: list[np.ndarray]) -> list[View]:
    """Return the image at up to `FULL_SIDE`, then reduced for large faces.

    Args:
        pyramid: the result of `image_pyramid`.
    """
    longest = max(pyramid[0].shape[:2])
    sides = {min(max(longest, SMALL_SIDE), FULL_SIDE), SMALL_SIDE}
    origin = np.zeros(2)
    views = []
    for side in sorted(sides, reverse=True):
        pixels = _resized(pyramid, side / longest)
        views.append(View(pixels, origin, _scale(pyramid, pixels)))
    return views


def tiles(pyramid: list[np.ndarray]) -> list[View]:
    """Cut an image larger than `FULL_SIDE` into overlapping tiles; none for a smaller one.

    Tiles are for faces of up to `TILED_FACE` px in the full view, and overlap by as much, so that
    each is whole in one of them. (In a panorama of more than 10:1 the overlap is less.)

    Args:
        pyramid: the result of `image_pyramid`.
    """
    height, width = pyramid[0].shape[:2]
    longest = max(height, width)
    if longest <= FULL_SIDE:
        return []
    factor = 1 / _tile_reduction(width, height)
    pixels = _resized(pyramid, factor)
    scale = _scale(pyramid, pixels)
    max_face = TILED_FACE * longest / FULL_SIDE
    overlap = min(math.ceil(max_face * factor), *pixels.shape[:2], TILE_SIDE // 4)
    return [
        View(pixels[rows, columns], scale * (columns.start, rows.start), scale, max_face)
        for rows in _spans(pixels.shape[0], overlap)
        for columns in _spans(pixels.shape[1], overlap)
    ]


def smallest_face(width: int, height: int) -> int:
    """Estimate the side in px from which faces are found in an image of this size."""
    return math.ceil(SMALLEST_FACE * _tile_reduction(width, height))


def _tile_reduction(width: int, height: int) -> float:
    return max(1.0, math.sqrt(width * height / MAX_TILED_PIXELS))


def _resized(pyramid: list[np.ndarray], factor: float) -> np.ndarray:
    height, width = pyramid[0].shape[:2]
    size = scaled_size(width, height, factor)
    level, _ = pyramid_level(pyramid, 1 / factor)
    if level.shape[1::-1] == size:
        return level
    interpolation = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(level, size, interpolation=interpolation)


def _scale(pyramid: list[np.ndarray], pixels: np.ndarray) -> np.ndarray:
    return np.array(pyramid[0].shape[1::-1]) / pixels.shape[1::-1]


def _spans(length: int, overlap: int) -> list[slice]:
    """Divide a length into equal spans of at most `TILE_SIDE` that overlap by `overlap` or more."""
    count = max(1, math.ceil((length - overlap) / (TILE_SIDE - overlap)))
    side = min(length, math.ceil((length + (count - 1) * overlap) / count))
    starts = np.linspace(0, length - side, count).astype(int).tolist()
    return [slice(start, start + side) for start in starts]
