"""Untrusted bytes → RGB picture, or one sentence that says why not.

Whatever the file, it takes at most some 500 MB and 2 s on a usual machine: tests/security/hostile
counts the work, and its bench.py measures time and memory. That is why the limits are what they
are: Pillow holds 4 bytes a pixel, the picture handed over has 3, and decoders hold more beside.
What phones and cameras write fits: JPEGs of 12 to 50 million pixels.
"""

import logging
import warnings
from collections.abc import Iterator

import cv2
import numpy as np
from PIL import ExifTags, Image

from fer_core.errors import ImageError
from fer_core.imaging import header_limits

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 65_535  # px; a JPEG cannot have more
MAX_WEBP_PIXELS = 24_000_000  # its decoder holds the picture five times
MAX_RLE_PIXELS = 4_000_000  # Pillow unpacks run-length coded BMPs in Python
MAX_PASSED_PIXELS = 1_000_000_000  # of all passes over a JPEG together, about a second
MAX_TURNED_TIFF_PIXELS = 40_000_000  # Pillow turns one itself, in a copy
MAX_LZMA_PIXELS = 30_000_000  # unpacked five times as slowly as other TIFFs
MAX_JPEG_BYTES = 300_000_000  # that a progressive one may take while it is decoded in full
MAX_COEFFICIENTS = 330_000_000  # bytes of a progressive one's, however small it is decoded
MAX_BLOCK_BYTES = 64_000_000  # of one strip or tile of a TIFF, unpacked; usual are 8 kB to 1 MB
MAX_EXIF_BYTES = 2**20  # 16 times what fits into a JPEG's segment

_BLOCK = 2**20  # pixels converted at a time

SUPPORTED_FORMATS = "JPEG, PNG, WebP, BMP, GIF or TIFF"
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


def guard_process() -> None:
    """For an application: set Pillow up for untrusted files, once and for the whole process.

    Pillow itself then refuses twice MAX_PIXELS before it makes any decoder, and what it warns of on
    damaged files, which `ImageError` says, goes nowhere. `decode` keeps its limits without this;
    turned on and off around each call, these would race between threads.
    """
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.filterwarnings("ignore", module=r"PIL\.")
    logging.getLogger("PIL").addHandler(logging.NullHandler())


def decode(data: bytes) -> np.ndarray:
    """The picture in `data` as (H, W, 3) uint8 RGB, C-contiguous, upright by its EXIF orientation.

    Of an animation or a multi-page file the first picture. Transparency becomes white; grey values
    of more than 8 bits are scaled. ICC profiles are not applied. A progressive JPEG so large that
    its coefficients need too much memory is decoded at half or a quarter of its size and enlarged
    again, so that places in it stay those of the photo.

    Raises `ImageError`, and nothing else, when `data` is larger than MAX_BYTES, has more pixels
    than its format may have, asks for too much work, or is no whole picture of a READABLE format.
    """
    if not data:
        raise ImageError(f"The file is empty; choose a photo ({SUPPORTED_FORMATS}).")
    if len(data) > MAX_BYTES:
        raise ImageError(
            f"The file has {len(data) / 2**20:.1f} MB, and at most {MAX_BYTES // 2**20} MB can be "
            "read; save the photo smaller."
        )
    try:
        header_limits.check_structure(data)
        if (
            size := header_limits.read_webp_size(data)
        ) is not None:  # opening one takes its canvas's memory
            _check_pixels(*size, MAX_WEBP_PIXELS, "of a WebP ")
        with Image.open(header_limits.ReadLimitedBytesIO(data), formats=_FORMATS) as picture:
            _check_size(picture)
            if picture.format in ("JPEG", "MPO"):
                return _jpeg(picture, data)
            picture.load()
            return _upright(picture, _orientation(picture))
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


def _check_pixels(width: int, height: int, most: int, of_what: str = "") -> None:
    if width * height > most:
        raise ImageError(
            f"The picture has {width} × {height} pixels, and at most {most // 10**6} million "
            f"{of_what}can be read; save it smaller."
        )


