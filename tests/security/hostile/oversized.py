"""Builders of files that claim, expand to or repeat far more than their own bytes."""

import struct
import zlib

import numpy as np
from built import (
    BYTE,
    LONG,
    PNG,
    SHORT,
    after_start,
    chunk,
    encode,
    gif_codes,
    gif_frame,
    ihdr,
    plain_tags,
    riff,
    segment,
    tiff,
    webp_chunks,
)
from cases import good
from PIL import Image

MB = 2**20
ROOM = 20 * MB - 100_000
LARGE = (8640, 5786)  # just below the limit of 50 million pixels


def zeros_packed(size: int) -> bytes:
    """Compressed zeros, built piece by piece: uncompressed, they may fill 400 MB."""
    packer, parts = zlib.compressobj(1), []
    while size > 0:
        parts.append(packer.compress(bytes(min(size, MB))))
        size -= MB
    return b"".join(parts) + packer.flush()


def dot() -> bytes:
    return gif_frame(9, 9, gif_codes(81))


def png_streamed(
    width: int, height: int, depth: int, colour: int, interlaced: int = 0, parts: int = 1
) -> bytes:
    """All zeros, in `parts` chunks of data."""
    bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    size = height * (1 + -(-width * bits // 8)) + (2 * height if interlaced else 0)
    return _png(ihdr(width, height, depth, colour, interlaced), zeros_packed(size), parts)


def png_hard(width: int, height: int, depth: int, colour: int, before: bytes = b"") -> bytes:
    """Rows of random bytes that repeat, in the slowest filter (Paeth's)."""
    samples = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    random = np.random.default_rng(0).bytes(15_000)
    length = width * depth * samples // 8
    rows = (b"\4" + (random * (length // len(random) + 1))[:length]) * 50
    packer = zlib.compressobj(1)
    parts = [packer.compress(rows) for _ in range(-(-height // 50))]
    return _png(ihdr(width, height, depth, colour) + before, b"".join(parts) + packer.flush())


def _png(head: bytes, packed: bytes, parts: int = 1) -> bytes:
    size = -(-len(packed) // parts)
    data = b"".join(chunk(b"IDAT", packed[i : i + size]) for i in range(0, len(packed), size))
    return PNG + head + data + chunk(b"IEND", b"")


def text(size: int, broken: bool = False) -> bytes:
    packed = zlib.compress(bytes(size), 9)
    return chunk(b"zTXt", b"Comment\0\0" + (packed[:-4] + b"oops" if broken else packed))


def itxt(size: int) -> bytes:
    packed = zlib.compress(bytes(size), 9)
    return chunk(b"iTXt", b"Comment\0\1\0\0\0" + packed[:-4] + b"oops")


def profile(size: int) -> bytes:
    return chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(size), 9))


def png_in_crumbs() -> bytes:
    data = zlib.compress(bytes(10 * 9), 1)
    return (
        PNG
        + ihdr(9, 9, 8, 0)
        + chunk(b"IDAT", data[:3])
        + chunk(b"IDAT", b"") * 1_600_000
        + chunk(b"IDAT", data[3:])
        + chunk(b"IEND", b"")
    )


def many_tags(size: int) -> bytes:
    """An EXIF block whose every entry points to all of the block."""
    count = min(65_000, size // 12 - 2)
    rows = np.zeros(count, np.dtype([("tag", "<u2"), ("type", "<u2"), ("n", "<u4"), ("at", "<u4")]))
    rows["tag"], rows["type"], rows["n"] = np.arange(count) + 300, 1, size - 100
    head = b"II*\0\x08\0\0\0" + struct.pack("<H", count) + rows.tobytes() + bytes(4)
    return head.ljust(size, b"\0")


def exif_in_parts(exif: bytes) -> bytes:
    """EXIF split over as many segments as needed; Pillow joins them."""
    parts = [exif[i : i + 65_000] for i in range(0, len(exif), 65_000)]
    return after_start(good("JPEG"), b"".join(segment(0xE1, b"Exif\0\0" + part) for part in parts))


def big_tiff() -> bytes:
    count = 900_000
    kind = np.dtype([("tag", "<u2"), ("type", "<u2"), ("n", "<u8"), ("at", "<u8")])
    rows = np.zeros(count, kind)
    rows["tag"], rows["type"], rows["n"] = np.arange(count) % 65_536, 1, 1
    return b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0" + struct.pack("<Q", count) + rows.tobytes()


def overlapping_tags() -> bytes:
    """A TIFF of 20×20 px with 50,000 more tags, all of which are the same megabyte."""
    tags = {tag: int(values[0]) for tag, (_, values) in plain_tags(20, 20).items()}
    rows = [(tag, LONG, 1, value) for tag, value in (tags | {273: 8, 279: 400}).items()]
    rows += [(tag, BYTE, MB, 8) for tag in range(1000, 51_000)]
    table = b"".join(struct.pack("<HHII", *row) for row in sorted(rows))
    start = struct.pack("<I", 8 + MB)
    return b"II*\0" + start + bytes(MB) + struct.pack("<H", len(rows)) + table + bytes(4)


def strip(w: int, h: int, samples: int, compression: int, code: bytes, pixels: int) -> bytes:
    tags = plain_tags(w, h, tag259=compression, tag277=samples, tag262=2)
    tags[258] = (SHORT, [8] * samples)
    return tiff(tags, [code * -(-w * h * samples // pixels)])


def deflated(
    width: int,
    height: int,
    bits: list[int],
    photometric: int,
    sample_format: int = 1,
    more: dict[int, int] | None = None,
) -> bytes:
    """All zeros in one strip."""
    tags = plain_tags(width, height, tag259=8, tag262=photometric, tag277=len(bits))
    tags |= {258: (SHORT, bits), 339: (SHORT, [sample_format] * len(bits))}
    tags |= {tag: (SHORT, [value]) for tag, value in (more or {}).items()}
    return tiff(tags, [zeros_packed(width * height * sum(bits) // 8)])


def tiled(side: int, tile: int, pixels: bytes | None = None, samples: int = 1) -> bytes:
    if pixels is None:
        packer = zlib.compressobj(1)
        pixels = packer.compress(bytes(min(tile * tile * samples, 50 * MB))) + packer.flush()
    tags = plain_tags(side, side, tag259=8, tag322=tile, tag323=tile, tag277=samples)
    tags[258] = (SHORT, [8] * samples)
    del tags[278]
    return tiff(tags, [pixels], offsets=324, counts=325)


def strips(count: int, compression: int = 1) -> bytes:
    """A strip per row of one pixel, all at the same offset."""
    kind = SHORT if count > 2_400_000 else LONG
    size = 2 if kind == SHORT else 4
    places = np.full(count, 8, f"<u{size}").tobytes()
    sizes = np.full(count, 1, "<u2").tobytes()
    tags = plain_tags(1, count, tag259=compression, tag278=1)
    return tiff(tags | {273: (kind, places), 279: (SHORT, sizes)}, [b"ab"])


def small_tiles() -> bytes:
    places = np.full(2_250_000, 8, "<u4").tobytes()
    sizes = np.full(2_250_000, 256, "<u2").tobytes()
    tags = plain_tags(24_000, 24_000 // 16, tag322=16, tag323=1)
    del tags[278]
    return tiff(tags | {324: (LONG, places), 325: (SHORT, sizes)}, [bytes(256)])


def jpeg_claiming(width: int, height: int) -> bytes:
    data = bytearray(good("grey JPEG"))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def jpeg_of(width: int, height: int) -> bytes:
    return encode(Image.new("RGB", (width, height), (90, 60, 30)), "JPEG")


def passes(count: int, size: tuple[int, int] = LARGE) -> bytes:
    """A progressive JPEG whose last pass is repeated, `count` times more."""
    data = encode(Image.new("RGB", size, (90, 60, 30)), "JPEG", progressive=True)
    last = data[data.rfind(b"\xff\xda") : -2]
    count = min(count, (ROOM - len(data)) // len(last))
    return data[:-2] + last * count + b"\xff\xd9"


def jpeg_tiff(count: int, side: int, tile: int | None = None) -> bytes:
    """A TIFF of side² px, in one strip or in tiles that share a JPEG of `count` passes."""
    jpeg = passes(count, (tile or side, tile or side))
    tags = plain_tags(side, side, tag259=7, tag262=6, tag277=3)
    tags |= {258: (SHORT, [8, 8, 8]), 530: (SHORT, [2, 2])}
    if tile is None:
        return tiff(tags, [jpeg])
    blocks = (-(-side // tile)) ** 2
    tags |= {322: (LONG, [tile]), 323: (LONG, [tile])}
    tags |= {324: (LONG, [8] * blocks), 325: (LONG, [len(jpeg)] * blocks)}
    del tags[278]
    return tiff(tags, [jpeg], offsets=324, counts=325)


def canvas(width: int, height: int) -> bytes:
    data = bytearray(good("animated WEBP"))
    at = data.index(b"VP8X") + 12
    data[at : at + 6] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes(data)


def webp_with(kind: bytes, body: bytes) -> bytes:
    chunks = webp_chunks(good("transparent WEBP"))
    return riff(*((k, b) for k, b in chunks if k != kind), (kind, body))
