"""Decode untrusted bytes to RGB, or raise an error message for the user.

The limits below keep any file to about 500 MB and 2 s on an ordinary machine: Pillow holds 4 bytes
per pixel, the returned array has 3, and decoders hold more on top. tests/security/hostile counts
the work, and its bench.py measures time and memory. Files from phones and cameras, JPEGs of 12 to
50 million pixels, stay within the limits.
"""

import logging
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import cv2
import numpy as np
from PIL import ExifTags, Image

from fer_core.errors import ImageError
from fer_core.imaging import header_limits, webp_header
from fer_core.imaging.rgb import to_upright_rgb
from fer_core.imaging.unsupported import SUPPORTED_FORMATS, unreadable_message

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 65_535  # px; the JPEG format allows no more
MAX_WEBP_PIXELS = 24_000_000  # the decoder holds five copies of the image
MAX_RLE_PIXELS = 4_000_000  # Pillow decodes run-length encoded BMPs in Python
MAX_TIFF_BYTES = 170_000_000  # decompressed; RGB of 50 million pixels fits, also in tiles
MAX_PNG_BYTES = 150_000_000  # decompressed; undoing the filters takes up to 8 ns each
MAX_DEEP_PNG_BYTES = 100_000_000  # of 16 bits per sample, of which 8 are kept
MAX_SCANNED_PIXELS = 750_000_000  # pixels × passes of a JPEG; 15 passes over 50 million
MAX_ROTATED_TIFF_PIXELS = 40_000_000  # Pillow itself rotates a TIFF, into a copy
MAX_LZMA_BYTES = 90_000_000  # five times slower to decompress than other TIFFs
MAX_JPEG_BYTES = 300_000_000  # memory for a progressive JPEG decoded at full size
MAX_COEFFICIENT_BYTES = 330_000_000  # of a progressive JPEG, decoded at any size
MAX_BLOCK_BYTES = 64_000_000  # one decompressed TIFF strip or tile; usually 8 kB to 1 MB
MAX_EXIF_BYTES = 2**20  # 16 times the size of a JPEG segment

_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")

_SMALLER = "Please use a smaller version."


def guard_process() -> None:
    """Configure Pillow for untrusted files; call once, from an application.

    Pillow then rejects twice MAX_PIXELS before it creates a decoder, and its warnings about damaged
    files are silenced, since `ImageError` reports them. `decode` enforces its own limits without
    this. The settings are global: switched on and off around each call, they would race between
    threads.
    """
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.filterwarnings("ignore", module=r"PIL\.")
    logging.getLogger("PIL").addHandler(logging.NullHandler())


class Decoded(NamedTuple):
    """The first picture of a file, (H, W, 3) uint8 RGB, and how many the file has."""

    image: np.ndarray
    picture_count: int


def decode(data: bytes | bytearray | memoryview) -> np.ndarray:
    """Decode the bytes of a photo.

    Animations and multi-page files give their first image. The EXIF orientation is applied, ICC
    profiles are not. Transparency becomes white, and grey of more than 8 bits is scaled to 8. A
    progressive JPEG whose coefficients need too much memory is decoded at half or a quarter of its
    size and enlarged again, so coordinates stay those of the photo.

    Args:
        data: content of a file in one of SUPPORTED_FORMATS.

    Returns:
        (H, W, 3) uint8 RGB, C-contiguous.

    Raises:
        TypeError: `data` is not bytes.
        ImageError: the file is larger than MAX_BYTES, has more pixels than its format may have,
            needs too much work, or is damaged, incomplete or not supported. Nothing else is raised.
    """
    return decode_first(data).image


def decode_first(data: bytes | bytearray | memoryview) -> Decoded:
    """Decode like `decode`; return also the number of pictures in the file."""
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise TypeError(f"data must be the bytes of a file, not {type(data).__name__}")
    data = bytes(data)
    with image_errors(data), open_checked(data) as pil_image:
        if pil_image.format in ("JPEG", "MPO"):
            return Decoded(_jpeg(pil_image, data), 1)  # an MPO's others are depth or details
        pil_image.load()
        image = to_upright_rgb(pil_image, _orientation(pil_image))
        return Decoded(image, _picture_count(pil_image))