def _check_size(picture: Image.Image) -> None:
    """Raise `ImageError` by what the header says, before there are pixels."""
    width, height = picture.size
    if width < 1 or height < 1:
        raise ImageError("The picture has no pixels; it is damaged.")
    _check_pixels(width, height, MAX_PIXELS)
    if max(width, height) > MAX_SIDE:
        raise ImageError(
            f"The picture has {width} × {height} pixels, and a side of at most {MAX_SIDE} can be "
            "read; cut it smaller."
        )
    if any(tile[0] == "bmp_rle" for tile in getattr(picture, "tile", ())):
        _check_pixels(width, height, MAX_RLE_PIXELS, "of a run-length coded BMP ")
    if picture.format == "TIFF":
        if picture.tag_v2.get(274, 1) != 1:  # type: ignore[attr-defined]
            _check_pixels(width, height, MAX_TURNED_TIFF_PIXELS, "of a turned TIFF ")
        if picture.info.get("compression") == "lzma":
            _check_pixels(width, height, MAX_LZMA_PIXELS, "of a TIFF packed with LZMA ")
        _check_blocks(picture)


def _check_blocks(picture: Image.Image) -> None:
    """A TIFF's strip or tile is unpacked as a whole, beside the picture, and may be larger."""
    tags = picture.tag_v2  # type: ignore[attr-defined]
    width, rows = picture.width, min(int(tags.get(278, picture.height)), picture.height)
    if 322 in tags:  # TileWidth and TileLength instead of RowsPerStrip
        width, rows = int(tags[322]), int(tags.get(323, 0))
    bits = tags.get(258, (1,))
    samples = max(int(tags.get(277, 1)), len(bits))
    if picture.tile and picture.tile[0][0] != "libtiff":  # type: ignore[attr-defined]
        return  # not packed, so it takes no room but the file's own
    if width * rows * max(bits) * samples > 8 * MAX_BLOCK_BYTES:
        raise ImageError(
            "The TIFF is stored in blocks that are too large to be unpacked; save it smaller."
        )


