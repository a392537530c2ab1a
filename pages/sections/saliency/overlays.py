"""Heat maps over what a session holds: chips, and photos as they are kept for display."""

import io

import numpy as np
from PIL import Image

from fer_core.explain import render
from pages.session.photos import Photo

SIDE = 288  # px of a chip on the page: six screen pixels for one of the model's


def overlay_chip(grey: np.ndarray, heat: np.ndarray | None, opacity: float, side: int = SIDE) -> np.ndarray:
    """(48, 48) uint8 → (side, side, 3) uint8, with its map (48, 48) over it."""
    return render.overlay_chip(
        grey, np.zeros_like(grey, float) if heat is None else heat, opacity, side
    )


def overlay_photo(photo: Photo, index: int, heat: np.ndarray | None, opacity: float) -> np.ndarray:
    """The photo as the session keeps it, (H, W, 3) uint8, the map lying where the face is."""
    picture = np.array(Image.open(io.BytesIO(photo.display_jpeg)).convert("RGB"))
    if heat is None:
        return picture
    assert photo.width is not None
    assert photo.height is not None
    size = photo.width, photo.height
    return render.overlay_photo(picture, photo.faces[index], heat, opacity, size)
