"""Convert loaded Pillow images of any mode to upright RGB arrays."""

from collections.abc import Iterator

import numpy as np
from PIL import Image

BLOCK_PIXELS = 2**20  # pixels converted at a time
#: White of deep grey: floats up to 1, then 8, 10, 12, 14 and 16 bits.
USUAL_WHITES = (1.0, 255.0, 1023.0, 4095.0, 16383.0, 65535.0)


def to_upright_rgb(pil_image: Image.Image, orientation: int) -> np.ndarray:
    """Convert a loaded image of any mode to (H, W, 3) uint8 RGB and rotate it upright.

    Blocks are written straight into the returned array: rotating, converting and returning whole
    copies would each need as much memory as the image.
    """
    width, height = pil_image.size
    is_transposed = orientation > 4
    image = np.empty((width, height, 3) if is_transposed else (height, width, 3), np.uint8)
    stored = _as_stored(_pixels(image), orientation)
    grey_range = _grey_range(pil_image) if _is_deep_grey(pil_image) else None
    for box in _boxes(width, height):
        left, top, right, bottom = box
        block = np.asarray(_rgb(pil_image.crop(box), grey_range))
        stored[top:bottom, left:right] = _pixels(block)
    return image


def _pixels(image: np.ndarray) -> np.ndarray:
    """View (H, W, 3) as (H, W) with one value per pixel, which is faster to copy."""
    return image.view("V3")[:, :, 0]


def _as_stored(upright: np.ndarray, orientation: int) -> np.ndarray:
    """View the upright image as the camera stored it.

    Orientations 5 to 8 swap rows and columns; then either axis may be mirrored.
    """
    view = upright.T if orientation > 4 else upright
    if orientation in (3, 4, 6, 7):
        view = view[::-1]
    if orientation in (2, 3, 7, 8):
        view = view[:, ::-1]
    return view


def _boxes(width: int, height: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield (left, top, right, bottom) of blocks of at most BLOCK_PIXELS that tile the image."""
    rows = max(1, BLOCK_PIXELS // width)
    for top in range(0, height, rows):
        for left in range(0, width, BLOCK_PIXELS):
            yield left, top, min(left + BLOCK_PIXELS, width), min(top + rows, height)


def _is_deep_grey(pil_image: Image.Image) -> bool:
    """Whether the image is grey with more than 8 bits per pixel."""
    return pil_image.mode in ("I", "F") or pil_image.mode.startswith("I;")


def _rgb(pil_image: Image.Image, grey_range: tuple[float, float] | None) -> Image.Image:
    """Convert any Pillow mode to RGB on white; `grey_range` is black and white of deep grey."""
    if grey_range is not None:
        return Image.fromarray(_to_eight_bits(np.asarray(pil_image), *grey_range)).convert("RGB")
    if not pil_image.has_transparency_data:
        return pil_image.convert("RGB")
    if pil_image.mode == "La":  # premultiplied: Pillow converts it to RGBA only via LA
        pil_image = pil_image.convert("LA")
    transparent = pil_image.convert("RGBA")
    white = Image.new("RGB", pil_image.size, "white")
    white.paste(transparent, mask=transparent.getchannel("A"))
    return white


def _grey_range(pil_image: Image.Image) -> tuple[float, float]:
    """Find the values of deep grey that mean black and white.

    Files do not say how many of their bits a camera or scanner used: white is the smallest of
    `USUAL_WHITES` that no value exceeds. Values below 0 or above all of them are scaled from
    minimum to maximum.
    """
    low, high = _finite_extrema(pil_image)
    if low > high:
        return 0.0, 1.0
    whites = USUAL_WHITES if pil_image.mode == "F" else USUAL_WHITES[1:]
    if low >= 0 and high <= whites[-1]:
        return 0.0, next(white for white in whites if high <= white)
    return low, high


def _finite_extrema(pil_image: Image.Image) -> tuple[float, float]:
    """Find the smallest and largest finite value; (inf, -inf) where there is none."""
    low, high = np.inf, -np.inf
    for box in _boxes(*pil_image.size):
        values = np.asarray(pil_image.crop(box))
        finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    return low, high


def _to_eight_bits(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Scale deep grey (H, W) to uint8: `low` is black, `high` white; NaN becomes black."""
    if values.dtype.kind == "u" and high == USUAL_WHITES[-1]:
        return (values >> 8).astype(np.uint8)
    scaled = values.astype(np.float64)  # changed in place, for speed and memory
    scaled -= low
    scaled /= max(high - low, 1e-300)
    scaled.clip(0, 1, out=scaled)
    scaled[np.isnan(scaled)] = 0
    scaled *= 255
    return np.rint(scaled, out=scaled).astype(np.uint8)
