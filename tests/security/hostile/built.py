"""Builders for files that Pillow cannot or would not write."""

import io
import struct
import zlib
from collections.abc import Iterable, Mapping

import numpy as np
from PIL import Image

from fer_core.imaging.sample_photo import sample_photo

BYTE, ASCII, SHORT, LONG, RATIONAL, SFLOAT, FLOAT, DOUBLE, LONG8 = 1, 2, 3, 4, 5, 11, 11, 12, 16
SIZES = {BYTE: 1, ASCII: 1, SHORT: 2, LONG: 4, RATIONAL: 8, FLOAT: 4, DOUBLE: 8, LONG8: 8}
CODES = {BYTE: "B", SHORT: "H", LONG: "I", FLOAT: "f", DOUBLE: "d", LONG8: "Q"}


def portrait(side: int = 96) -> Image.Image:
    """A small face for the files of the corpus."""
    photo = Image.open(io.BytesIO(sample_photo())).convert("RGB")
    left, top, edge = photo.width // 4, 0, photo.width // 2
    return photo.crop((left, top, left + edge, top + edge)).resize((side, side))


def encode(picture: Image.Image, format_: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format_, **options)
    return buffer.getvalue()


def oriented(value: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = value
    return exif


# --- PNG -----------------------------------------------------------------------------------------

PNG = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def ihdr(width: int, height: int, depth: int, colour: int, interlaced: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))


def png(
    width: int,
    height: int,
    rows: bytes | None = None,
    *,
    depth: int = 8,
    colour: int = 2,
    interlaced: int = 0,
    before: bytes = b"",
    after: bytes = b"",
) -> bytes:
    """A PNG of the uncompressed `rows`; by default, of the right number of zeros."""
    if rows is None:
        bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
        rows = bytes(height * (1 + -(-width * bits // 8)))
    data = chunk(b"IDAT", zlib.compress(rows, 1))
    head = PNG + ihdr(width, height, depth, colour, interlaced) + before
    return head + data + after + chunk(b"IEND", b"")


def adam7(picture: Image.Image) -> bytes:
    """An interlaced grey PNG."""
    grey = np.array(picture.convert("L"))
    rows = b""
    for y, x, down, right in (
        (0, 0, 8, 8),
        (0, 4, 8, 8),
        (4, 0, 8, 4),
        (0, 2, 4, 4),
        (2, 0, 4, 2),
        (0, 1, 2, 2),
        (1, 0, 2, 1),
    ):
        rows += b"".join(b"\0" + row.tobytes() for row in grey[y::down, x::right])
    return png(picture.width, picture.height, rows, colour=0, interlaced=1)


# --- TIFF ----------------------------------------------------------------------------------------


def tiff(
    tags: Mapping[int, tuple[int, Iterable[float] | bytes]],
    blocks: Iterable[bytes] = (),
    *,
    order: str = "<",
    offsets: int = 273,
    counts: int = 279,
    next_ifd: int = 0,
) -> bytes:
    """A TIFF of `tags` (tag → type, values) and pixel `blocks`, whose offsets become tags too."""
    blocks = list(blocks)
    start, places = 8, []
    for block in blocks:
        places.append(start)
        start += len(block) + len(block) % 2
    body = b"".join(block + bytes(len(block) % 2) for block in blocks)
    entries = dict(tags)
    if blocks:
        entries.setdefault(offsets, (LONG, places))
        entries.setdefault(counts, (LONG, [len(block) for block in blocks]))
    rows, beyond = b"", b""
    after = start + 2 + 12 * len(entries) + 4
    for tag, (kind, values) in sorted(entries.items()):
        raw = _raw(kind, values, order)
        count = len(raw) // SIZES[kind]
        if len(raw) > 4:
            place = struct.pack(order + "I", after + len(beyond))
            beyond += raw + bytes(len(raw) % 2)
        else:
            place = raw.ljust(4, b"\0")
        rows += struct.pack(order + "HHI", tag, kind, count) + place
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", start)
    table = struct.pack(order + "H", len(entries)) + rows + struct.pack(order + "I", next_ifd)
    return head + body + table + beyond


def _raw(kind: int, values: Iterable[float] | bytes, order: str) -> bytes:
    if isinstance(values, bytes):
        return values
    values = list(values)
    return struct.pack(f"{order}{len(values)}{CODES[kind]}", *values)


def plain_tags(width: int, height: int, **more: int) -> dict[int, tuple[int, list[float]]]:
    """Tags of a grey 8-bit image in one uncompressed strip."""
    tags = {256: width, 257: height, 258: 8, 259: 1, 262: 1, 277: 1, 278: height}
    tags |= {int(name.removeprefix("tag")): value for name, value in more.items()}
    return {tag: (SHORT if value < 65536 else LONG, [value]) for tag, value in tags.items()}


# --- JPEG, GIF, BMP, WebP ------------------------------------------------------------------------


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def after_start(jpeg: bytes, more: bytes) -> bytes:
    """A JPEG with `more` inserted after its first marker."""
    return jpeg[:2] + more + jpeg[2:]


def with_exif(jpeg: bytes, exif: bytes) -> bytes:
    return after_start(jpeg, segment(0xE1, b"Exif\0\0" + exif))


def gif(width: int, height: int, frames: bytes, *, palette: bytes = b"\0\0\0\xff\xff\xff") -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + palette + frames + b";"


def gif_frame(width: int, height: int, codes: bytes, left: int = 0, top: int = 0) -> bytes:
    blocks = b"".join(
        bytes((len(part),)) + part
        for i in range(0, len(codes), 255)
        if (part := codes[i : i + 255])
    )
    return b"," + struct.pack("<HHHHB", left, top, width, height, 0) + b"\x02" + blocks + b"\0"


def gif_codes(pixels: int) -> bytes:
    """LZW codes of black pixels, cleared so often that every code keeps three bits."""
    clear, end = 4, 5
    codes = [code for _ in range((pixels + 1) // 2) for code in (clear, 0, 0)] + [end]
    bits = sum(code << 3 * i for i, code in enumerate(codes))
    return bits.to_bytes((3 * len(codes) + 7) // 8, "little")


def gif_comment(text: bytes, size: int = 255) -> bytes:
    parts = [text[i : i + size] for i in range(0, len(text), size)]
    return b"!\xfe" + b"".join(bytes((len(part),)) + part for part in parts) + b"\0"


def bmp(width: int, height: int, pixels: bytes, *, bits: int = 8, compression: int = 0) -> bytes:
    palette = b"".join(bytes((i, i, i, 0)) for i in range(1 << bits)) if bits <= 8 else b""
    start = 54 + len(palette)
    head = struct.pack("<2sIHHI", b"BM", start + len(pixels), 0, 0, start)
    info = struct.pack(
        "<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(pixels), 0, 0, 0, 0
    )
    return head + info + palette + pixels


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(
        kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2) for kind, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        found.append((data[at : at + 4], data[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return found
