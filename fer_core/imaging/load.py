"""Load a photo from a path, from a file's bytes or from a pixel array."""

import os
from pathlib import Path

import numpy as np

from fer_core.errors import ImageError
from fer_core.imaging.decode import MAX_BYTES, MAX_PIXELS, decode

Photo = str | os.PathLike[str] | bytes | np.ndarray


def load(photo: Photo) -> np.ndarray:
    """Load a photo as (H, W, 3) uint8 RGB.

    Args:
        photo: a path, the bytes of a file, or an array of that shape and type.

    Returns:
        (H, W, 3) uint8 RGB, C-contiguous.

    Raises:
        ImageError: the file cannot be read, `decode` rejects it, or the array has another shape or
            type.
    """
    if isinstance(photo, np.ndarray):
        return _checked(photo)
    if isinstance(photo, bytes):
        return decode(photo)
    try:
        return decode(read(Path(photo)))
    except OSError as error:
        raise ImageError(f"{photo} cannot be read: {error.strerror}.") from error


def read(path: Path) -> bytes:
    """Read a file, but at most one byte more than `decode` accepts. Raises `OSError`."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _checked(pixels: np.ndarray) -> np.ndarray:
    is_rgb = pixels.ndim == 3 and pixels.shape[2] == 3 and pixels.dtype == np.uint8
    if not is_rgb or not pixels.size or pixels.shape[0] * pixels.shape[1] > MAX_PIXELS:
        raise ImageError(
            f"A photo given as an array must be (H, W, 3) uint8 with at most "
            f"{MAX_PIXELS // 10**6} million pixels, not {pixels.shape} {pixels.dtype}."
        )
    return np.ascontiguousarray(pixels)
