"""Render heat maps over a chip or over the photo it was cropped from, and their colour bar.

The colour map is viridis: perceptually uniform, safe for colour-blind readers and without grey, so
every colour on a grey face is heat. Where a map is 0, the image is unchanged.
"""

import cv2
import numpy as np

from fer_core.arrays import as_chip, as_heat_map, as_image
from fer_core.faces import align
from fer_core.faces.align import CHIP_SIZE, Face
from fer_core.imaging.patches import rotation_matrix

OPAQUE_FROM = 0.3  # values from here on have full opacity; lower ones fade out
OPACITY = 0.6
SKIN_GREY = 150  # background of the colour bar, about the grey of a face

#: (256, 3) uint8 RGB: the colours from 0 to 1.
COLOUR_MAP = cv2.applyColorMap(np.arange(256, dtype=np.uint8)[:, None], cv2.COLORMAP_VIRIDIS)[
    :, 0, ::-1
]


def overlay(image: np.ndarray, heat: np.ndarray, opacity: float = OPACITY) -> np.ndarray:
    """Draw a heat map over an image.

    Args:
        image: (H, W, 3) uint8 RGB.
        heat: (H, W) in [0, 1].
        opacity: of the colours, 0 to 1.

    Returns:
        A new (H, W, 3) uint8 RGB.
    """
    colours = COLOUR_MAP[np.rint(heat.clip(0, 1) * 255).astype(int)]
    alpha = opacity * (heat / OPAQUE_FROM).clip(0, 1)[..., None]
    drawn: np.ndarray = np.rint(image * (1 - alpha) + colours * alpha).astype(np.uint8)
    return drawn


def overlay_chip(
    chip: np.ndarray, heat: np.ndarray, opacity: float = OPACITY, side: int = 480
) -> np.ndarray:
    """Draw a heat map over its chip, enlarged.

    Args:
        chip: (48, 48) uint8 grey.
        heat: (48, 48) in [0, 1].
        opacity: of the colours, 0 to 1.
        side: side of the returned image in px.

    Returns:
        (side, side, 3) uint8 RGB.
    """
    chip, heat = as_chip(chip), as_heat_map(heat)
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
    """Draw the heat map of one face over its photo, rotated with the face.

    Args:
        image: (H, W, 3) uint8 RGB.
        face: the face that the map belongs to.
        heat: (48, 48) in [0, 1].
        opacity: of the colours, 0 to 1.
        size: width and height of the photo that `face` refers to, where `image` is a resized copy.

    Returns:
        A new (H, W, 3) uint8 RGB.
    """
    image, heat = as_image(image), as_heat_map(heat)
    height, width = image.shape[:2]
    size = size or (width, height)
    corners = chip_corners(face, *size) * np.divide((width, height), size)
    left, top = np.floor(corners.min(axis=0)).astype(int).clip(0, (width - 1, height - 1))
    right, bottom = (
        np.ceil(corners.max(axis=0)).astype(int).clip((left + 1, top + 1), (width, height))
    )
    # Only the region of the face: a map of the whole photo would need hundreds of megabytes.
    origin, x_end, y_end = corners[:3]
    matrix = np.column_stack([(x_end - origin) / CHIP_SIZE, (y_end - origin) / CHIP_SIZE, origin])
    # OpenCV measures from the centre of a pixel, the corners here from its corner.
    matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5 - (left, top)
    warped = cv2.warpAffine(heat, matrix, (int(right - left), int(bottom - top)))
    drawn = image.copy()
    drawn[top:bottom, left:right] = overlay(image[top:bottom, left:right], warped, opacity)
    return drawn


def chip_corners(face: Face, width: int, height: int) -> np.ndarray:
    """Compute the corners of the square that `align.crop_chip` crops.

    Args:
        face: the face to crop.
        width: width of the image in px.
        height: height of the image in px.

    Returns:
        (4, 2) x and y in px of the chip's top left, top right, bottom left and bottom right; they
        may lie outside the image.
    """
    if face.eyes is None:
        x, y, w, h = face.box
        side, angle = float(min(w, h)), 0.0
        corner = np.array((x + (w - side) // 2, y + (h - side) // 2))
        centre = corner + side / 2
    else:
        centre, side, angle = align.crop_square(face, width, height)
    half = np.array([(-1, -1), (1, -1), (-1, 1), (1, 1)]) * side / 2
    corners: np.ndarray = centre + half @ rotation_matrix(angle).T
    return corners


def colour_bar(width: int, height: int, opacity: float = OPACITY) -> np.ndarray:
    """Draw the colours from 0 to 1 as they look on a face, (height, width, 3) uint8 RGB."""
    heat = np.tile(np.linspace(0, 1, width), (height, 1))
    return overlay(np.full((height, width, 3), SKIN_GREY, np.uint8), heat, opacity)