def _jpeg(picture: Image.Image, data: bytes) -> np.ndarray:
    """Of a JPEG that is built in several passes the decoder holds all coefficients until the last,
    2 bytes each, and every pass goes over all of them."""
    width, height = picture.size
    scans = header_limits.parse_jpeg(data).scans
    if scans * width * height > MAX_PASSED_PIXELS:
        raise ImageError("This JPEG is built in too many passes for its size; save it smaller.")
    areas = [across * down for _, across, down, _ in picture.layer]  # type: ignore[attr-defined]
    coefficients = 2 * width * height * sum(areas) // max(*areas, 1)
    if scans < 2 or coefficients + 4 * width * height <= MAX_JPEG_BYTES:
        picture.load()
        return _upright(picture, _orientation(picture))
    if coefficients > MAX_COEFFICIENTS:
        raise ImageError("This progressive JPEG needs too much memory; save it smaller.")
    part = 2 if coefficients + width * height <= MAX_COEFFICIENTS else 4
    picture.draft(None, (width // part, height // part))
    picture.load()
    orientation = _orientation(picture)
    size = (height, width) if orientation > 4 else (width, height)
    return cv2.resize(_upright(picture, orientation), size, interpolation=cv2.INTER_LINEAR)


def _orientation(picture: Image.Image) -> int:
    """EXIF orientation, 1 to 8; 1 where there is none or it cannot be read.

    Pillow applies a TIFF's own orientation while it loads the pixels.
    """
    try:
        if len(picture.info.get("exif", b"")) > MAX_EXIF_BYTES:
            return 1
        told = int(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # a photo with damaged EXIF is still a photo
        return 1
    return told if told in range(1, 9) else 1


def _upright(picture: Image.Image, orientation: int) -> np.ndarray:
    """A loaded picture of any mode as (H, W, 3) uint8 RGB, turned upright.

    Block by block into the array that is returned: whole copies, one to turn the picture, one to
    convert it and one to hand it over, would each take as much memory as the picture.
    """
    width, height = picture.size
    turned = orientation > 4
    image = np.empty((width, height, 3) if turned else (height, width, 3), np.uint8)
    stored = _as_stored(_whole_pixels(image), orientation)
    limits = _limits(picture) if _deep(picture) else None
    for box in _boxes(width, height):
        left, top, right, bottom = box
        block = np.asarray(_rgb(picture.crop(box), limits))
        stored[top:bottom, left:right] = _whole_pixels(block)
    return image


def _whole_pixels(image: np.ndarray) -> np.ndarray:
    """The same memory (H, W, 3) with a pixel as one value (H, W), which is copied at one go."""
    return image.view("V3")[:, :, 0]


def _as_stored(upright: np.ndarray, orientation: int) -> np.ndarray:
    """A view of the upright picture as the camera stored it: for 5 to 8 rows and columns change
    places, then either may be mirrored."""
    view = upright.T if orientation > 4 else upright
    if orientation in (3, 4, 6, 7):
        view = view[::-1]
    if orientation in (2, 3, 7, 8):
        view = view[:, ::-1]
    return view


def _boxes(width: int, height: int) -> Iterator[tuple[int, int, int, int]]:
    """Left, top, right, bottom of blocks of at most _BLOCK pixels that make up the picture."""
    rows = max(1, _BLOCK // width)
    for top in range(0, height, rows):
        for left in range(0, width, _BLOCK):
            yield left, top, min(left + _BLOCK, width), min(top + rows, height)


def _deep(picture: Image.Image) -> bool:
    """Whether it is grey of more than 8 bits."""
    return picture.mode in ("I", "F") or picture.mode.startswith("I;")


def _rgb(picture: Image.Image, limits: tuple[float, float] | None) -> Image.Image:
    """Any of Pillow's modes → RGB, on white; `limits` are black and white of a deep one."""
    if limits is not None:
        return Image.fromarray(_eight_bits(np.asarray(picture), *limits)).convert("RGB")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    if picture.mode == "La":  # premultiplied: Pillow goes to RGBA by way of LA only
        picture = picture.convert("LA")
    transparent = picture.convert("RGBA")
    white = Image.new("RGB", picture.size, "white")
    white.paste(transparent, mask=transparent.getchannel("A"))
    return white


def _limits(picture: Image.Image) -> tuple[float, float]:
    """Which values of a deep picture are black and white.

    Of 16 bits the full range. 32-bit integers and floats carry no fixed range: the smallest of 0–1
    (floats), 0–255 and 0–65535 that holds all values is taken as meant, else lowest to highest.
    """
    if picture.mode.startswith("I;"):
        return 0.0, 65535.0
    if picture.mode == "I":
        low, high = map(float, picture.getextrema())  # type: ignore[arg-type]
    else:
        low, high = _finite_extrema(picture)
    if low > high:
        return 0.0, 1.0
    usual = (1.0, 255.0, 65535.0) if picture.mode == "F" else (255.0, 65535.0)
    if low >= 0 and high <= usual[-1]:
        return 0.0, next(top for top in usual if high <= top)
    return low, high


def _finite_extrema(picture: Image.Image) -> tuple[float, float]:
    """Least and greatest value of a picture of floats; infinities the wrong way where none is."""
    low, high = np.inf, -np.inf
    for box in _boxes(*picture.size):
        values = np.asarray(picture.crop(box))
        finite = np.isfinite(values)
        low = min(low, float(values.min(where=finite, initial=np.inf)))
        high = max(high, float(values.max(where=finite, initial=-np.inf)))
    return low, high


def _eight_bits(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Deep grey (H, W) → uint8, `low` black and `high` white. NaN becomes black."""
    if values.dtype.kind == "u":
        return (values >> 8).astype(np.uint8)
    share = values.astype(np.float64)  # one array, changed in place: speed and memory
    share -= low
    share /= max(high - low, 1e-300)
    share.clip(0, 1, out=share)
    share[np.isnan(share)] = 0
    share *= 255
    return np.rint(share, out=share).astype(np.uint8)


def _what_is_wrong(data: bytes) -> str:
    start = data[:64].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    for offset, signature, kind in _OTHERS:
        if start[offset:].startswith(signature.lower()):
            return f"This is {kind}, which cannot be read; save it as {SUPPORTED_FORMATS}."
    return f"This cannot be read as a photo: it is damaged, incomplete or no {SUPPORTED_FORMATS}."
