"""Heat maps over a session's images: chips, and photos as kept for display."""

import io

import numpy as np
from PIL import Image

from fer_core.explain import render
from pages.session.photo import Photo

SIDE = 288  # px of a chip on the page: six screen pixels per pixel of the chip


def overlay_chip(
    chip: np.ndarray, heat: np.ndarray | None, opacity: float, side: int = SIDE
) -> np.ndarray:
    """Draw a heat map over a chip and enlarge both.

    Args:
        chip: (48, 48) uint8 grey.
        heat: (48, 48) in [0, 1], or None for the bare chip.
        opacity: Of the colours, 0 to 1.
        side: Of the result, in px.

    Returns:
        (side, side, 3) uint8 RGB.
    """
    return render.overlay_chip(
        chip, np.zeros_like(chip, float) if heat is None else heat, opacity, side
    )


def overlay_photo(photo: Photo, index: int, heat: np.ndarray | None, opacity: float) -> np.ndarray:
    """Draw a heat map over a photo at the position of one face.

    Args:
        photo: With its display image and faces.
        index: Of the face in the photo.
        heat: (48, 48) in [0, 1], or None for the bare photo.
        opacity: Of the colours, 0 to 1.

    Returns:
        (H, W, 3) uint8 RGB, in the size kept for display.
    """
    image = np.array(Image.open(io.BytesIO(photo.display_jpeg)).convert("RGB"))
    if heat is None:
        return image
    assert photo.width is not None
    assert photo.height is not None
    size = photo.width, photo.height
    return render.overlay_photo(image, photo.faces[index], heat, opacity, size)
