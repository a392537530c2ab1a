"""Heat maps as pictures: over a chip, over the photo it was cut from, and the bar of their colours.

The colours are viridis: even to the eye, safe for the colour-blind, and no tone of it is grey, so
that on a grey face every colour is heat. Where a map is 0 the picture shows through unchanged.
"""

import cv2
import numpy as np

from fer_core.faces import align
from fer_core.faces.align import CHIP_SIZE, Face
from fer_core.imaging.patches import rotation_matrix

OPAQUE_FROM = 0.3  # from this value on a colour is as opaque as asked for; below it fades out
OPACITY = 0.6
SKIN_GREY = 150  # grey on which the bar shows the colours, about that of a face

#: (256, 3) uint8 RGB: the colours of 0 to 1.
COLOUR_MAP = cv2.applyColorMap(np.arange(256, dtype=np.uint8)[:, None], cv2.COLORMAP_VIRIDIS)[:, 0, ::-1]


def overlay(picture: np.ndarray, heat: np.ndarray, opacity: float = OPACITY) -> np.ndarray:
    """`heat` (H, W) in [0, 1] as colours over `picture` (H, W, 3) uint8 RGB; a new (H, W, 3)."""
    colours = COLOUR_MAP[np.rint(heat.clip(0, 1) * 255).astype(int)]
    alpha = opacity * (heat / OPAQUE_FROM).clip(0, 1)[..., None]
    drawn: np.ndarray = np.rint(picture * (1 - alpha) + colours * alpha).astype(np.uint8)
    return drawn


def overlay_chip(
    chip: np.ndarray, heat: np.ndarray, opacity: float = OPACITY, side: int = 480
) -> np.ndarray:
    """(48, 48) uint8 grey and its map (48, 48) → (side, side, 3) uint8 RGB."""
    grey = cv2.resize(chip, (side, side), interpolation=cv2.INTER_CUBIC)
    large = cv2.resize(heat, (side, side), interpolation=cv2.INTER_LINEAR)
    return overlay(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), large, opacity)


def overlay_photo(
    image: np.ndarray,
    face: Face,
    heat: np.ndarray,
    opacity: float = OPACITY,
    size: tuple[int, int] | None = None,
) -> np.ndarray:
    """The map (48, 48) of one face laid where the face is, turned as it is, over `image` (H, W, 3)
    uint8 RGB; a new (H, W, 3).

    `size` is width and height of the photo that `face` was found in, where `image` is a smaller or
    larger copy of it.
    """
    height, width = image.shape[:2]
    size = size or (width, height)
    corners = chip_corners(face, *size) * (width / size[0])
    left, top = np.floor(corners.min(axis=0)).astype(int).clip(0)
    right, bottom = np.minimum(np.ceil(corners.max(axis=0)).astype(int), (width, height))
    # Only where the face is: a map the size of a whole photo would take hundreds of megabytes.
    origin, x_end, y_end = corners[:3]
    matrix = np.column_stack([(x_end - origin) / CHIP_SIZE, (y_end - origin) / CHIP_SIZE, origin])
    # OpenCV counts from the middle of a pixel, the corners here from its corner.
    matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5 - (left, top)
    laid = cv2.warpAffine(heat, matrix, (int(right - left), int(bottom - top)))
    drawn = image.copy()
    drawn[top:bottom, left:right] = overlay(image[top:bottom, left:right], laid, opacity)
    return drawn


def chip_corners(face: Face, width: int, height: int) -> np.ndarray:
    """(4, 2) px (x, y): the corners of the square that `faces.crop_chip` makes the chip of, in a
    picture of `width` × `height` px: the chip's top left, top right, bottom left and bottom right.
    They may lie outside the picture."""
    if face.eyes is None:
        x, y, w, h = face.box
        side, angle = float(min(w, h)), 0.0
        corner = np.array((x + (w - side) // 2, y + (h - side) // 2))
        middle = corner + side / 2
    else:
        middle, side, angle = align.crop_square(face, width, height)
    half = np.array([(-1, -1), (1, -1), (-1, 1), (1, 1)]) * side / 2
    corners: np.ndarray = middle + half @ rotation_matrix(angle).T
    return corners


def colour_bar(width: int, height: int, opacity: float = OPACITY) -> np.ndarray:
    """(height, width, 3) uint8 RGB: the colours of 0 to 1, as they look on a face."""
    heat = np.tile(np.linspace(0, 1, width), (height, 1))
    return overlay(np.full((height, width, 3), SKIN_GREY, np.uint8), heat, opacity)