@contextmanager
def image_errors(data: bytes) -> Iterator[None]:
    """Raise `ImageError` instead of any error of a decoder of these data."""
    try:
        yield
    except ImageError:
        raise
    except Image.DecompressionBombError as error:
        raise ImageError(
            f"The image has more than {MAX_PIXELS // 10**6} million pixels. {_SMALLER}"
        ) from error
    except MemoryError as error:
        raise ImageError(f"There is not enough memory for this image. {_SMALLER}") from error
    except Exception as error:  # Pillow's decoders raise almost any type
        raise ImageError(unreadable_message(data)) from error


def open_checked(data: bytes) -> Image.Image:
    """Open a photo, whose pixels are not decoded yet, after all checks of its header.

    Raises:
        ImageError: As of `decode`. Pillow's own errors are raised too; see `image_errors`.
    """
    if not data:
        raise ImageError(f"The file is empty; choose a photo ({SUPPORTED_FORMATS}).")
    if len(data) > MAX_BYTES:
        raise ImageError(
            f"The file is {len(data) / 2**20:.1f} MB; the limit is {MAX_BYTES // 2**20} MB. "
            f"{_SMALLER}"
        )
    header_limits.check_structure(data)
    # Opening a WebP already allocates its canvas.
    if (size := webp_header.read_webp_size(data)) is not None:
        _check_pixels(*size, MAX_WEBP_PIXELS, "a WebP")
    webp_header.check_code_blocks(data)
    pil_image = Image.open(header_limits.ReadLimitedBytesIO(data), formats=_FORMATS)
    _check_size(pil_image)
    if pil_image.format == "TIFF":
        _check_tiff(pil_image, data)
    elif pil_image.format == "PNG":
        _check_png(pil_image)
    return pil_image


def _check_pixels(width: int, height: int, limit: int, kind: str = "") -> None:
    if width * height > limit:
        raise ImageError(
            f"The image is {width} × {height} pixels; the limit"
            f"{f' for {kind}' if kind else ''} is {limit // 10**6} million. {_SMALLER}"
        )


def _check_size(pil_image: Image.Image) -> None:
    """Check the size in the header before any pixels are decoded."""
    width, height = pil_image.size
    if width < 1 or height < 1:
        raise ImageError("The image has no pixels; the file is damaged.")
    _check_pixels(width, height, MAX_PIXELS)
    if max(width, height) > MAX_SIDE:
        raise ImageError(
            f"The image is {width} × {height} pixels; the limit for a side is {MAX_SIDE}. "
            "Please crop it."
        )
    if any(tile[0] == "bmp_rle" for tile in getattr(pil_image, "tile", ())):
        _check_pixels(width, height, MAX_RLE_PIXELS, "a run-length encoded BMP")


def _check_raw_bytes(size: int, limit: int, kind: str) -> None:
    """Check the size of the decompressed file; it may be several times that of the image."""
    if size > limit:
        raise ImageError(
            f"The image has {size // 10**6} MB uncompressed; the limit for {kind} is "
            f"{limit // 10**6} MB. "
            "Please use a smaller version, or one of 8 bits without transparency."
        )


def _check_png(pil_image: Image.Image) -> None:
    """Check the bytes of all pixels; Pillow names how they are stored like "RGBA;16B"."""
    channels, _, depth = str(pil_image.tile[0][3]).partition(";")  # type: ignore[attr-defined]
    size = pil_image.width * pil_image.height * len(channels)
    if depth.startswith("16"):
        _check_raw_bytes(2 * size, MAX_DEEP_PNG_BYTES, "a PNG of 16 bits")
    else:
        _check_raw_bytes(size, MAX_PNG_BYTES, "a PNG")


