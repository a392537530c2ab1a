"""Limits on the structure of a photo's file, checked before it is decoded.

A small file can demand much work. Pillow parses headers in Python, at a few microseconds per
element, and 20 MB hold millions of elements; compressed ones expand to a megabyte each. A photo has
few of either. Each limit is about ten times what photos and common tools need.
"""

import io
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fer_core.errors import ImageError

MAX_READS = 250_000  # read calls per file; a PNG of 20 MB with 4 kB chunks takes 20,000
MAX_JPEG_SEGMENTS = 2_000  # 20 MB of metadata in segments of the largest size are 320
MAX_JPEG_TABLES = 100  # quantisation-table segments; a photo has one to four
MAX_JPEG_SCANS = 100  # passes over all pixels; a progressive photo has about ten
MAX_TIFF_SCANS = 12  # of each JPEG in a TIFF: nearly all have one, the progressive ones ten
MAX_PHOTOSHOP_BLOCKS = 10_000  # Photoshop adds about thirty to a JPEG
MAX_COMPRESSED_CHUNKS = 100  # compressed texts and colour profiles of a PNG, up to 1 MB each
MAX_TIFF_BLOCKS = 100_000  # strips or tiles; one row per strip makes 30,000 in a large image
MAX_TIFF_VALUES = 200_000  # per other tag; the largest colour map has 196,608

_TOO_FRAGMENTED = "The file has far more segments than a photo; please re-save it."
_TOO_MANY_PASSES = "The photo is encoded in too many passes; please re-save it."
_JPEG_MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")  # no padding, restart marker or data
_TIFF_BLOCK_TAGS = (273, 324)  # StripOffsets, TileOffsets: one number per block
_TIFF_BYTES = (1, 2, 7)  # types Pillow keeps as bytes; others become Python numbers


class ReadLimitedBytesIO(io.BytesIO):
    """An in-memory file that raises `ImageError` after MAX_READS read calls."""

    _reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self._reads += 1
        if self._reads > MAX_READS:
            raise ImageError(_TOO_FRAGMENTED)
        return super().read(size)


@dataclass(frozen=True)
class JpegStructure:
    """Number of scans, quantisation tables and segments of a JPEG, up to its end marker."""

    scans: int
    tables: int
    segments: int


@dataclass(frozen=True)
class TiffStructure:
    """Number of strips or tiles, and of values in the longest other tag."""

    blocks: int
    values: int


def check_structure(data: bytes) -> None:
    """Raise `ImageError` for a JPEG, PNG or TIFF with more elements than any photo."""
    if data.startswith(b"\xff\xd8"):
        jpeg = parse_jpeg(data)
        if (
            jpeg.segments > MAX_JPEG_SEGMENTS
            or jpeg.tables > MAX_JPEG_TABLES
            or data.count(b"8BIM") > MAX_PHOTOSHOP_BLOCKS
        ):
            raise ImageError(_TOO_FRAGMENTED)
        if jpeg.scans > MAX_JPEG_SCANS:
            raise ImageError(_TOO_MANY_PASSES)
    elif data.startswith(b"\x89PNG"):
        if sum(data.count(kind) for kind in (b"iCCP", b"zTXt", b"iTXt")) > MAX_COMPRESSED_CHUNKS:
            raise ImageError(_TOO_FRAGMENTED)
    elif data.startswith((b"II", b"MM")):
        tiff = parse_tiff(data)
        if tiff.blocks > MAX_TIFF_BLOCKS:
            raise ImageError(_TOO_FRAGMENTED)
        if tiff.values > MAX_TIFF_VALUES:
            raise ImageError("The TIFF has a far longer table than a photo; please re-save it.")


def parse_jpeg(data: bytes) -> JpegStructure:
    """Count the markers of a JPEG before its end marker, until there are too many.

    Data after the end marker, such as the video of a motion photo, and the content of segments,
    such as a thumbnail, are skipped.
    """
    scans = tables = segments = 0
    position = 2
    while segments <= MAX_JPEG_SEGMENTS and (marker := _JPEG_MARKER.search(data, position)):
        segments += 1
        kind = marker[1][0]
        if kind == 0xD9:
            break
        scans += kind == 0xDA
        tables += kind == 0xDB
        length = int.from_bytes(data[marker.end() : marker.end() + 2], "big")
        position = marker.end() + (0 if kind in (0x01, 0xD8) else length)
    return JpegStructure(scans, tables, segments)


def parse_tiff(data: bytes) -> TiffStructure:
    """Count blocks and values in the first page's tag table; (0, 0) where it is damaged."""
    order = "<" if data.startswith(b"II") else ">"
    is_big_tiff = data[2:4] in (b"+\0", b"\0+")
    offset_code, count_code, entry_code = (
        ("Q", "Q", "HHQ8x") if is_big_tiff else ("I", "H", "HHI4x")
    )
    try:
        (start,) = struct.unpack_from(order + offset_code, data, 8 if is_big_tiff else 4)
        (count,) = struct.unpack_from(order + count_code, data, start)
        first = start + struct.calcsize(order + count_code)
        size = struct.calcsize(order + entry_code)
        table = data[first : first + size * min(count, MAX_TIFF_BLOCKS)]
        rows = list(struct.iter_unpack(order + entry_code, table[: len(table) // size * size]))
    except (struct.error, OverflowError):
        return TiffStructure(0, 0)
    return TiffStructure(
        blocks=max((n for tag, _, n in rows if tag in _TIFF_BLOCK_TAGS), default=0),
        values=max((n for _, kind, n in rows if kind not in _TIFF_BYTES), default=0),
    )


def check_tiff_scans(data: bytes, starts: Sequence[int], sizes: Sequence[int]) -> None:
    """Raise `ImageError` where a strip or tile is a JPEG of too many scans.

    Args:
        data: the file.
        starts: offset of each strip or tile; they may overlap.
        sizes: its bytes; where some are missing or 0, it may reach to the end of the file.
    """
    values = np.frombuffer(data, np.uint8)
    scans = np.flatnonzero((values[:-1] == 0xFF) & (values[1:] == 0xDA))
    first = np.asarray(starts, float)
    last = np.full(len(first), len(data), float)
    if len(first) == len(sizes) > 1:  # the decoder does not trust the size of a single strip
        last = np.where(np.asarray(sizes) > 0, first + sizes, last)
    counts = np.searchsorted(scans, last) - np.searchsorted(scans, first)
    if counts.max(initial=0) > MAX_TIFF_SCANS:
        raise ImageError(_TOO_MANY_PASSES)
