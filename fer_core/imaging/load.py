"""Load a photo from a path, from a file's bytes or from a pixel array."""

import os
from pathlib import Path

import numpy as np

from fer_core.arrays import as_image
from fer_core.errors import ImageError
from fer_core.imaging.decode import MAX_BYTES, MAX_PIXELS, Decoded, decode_first

Photo = str | os.PathLike[str] | bytes | bytearray | memoryview | np.ndarray


def load(photo: Photo) -> np.ndarray:
    """Load a photo as (H, W, 3) uint8 RGB.

    Args:
        photo: a path, the bytes of a file, or an array of that shape and type.

    Returns:
        (H, W, 3) uint8 RGB, C-contiguous.

    Raises:
        TypeError: it is none of these.
        ImageError: the file cannot be read, `decode` rejects it, or the array has another shape or
            type, or too many pixels.
    """
    return load_first(photo).image


def load_first(photo: Photo) -> Decoded:
    """Load like `load`; return also the number of pictures in the file."""
    if isinstance(photo, np.ndarray):
        return Decoded(_checked(photo), 1)
    if isinstance(photo, (bytes, bytearray, memoryview)):
        return decode_first(photo)
    if not isinstance(photo, (str, os.PathLike)):
        raise TypeError(
            "photo must be a path, the bytes of a file or a NumPy array (H, W, 3) uint8, "
            f"not {type(photo).__name__}"
        )
    if not os.fspath(photo):
        raise ImageError("The name of the photo is empty.")
    try:
        return decode_first(read(Path(photo)))
    except OSError as error:
        raise ImageError(f"{photo} cannot be read: {error.strerror}.") from error


def read(path: Path) -> bytes:
    """Read a file, but at most one byte more than `decode` accepts. Raises `OSError`."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _checked(pixels: np.ndarray) -> np.ndarray:
    try:
        image = as_image(pixels, "photo")
    except ValueError as error:
        raise ImageError(f"A {error}.") from error
    if image.shape[0] * image.shape[1] > MAX_PIXELS:
        raise ImageError(
            f"The photo is {image.shape[1]} × {image.shape[0]} pixels; "
            f"the limit is {MAX_PIXELS // 10**6} million."
        )
    return image