def _check_tiff(pil_image: Image.Image, data: bytes) -> None:
    """Check the strips or tiles: each is decompressed whole, and may exceed the image."""
    tags = pil_image.tag_v2  # type: ignore[attr-defined]
    width, height = pil_image.size
    if tags.get(274, 1) != 1:
        _check_pixels(width, height, MAX_ROTATED_TIFF_PIXELS, "a rotated TIFF")
    if pil_image.tile and pil_image.tile[0][0] != "libtiff":  # type: ignore[attr-defined]
        return  # not compressed: it needs no more memory than the file
    columns, rows = width, min(int(tags.get(278, height)), height)
    if 322 in tags:  # TileWidth and TileLength instead of RowsPerStrip
        columns, rows = int(tags[322]), int(tags.get(323, 0))
    bits = tags.get(258, (1,))
    block = columns * rows * max(bits) * max(int(tags.get(277, 1)), len(bits)) // 8
    if block > MAX_BLOCK_BYTES:
        raise ImageError(
            f"The TIFF is stored in blocks that are too large to decompress. {_SMALLER}"
        )
    size = block * math.ceil(width / max(columns, 1)) * math.ceil(height / max(rows, 1))
    _check_raw_bytes(size, MAX_TIFF_BYTES, "a TIFF")
    compression = pil_image.info.get("compression")
    if compression == "lzma":
        _check_raw_bytes(size, MAX_LZMA_BYTES, "a TIFF compressed with LZMA")
    if compression in ("jpeg", "tiff_jpeg"):
        for starts, sizes in ((273, 279), (324, 325)):  # of strips, of tiles
            header_limits.check_tiff_scans(data, tags.get(starts, ()), tags.get(sizes, ()))


def _jpeg(pil_image: Image.Image, data: bytes) -> np.ndarray:
    """Decode a JPEG within the limits on work and memory.

    For a progressive JPEG, the decoder keeps all coefficients (2 bytes each) until the last pass,
    and every pass visits all of them.
    """
    width, height = pil_image.size
    scans = header_limits.parse_jpeg(data).scans
    if scans * width * height > MAX_SCANNED_PIXELS:
        raise ImageError(f"This JPEG is encoded in too many passes for its size. {_SMALLER}")
    sampling = [across * down for _, across, down, _ in pil_image.layer]  # type: ignore[attr-defined]
    coefficients = 2 * width * height * sum(sampling) // max(*sampling, 1)
    if scans < 2 or coefficients + 4 * width * height <= MAX_JPEG_BYTES:
        pil_image.load()
        return to_upright_rgb(pil_image, _orientation(pil_image))
    if coefficients > MAX_COEFFICIENT_BYTES:
        raise ImageError(f"This progressive JPEG needs too much memory. {_SMALLER}")
    reduction = 2 if coefficients + width * height <= MAX_COEFFICIENT_BYTES else 4
    pil_image.draft(None, (width // reduction, height // reduction))
    pil_image.load()
    orientation = _orientation(pil_image)
    size = (height, width) if orientation > 4 else (width, height)
    return cv2.resize(to_upright_rgb(pil_image, orientation), size, interpolation=cv2.INTER_LINEAR)


def _picture_count(pil_image: Image.Image) -> int:
    """Count frames or pages; 1 where those after the first are damaged or too many."""
    try:
        return int(getattr(pil_image, "n_frames", 1))
    except Exception:  # the first picture was read
        return 1


def _orientation(pil_image: Image.Image) -> int:
    """Read the EXIF orientation, 1 to 8; 1 where it is missing or unreadable.

    Pillow itself applies a TIFF's orientation while loading.
    """
    try:
        if len(pil_image.info.get("exif", b"")) > MAX_EXIF_BYTES:
            return 1
        orientation = int(pil_image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # a photo with damaged EXIF is still a photo
        return 1
    return orientation if orientation in range(1, 9) else 1
