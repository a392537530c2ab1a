"""What a photo's header asks of a decoder, checked before the decoder does it.

A small file can ask for much: Pillow walks headers in Python, a few microseconds a part, and a file
of 20 MB has room for millions of parts; other parts are packed and unpack to a megabyte each. A
photo has few of either. Each limit below is some ten times what photos and common tools need.
"""

import io
import re
import struct
from dataclasses import dataclass

from fer_core.errors import ImageError

MAX_READS = 250_000  # pieces a file may be read in; a PNG of 20 MB with 4 kB chunks takes 20,000
MAX_JPEG_SEGMENTS = 2_000  # segments of a JPEG; 20 MB of metadata in the largest ones are 320
MAX_JPEG_TABLES = 100  # quantisation tables' segments; a photo has one to four
MAX_JPEG_SCANS = 100  # passes over all pixels; a progressive photo has about ten
MAX_PHOTOSHOP_BLOCKS = 10_000  # of what Photoshop adds to a JPEG; it adds about thirty
MAX_COMPRESSED_CHUNKS = 100  # compressed texts and colour profiles of a PNG, 1 MB unpacked each
MAX_TIFF_BLOCKS = 100_000  # strips or tiles; one row a strip makes 30,000 of a large picture
MAX_TIFF_VALUES = 200_000  # numbers of another tag; the largest colour map has 196,608

_TOO_FRAGMENTED = "The picture is stored in far more pieces than a photo is; save it anew."
_JPEG_MARK = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")  # neither padding, restart nor data
_TIFF_BLOCK_TAGS = (273, 324)  # StripOffsets, TileOffsets: one number a block
_TIFF_BYTES = (1, 2, 7)  # types that Pillow takes as they are; of others it makes Python's numbers


class ReadLimitedBytesIO(io.BytesIO):
    """A file in memory that raises `ImageError` when it is read in more than MAX_READS pieces."""

    _reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self._reads += 1
        if self._reads > MAX_READS:
            raise ImageError(_TOO_FRAGMENTED)
        return super().read(size)


@dataclass(frozen=True)
class JpegStructure:
    """What `data` of a JPEG is made of, up to its end mark."""

    scans: int
    tables: int
    parts: int


@dataclass(frozen=True)
class TiffStructure:
    """Strips or tiles, and the numbers of the tag that has most."""

    blocks: int
    values: int


def check_structure(data: bytes) -> None:
    """Raise `ImageError` for a JPEG, PNG or TIFF whose parts are more than any photo has."""
    if data.startswith(b"\xff\xd8"):
        found = parse_jpeg(data)
        crumbs = data.count(b"8BIM") > MAX_PHOTOSHOP_BLOCKS
        if crumbs or found.parts > MAX_JPEG_SEGMENTS or found.tables > MAX_JPEG_TABLES:
            raise ImageError(_TOO_FRAGMENTED)
        if found.scans > MAX_JPEG_SCANS:
            raise ImageError("This JPEG is built in too many passes to be a photo.")
    elif data.startswith(b"\x89PNG"):
        if sum(data.count(kind) for kind in (b"iCCP", b"zTXt", b"iTXt")) > MAX_COMPRESSED_CHUNKS:
            raise ImageError(_TOO_FRAGMENTED)
    elif data.startswith((b"II", b"MM")):
        tiff = parse_tiff(data)
        if tiff.blocks > MAX_TIFF_BLOCKS:
            raise ImageError(_TOO_FRAGMENTED)
        if tiff.values > MAX_TIFF_VALUES:
            raise ImageError("The TIFF has a far longer table than a photo has; save it anew.")


def parse_jpeg(data: bytes) -> JpegStructure:
    """Counts of the marks before the end mark; counting ends when there are too many.

    What stands behind the end mark, such as the video of a phone's motion photo, is not looked at,
    nor is what a segment holds, such as a thumbnail.
    """
    scans = tables = parts = 0
    at = 2
    while parts <= MAX_JPEG_SEGMENTS and (mark := _JPEG_MARK.search(data, at)):
        parts += 1
        kind = mark[1][0]
        if kind == 0xD9:
            break
        scans += kind == 0xDA
        tables += kind == 0xDB
        length = int.from_bytes(data[mark.end() : mark.end() + 2], "big")
        at = mark.end() + (0 if kind in (0x01, 0xD8) else length)
    return JpegStructure(scans, tables, parts)


def parse_tiff(data: bytes) -> TiffStructure:
    """Of a TIFF's first page, as its table of tags announces them; none where it is damaged."""
    order = "<" if data.startswith(b"II") else ">"
    big = data[2:4] in (b"+\0", b"\0+")
    place, many, entry = ("Q", "Q", "HHQ8x") if big else ("I", "H", "HHI4x")
    try:
        (start,) = struct.unpack_from(order + place, data, 8 if big else 4)
        (count,) = struct.unpack_from(order + many, data, start)
        first = start + struct.calcsize(order + many)
        size = struct.calcsize(order + entry)
        table = data[first : first + size * min(count, MAX_TIFF_BLOCKS)]
        rows = list(struct.iter_unpack(order + entry, table[: len(table) // size * size]))
    except (struct.error, OverflowError):
        return TiffStructure(0, 0)
    return TiffStructure(
        blocks=max((n for tag, _, n in rows if tag in _TIFF_BLOCK_TAGS), default=0),
        values=max((n for _, kind, n in rows if kind not in _TIFF_BYTES), default=0),
    )


def read_webp_size(data: bytes) -> tuple[int, int] | None:
    """Width and height that a WebP's first chunk tells; None for other files."""
    kind, body = data[12:16], data[20:30]
    if not data.startswith(b"RIFF") or data[8:12] != b"WEBP" or len(body) < 10:
        return None
    if kind == b"VP8X":
        width, height = (int.from_bytes(body[i : i + 3], "little") + 1 for i in (4, 7))
        return width, height
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = (int.from_bytes(body[i : i + 2], "little") & 0x3FFF for i in (6, 8))
        return width, height
    return None
