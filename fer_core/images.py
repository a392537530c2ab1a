"""Untrusted bytes → RGB picture, or one sentence that says why not."""

import io
import logging
import warnings

import numpy as np
from PIL import ExifTags, Image

from fer_core.errors import ImageError

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_JPEG_SCANS = 100  # a progressive photo has about ten; each costs a pass over all pixels

_BLOCK = 2**20  # grey values converted at a time

READABLE = "JPEG, PNG, WebP, BMP, GIF or TIFF"
_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")

#: Files that people take for photos: where a signature stands, the signature, what the file is.
_OTHERS = (
    (4, b"ftypheic", "a HEIC photo, as iPhones take them"),
    (4, b"ftypheix", "a HEIC photo, as iPhones take them"),
    (4, b"ftypmif1", "a HEIC photo, as iPhones take them"),
    (4, b"ftypavif", "an AVIF picture"),
    (4, b"ftyp", "a video"),
    (0, b"%PDF", "a PDF document"),
    (0, b"PK\x03\x04", "a ZIP archive or an office document"),
    (0, b"<svg", "an SVG drawing"),
    (0, b"<?xml", "an XML or SVG file"),
    (0, b"<!doctype html", "a web page"),
    (0, b"<html", "a web page"),
)

_TURNS = {  # EXIF orientation → what makes the picture upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Set once, for the process: turned on and off around a call, they would race between threads.
# Pillow itself then refuses twice MAX_PIXELS before it makes any decoder; what it warns of on
# damaged files is said by ImageError.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.filterwarnings("ignore", module=r"PIL\.")
logging.getLogger("PIL").addHandler(logging.NullHandler())


def decode(data: bytes) -> np.ndarray:
    """The picture in `data` as (H, W, 3) uint8 RGB, C-contiguous, upright by its EXIF orientation.

    Of an animation or a multi-page file the first picture. Transparency becomes white; grey values
    of more than 8 bits are scaled. ICC profiles are not applied. Raises `ImageError`, and nothing
    else, when `data` is larger than MAX_BYTES, has more than MAX_PIXELS, or is no whole picture of
    a READABLE format.
    """
    if not data:
        raise ImageError(f"The file is empty; choose a photo ({READABLE}).")
    if len(data) > MAX_BYTES:
        raise ImageError(
            f"The file has {len(data) / 2**20:.1f} MB, and at most {MAX_BYTES // 2**20} MB can be "
            "read; save the photo smaller."
        )
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            _check_size(picture)
            if picture.format in ("JPEG", "MPO") and data.count(b"\xff\xda") > MAX_JPEG_SCANS:
                raise ImageError("This JPEG is built in too many passes to be a photo.")
            picture.load()
            turn = _TURNS.get(_orientation(picture))
            upright = picture if turn is None else picture.transpose(turn)
            return np.array(_rgb(upright))
    except ImageError:
        raise
    except Image.DecompressionBombError as error:
        raise ImageError(
            f"The picture has more than {MAX_PIXELS // 10**6} million pixels; save it smaller."
        ) from error
    except MemoryError as error:
        raise ImageError("The picture needs more memory than there is; save it smaller.") from error
    except Exception as error:  # Pillow's decoders raise nearly every type there is
        raise ImageError(_what_is_wrong(data)) from error


def _check_size(picture: Image.Image) -> None:
    """Raise `ImageError` by what the header says, before there are pixels."""
    width, height = picture.size
    if width < 1 or height < 1:
        raise ImageError("The picture has no pixels; it is damaged.")
    tile = getattr(picture, "tag_v2", {})
    tile_pixels = int(tile.get(322, 0)) * int(tile.get(323, 0))  # TIFF's TileWidth, TileLength
    if max(width * height, tile_pixels) > MAX_PIXELS:
        raise ImageError(
            f"The picture has {width} × {height} pixels, and at most {MAX_PIXELS // 10**6} million "
            "can be read; save it smaller."
        )


def _orientation(picture: Image.Image) -> int:
    """EXIF orientation, 1 to 8; 1 where there is none or it cannot be read.

    Pillow applies a TIFF's own orientation while it loads the pixels.
    """
    try:
        return int(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # a photo with damaged EXIF is still a photo
        return 1


def _rgb(picture: Image.Image) -> Image.Image:
    """Any of Pillow's modes → RGB, on white."""
    if picture.mode in ("I", "F") or picture.mode.startswith("I;"):
        return Image.fromarray(_eight_bits(np.asarray(picture))).convert("RGB")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    if picture.mode == "La":  # premultiplied: Pillow goes to RGBA by way of LA only
        picture = picture.convert("LA")
    transparent = picture.convert("RGBA")
    white = Image.new("RGB", picture.size, "white")
    white.paste(transparent, mask=transparent.getchannel("A"))
    return white


def _eight_bits(values: np.ndarray) -> np.ndarray:
    """Grey of more bits → (H, W) uint8: 16-bit by its full range, the rest by the range in use.

    32-bit integers and floats carry no fixed range: the smallest of 0–1 (floats), 0–255 and 0–65535
    that holds all values is taken as meant, else lowest to highest. NaN becomes black. In blocks,
    since a whole large picture in float64 would take half a gigabyte.
    """
    if values.dtype.kind == "u":
        return (values >> 8).astype(np.uint8)
    flat, eight = values.ravel(), np.empty(values.size, np.uint8)
    blocks = [slice(i, i + _BLOCK) for i in range(0, flat.size, _BLOCK)]
    finite = [part for b in blocks if (part := flat[b][np.isfinite(flat[b])]).size]
    low = min((float(part.min()) for part in finite), default=0.0)
    high = max((float(part.max()) for part in finite), default=1.0)
    usual = (1.0, 255.0, 65535.0) if values.dtype.kind == "f" else (255.0, 65535.0)
    if low >= 0 and high <= usual[-1]:
        low, high = 0.0, next(top for top in usual if high <= top)
    for b in blocks:
        share = (flat[b].astype(np.float64) - low) / max(high - low, 1e-300)
        eight[b] = np.rint(np.nan_to_num(share, nan=0.0).clip(0, 1) * 255)
    return eight.reshape(values.shape)


def _what_is_wrong(data: bytes) -> str:
    start = data[:64].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    for offset, signature, kind in _OTHERS:
        if start[offset:].startswith(signature.lower()):
            return f"This is {kind}, which cannot be read; save it as {READABLE}."
    return f"This cannot be read as a photo: it is damaged, incomplete or no {READABLE}."
