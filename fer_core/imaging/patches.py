"""Rotated and scaled square patches of an image, for the face detector and for chips.

Points are px, x to the right and y down; angles are degrees, clockwise on the screen.
"""

import math

import cv2
import numpy as np

from fer_core.imaging.sizes import scaled_size

MAX_CUBIC_SCALE = 3  # small regions are enlarged this much by cubic interpolation, then linearly


def sample_patch(
    image: np.ndarray,
    centre: np.ndarray,
    side: float,
    angle: float,
    size: int,
    *,
    border: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Sample a rotated square without aliasing; the cost does not grow with the image.

    Args:
        image: (H, W, 3) uint8.
        centre: (2,) px, centre of the square.
        side: side of the square in px.
        angle: degrees by which the square is rotated back.
        size: side of the returned patch in px.
        border: grey value outside the image; None repeats the edge pixels.

    Returns:
        The patch (size, size, 3), and the matrix (2, 3) that maps its points to those of the image.
    """
    height, width = image.shape[:2]
    linear = rotation_matrix(angle) * (side / size)
    to_image = np.column_stack([linear, centre - linear @ (size / 2, size / 2)])

    reach = math.ceil(side * math.sqrt(0.5)) + 2
    x, y = (int(v) for v in np.clip(centre, 0, (width - 1, height - 1)))
    left, top = max(x - reach, 0), max(y - reach, 0)
    region = image[top : y + reach + 1, left : x + reach + 1]
    shrink, interpolation = np.ones(2), cv2.INTER_LINEAR
    if side >= 2 * size:
        new_size = scaled_size(region.shape[1], region.shape[0], size / side)
        shrink = np.array(region.shape[1::-1]) / new_size
        region = cv2.resize(region, new_size, interpolation=cv2.INTER_AREA)
    elif 2 * side <= size:  # rotating with cubic interpolation would cost five times as much
        factor = min(math.ceil(size / side), MAX_CUBIC_SCALE)
        shrink = np.full(2, 1 / factor)
        region = cv2.resize(region, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    elif side < size:
        interpolation = cv2.INTER_CUBIC

    # OpenCV measures from the centre of a pixel, the matrices here from its corner.
    to_region = linear / shrink[:, None]
    offset = (to_image[:, 2] - (left, top)) / shrink + to_region @ (0.5, 0.5) - 0.5
    patch = cv2.warpAffine(
        region,
        np.column_stack([to_region, offset]),
        (size, size),
        flags=cv2.WARP_INVERSE_MAP | interpolation,
        borderMode=cv2.BORDER_REPLICATE if border is None else cv2.BORDER_CONSTANT,
        borderValue=(border or 0,) * 3,
    )
    return patch, to_image


def image_pyramid(image: np.ndarray, min_side: int) -> list[np.ndarray]:
    """Halve an image repeatedly while its longest side stays at `min_side` px or more.

    Repeated sampling can then use the smallest level that is large enough. An odd last row or
    column is dropped, so each pixel is the mean of exactly four.

    Args:
        image: (H, W, 3) uint8.
        min_side: smallest allowed longest side in px.

    Returns:
        The image itself, then each halved level.
    """
    levels = [image]
    while max(image.shape[:2]) // 2 >= min_side and min(image.shape[:2]) >= 2:
        height, width = (n // 2 * 2 for n in image.shape[:2])
        image = cv2.resize(
            image[:height, :width], (width // 2, height // 2), interpolation=cv2.INTER_AREA
        )
        levels.append(image)
    return levels


def pyramid_level(levels: list[np.ndarray], shrink: float) -> tuple[np.ndarray, int]:
    """Choose the level from which to reduce the image `shrink` times.

    Args:
        levels: the result of `image_pyramid`.
        shrink: factor by which the original image is to be reduced.

    Returns:
        The smallest level reduced by no more than `shrink`, and its reduction.
    """
    index = min(math.floor(math.log2(max(shrink, 1))), len(levels) - 1)
    return levels[index], 2**index


def rotation_matrix(angle: float) -> np.ndarray:
    """(2, 2) matrix that rotates points clockwise on the screen."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return np.array([[cos, -sin], [sin, cos]])
