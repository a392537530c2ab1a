"""A photo from wherever it is: a file, its bytes, or pixels that are there already."""

import os
from pathlib import Path

import numpy as np

from fer_core.errors import ImageError
from fer_core.imaging.decode import MAX_BYTES, MAX_PIXELS, decode

Photo = str | os.PathLike[str] | bytes | np.ndarray


def load(photo: Photo) -> np.ndarray:
    """(H, W, 3) uint8 RGB of a path, of a file's bytes, or of such an array itself.

    Raises `ImageError` where a file cannot be read, is no photo that `decode` takes, or an array
    has another shape or type.
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
    """A file's bytes; of a larger one than `decode` takes only so many that it refuses them.

    Raises `OSError` where there is none to be read.
    """
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _checked(pixels: np.ndarray) -> np.ndarray:
    right = pixels.ndim == 3 and pixels.shape[2] == 3 and pixels.dtype == np.uint8
    if not right or not pixels.size or pixels.shape[0] * pixels.shape[1] > MAX_PIXELS:
        raise ImageError(
            f"A photo as an array is (H, W, 3) uint8 with at most {MAX_PIXELS // 10**6} million "
            f"pixels, not {pixels.shape} {pixels.dtype}."
        )
    return np.ascontiguousarray(pixels)
