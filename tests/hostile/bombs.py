"""Small files that ask for much memory or time; all below the 20 MB that are let in."""

import struct
import zlib
from collections.abc import Callable

import numpy as np
from built import (
    BYTE,
    LONG,
    PNG,
    SHORT,
    after_start,
    bmp,
    chunk,
    encode,
    gif,
    gif_codes,
    gif_comment,
    gif_frame,
    ihdr,
    plain_tags,
    png,
    riff,
    segment,
    tiff,
    webp_chunks,
)
from cases import Case, good
from PIL import Image

MB = 2**20
ROOM = 20 * MB - 100_000
LARGE = (8640, 5786)  # just below the 50 million pixels that are let in

#: Refused by what the header claims: the file itself is tiny.
CLAIMS: dict[str, Callable[[], bytes]] = {
    "PNG of 4 gigapixels": lambda: PNG + ihdr(65_000, 65_000, 8, 2) + chunk(b"IDAT", b"x"),
    "PNG of 2^31 px width": lambda: PNG + ihdr(2**31 - 1, 1, 8, 2) + chunk(b"IDAT", b"x"),
    "PNG of negative width": lambda: PNG + ihdr(2**32 - 1, 9, 8, 2) + chunk(b"IDAT", b"x"),
    "PNG of 51 megapixels": lambda: PNG + ihdr(8500, 6000, 16, 6) + chunk(b"IDAT", b"x"),
    "GIF of 65,535 px": lambda: gif(65_535, 65_535, gif_frame(65_535, 65_535, b"\x84\x51")),
    "GIF, small canvas, large frame": lambda: gif(9, 9, gif_frame(65_535, 65_535, b"\x84\x51")),
    "BMP of 2^31 px": lambda: bmp(2**31 - 1, 2**31 - 1, bytes(100)),
    "BMP of negative width": lambda: bmp(-(2**31), 9, bytes(100)),
    "TIFF of 2^32 px": lambda: tiff(plain_tags(2**32 - 1, 2**32 - 1), [bytes(100)]),
    "JPEG of 65,535 px": lambda: _jpeg_claiming(65_535, 65_535),
    "JPEG of 51 megapixels": lambda: _jpeg_claiming(8500, 6000),
    "WebP canvas of 2^24 px": lambda: _canvas(2**24, 2**24),
    "WebP canvas of 16,383 px": lambda: _canvas(16_383, 16_383),
    "animated WebP canvas of 40 megapixels": lambda: _canvas(8_000, 5_000),
    "TIFF whose tile is 60,000 px": lambda: _tiled(64, 60_000),
    "TIFF whose tile is 2^31 px": lambda: _tiled(64, 2**31 - 1, b"x"),
}

#: All of it is there, tightly packed, but nobody's photo: refused or answered, in time and memory.
BOMBS: dict[str, Callable[[], bytes]] = {
    "PNG of 50 MP RGBA, all the same": lambda: _png_streamed(*LARGE, 8, 6),
    "PNG of 50 MP, 16-bit RGBA": lambda: _png_streamed(*LARGE, 16, 6),
    "PNG of 50 MP, interlaced": lambda: _png_streamed(*LARGE, 8, 2, interlaced=1),
    "PNG of 50 MP, one column": lambda: _png_streamed(1, 50_000_000, 8, 0),
    "PNG of 50 MP, one row": lambda: _png_streamed(50_000_000, 1, 8, 2),
    "PNG that unpacks to far more than its pixels": lambda: png(9, 9, bytes(400 * MB)),
    "PNG of 50 MP that ends at once": lambda: PNG + ihdr(*LARGE, 8, 6) + chunk(b"IDAT", b"x"),
    "PNG zTXt bomb": lambda: png(9, 9, before=_text(400 * MB)),
    "PNG of 20,000 zTXt bombs": lambda: png(9, 9, before=_text(MB) * 18_000),
    "PNG of zTXt bombs with wrong sums": lambda: png(9, 9, before=_text(MB, broken=True) * 18_000),
    "PNG of 18,000 iTXt bombs": lambda: png(9, 9, before=_itxt(MB) * 18_000),
    "PNG iCCP bomb": lambda: png(9, 9, before=_profile(400 * MB)),
    "PNG of 18,000 iCCP bombs": lambda: png(9, 9, before=_profile(MB) * 18_000),
    "PNG of 18,000 iCCP bombs behind its pixels": lambda: png(9, 9, after=_profile(MB) * 18_000),
    "PNG of a million empty chunks": lambda: png(9, 9, before=chunk(b"teSt", b"") * 1_600_000),
    "PNG whose pixels come in empty chunks": lambda: _png_in_crumbs(),
    "PNG of 19 MB EXIF": lambda: png(9, 9, before=chunk(b"eXIf", _many_tags(ROOM - MB))),
    "APNG of a million frames announced": lambda: png(
        9, 9, before=chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))
    ),
    "GIF of 50 MP that ends at once": lambda: gif(*LARGE, gif_frame(*LARGE, b"\x84\x51")),
    "GIF of 19 MB comment": lambda: gif(9, 9, gif_comment(b"x" * ROOM) + _dot()),
    "GIF of comment in crumbs": lambda: gif(9, 9, gif_comment(b"x" * (ROOM // 2), 1) + _dot()),
    "GIF of a million comments": lambda: gif(9, 9, gif_comment(b"x") * 3_000_000 + _dot()),
    "GIF of a million extensions": lambda: gif(9, 9, b"!\xff\x01x\0" * 3_500_000 + _dot()),
    "GIF of 19 MB junk": lambda: gif(9, 9, b"x" * ROOM + _dot()),
    "GIF of a million frames": lambda: gif(9, 9, _dot() * 1_000_000),
    "GIF whose codes never end": lambda: gif(*LARGE, gif_frame(*LARGE, b"\xff" * ROOM)),
    "TIFF of 50 MP packbits in one strip": lambda: _strip(*LARGE, 3, 32773, b"\x81\0", 128),
    "TIFF of 50 MP deflate, 16-bit CMYK": lambda: _deflated(*LARGE, [16] * 4, 5),
    "TIFF of 50 MP deflate, doubles": lambda: _deflated(*LARGE, [64], 1, 3),
    "TIFF of 50 MP deflate, floats": lambda: _deflated(*LARGE, [32], 1, 3),
    "TIFF of 50 MP deflate, 16-bit RGB": lambda: _deflated(*LARGE, [16] * 3, 2),
    "TIFF of 50 MP deflate, turned": lambda: _deflated(*LARGE, [8] * 3, 2, more={274: 6}),
    "TIFF of 50 MP LZMA": lambda: encode(Image.new("RGB", LARGE), "TIFF", compression="lzma"),
    "TIFF of 50 MP JPEG": lambda: encode(Image.new("RGB", LARGE), "TIFF", compression="jpeg"),
    "TIFF tile as large as it may be": lambda: _tiled(64, 7000),
    "TIFF tile of 16 samples": lambda: _tiled(64, 7000, samples=16),
    "TIFF of five million strips": lambda: _strips(4_900_000),
    "TIFF of a million strips, packed": lambda: _strips(1_000_000, 8),
    "TIFF of one pixel tiles": lambda: _small_tiles(),
    "TIFF of 65,535 tags": lambda: tiff(
        plain_tags(20, 20) | dict.fromkeys(range(1000, 65000), (BYTE, b"abcd")), [bytes(400)]
    ),
    "TIFF of tags that overlap": lambda: _overlapping_tags(),
    "BigTIFF of a million tags": lambda: _big_tiff(),
    "TIFF of a colour map of 19 MB": lambda: tiff(
        plain_tags(20, 20, tag262=3) | {320: (SHORT, bytes(ROOM - MB))}, [bytes(400)]
    ),
    "BMP RLE of 50 MP": lambda: bmp(*LARGE, b"\xff\0" * (ROOM // 2), compression=1),
    "BMP RLE4 of 50 MP": lambda: bmp(*LARGE, b"\xff\0" * (ROOM // 2), bits=4, compression=2),
    "BMP RLE, rows without pixels": lambda: bmp(50_000_000, 1, b"\1\0\0\0\0\1", compression=1),
    "BMP RLE, jumps only": lambda: bmp(*LARGE, b"\0\2\0\0" * (ROOM // 4), compression=1),
    "BMP RLE in crumbs": lambda: bmp(4000, 500, b"\0\0" * (ROOM // 2), compression=1),
    "BMP of 50 MP that ends at once": lambda: bmp(*LARGE, b"x", bits=24),
    "WebP of 50 MP": lambda: encode(Image.new("RGB", LARGE), "WEBP", method=0),
    "WebP of 50 MP, lossless": lambda: encode(
        Image.new("RGBA", LARGE), "WEBP", lossless=True, method=0, quality=0
    ),
    "WebP of 19 MB EXIF": lambda: _webp_with(b"EXIF", _many_tags(ROOM - MB)),
    "WebP of 19 MB XMP": lambda: _webp_with(b"XMP ", b"tiff:Orientation" * (ROOM // 17)),
    "WebP of a million empty chunks": lambda: riff(
        *webp_chunks(good("transparent WEBP")), *[(b"junk", b"")] * 2_000_000
    ),
    "JPEG of 99 passes over 50 MP": lambda: _passes(90),
    "JPEG of 5,000 passes": lambda: _passes(5000),
    "JPEG of 5,000 passes, small": lambda: _passes(5000, (64, 64)),
    "JPEG of five million comments": lambda: after_start(
        good("JPEG"), segment(0xFE, b"") * (ROOM // 4)
    ),
    "JPEG of 19 MB junk before its header": lambda: after_start(
        good("JPEG"), segment(0xFE, b"") + b"x" * ROOM
    ),
    "JPEG of 19 MB padding": lambda: after_start(good("JPEG"), b"\xff" * ROOM),
    "JPEG of 19 MB restarts": lambda: after_start(good("JPEG"), b"\xff\xd0" * (ROOM // 2)),
    "JPEG of 300,000 quantisation tables": lambda: after_start(
        good("JPEG"), segment(0xDB, (b"\0" + b"\1" * 64) * 1000) * 290
    ),
    "JPEG of 70,000 Huffman tables": lambda: after_start(
        good("JPEG"), segment(0xC4, (b"\0" + b"\1" + bytes(16)) * 3600) * 290
    ),
    "JPEG of 19 MB EXIF": lambda: _exif_in_parts(_many_tags(ROOM - MB)),
    "JPEG of 19 MB BigTIFF EXIF": lambda: _exif_in_parts(_big_tiff()),
    "JPEG of Photoshop crumbs": lambda: after_start(
        good("JPEG"),
        segment(0xED, b"Photoshop 3.0\0" + b"8BIM\4\4\0\0\0\0\0\0" * 5400) * 300,
    ),
    "JPEG of 19 MB colour profile": lambda: after_start(
        good("JPEG"), segment(0xE2, b"ICC_PROFILE\0\1\xff" + bytes(65_000)) * 300
    ),
    "JPEG of 60 kB MPF tables": lambda: after_start(
        good("JPEG"), segment(0xE2, b"MPF\0" + _many_tags(60_000))
    ),
    "JPEG of 50 MP, progressive CMYK": lambda: encode(
        Image.new("CMYK", LARGE), "JPEG", progressive=True
    ),
    "JPEG of 50 MP that ends at once": lambda: _jpeg_of(*LARGE)[:700],
    "JPEG of 50 MP, arithmetic marks": lambda: _jpeg_of(*LARGE).replace(b"\xff\xc0", b"\xff\xc9"),
    "JPEG of 50 MP, lossless marks": lambda: _jpeg_of(*LARGE).replace(b"\xff\xc0", b"\xff\xc3"),
}


def cases() -> dict[str, Case]:
    found = {f"claim: {name}": Case(make, "sentence") for name, make in CLAIMS.items()}
    return found | {f"bomb: {name}": Case(make, "either") for name, make in BOMBS.items()}


def _dot() -> bytes:
    return gif_frame(9, 9, gif_codes(81))


def _png_streamed(width: int, height: int, depth: int, colour: int, interlaced: int = 0) -> bytes:
    """Packed a piece at a time: the unpacked rows would fill 400 MB."""
    bits = depth * {0: 1, 2: 3, 6: 4}[colour]
    left = height * (1 + -(-width * bits // 8)) + (2 * height if interlaced else 0)
    packer, parts = zlib.compressobj(1), []
    while left > 0:
        parts.append(packer.compress(bytes(min(left, MB))))
        left -= MB
    data = chunk(b"IDAT", b"".join(parts) + packer.flush())
    return PNG + ihdr(width, height, depth, colour, interlaced) + data + chunk(b"IEND", b"")


def _text(size: int, broken: bool = False) -> bytes:
    packed = zlib.compress(bytes(size), 9)
    return chunk(b"zTXt", b"Comment\0\0" + (packed[:-4] + b"oops" if broken else packed))


def _itxt(size: int) -> bytes:
    packed = zlib.compress(bytes(size), 9)
    return chunk(b"iTXt", b"Comment\0\1\0\0\0" + packed[:-4] + b"oops")


def _profile(size: int) -> bytes:
    return chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(size), 9))


def _png_in_crumbs() -> bytes:
    data = zlib.compress(bytes(10 * 9), 1)
    return (
        PNG
        + ihdr(9, 9, 8, 0)
        + chunk(b"IDAT", data[:3])
        + chunk(b"IDAT", b"") * 1_600_000
        + chunk(b"IDAT", data[3:])
        + chunk(b"IEND", b"")
    )


def _many_tags(size: int) -> bytes:
    """An EXIF block whose every entry points to all of the block."""
    count = min(65_000, size // 12 - 2)
    rows = np.zeros(count, np.dtype([("tag", "<u2"), ("type", "<u2"), ("n", "<u4"), ("at", "<u4")]))
    rows["tag"], rows["type"], rows["n"] = np.arange(count) + 300, 1, size - 100
    head = b"II*\0\x08\0\0\0" + struct.pack("<H", count) + rows.tobytes() + bytes(4)
    return head.ljust(size, b"\0")


def _exif_in_parts(exif: bytes) -> bytes:
    """Over as many segments as it takes; Pillow joins them."""
    parts = [exif[i : i + 65_000] for i in range(0, len(exif), 65_000)]
    return after_start(good("JPEG"), b"".join(segment(0xE1, b"Exif\0\0" + part) for part in parts))


def _big_tiff() -> bytes:
    count = 900_000
    kind = np.dtype([("tag", "<u2"), ("type", "<u2"), ("n", "<u8"), ("at", "<u8")])
    rows = np.zeros(count, kind)
    rows["tag"], rows["type"], rows["n"] = np.arange(count) % 65_536, 1, 1
    return b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0" + struct.pack("<Q", count) + rows.tobytes()


def _overlapping_tags() -> bytes:
    whole = bytearray(_many_tags(10 * MB))
    tags = tiff(plain_tags(20, 20), [bytes(400)])
    return bytes(tags[:8]) + tags[8:] + bytes(whole)


def _strip(w: int, h: int, samples: int, compression: int, code: bytes, pixels: int) -> bytes:
    tags = plain_tags(w, h, tag259=compression, tag277=samples, tag262=2)
    tags[258] = (SHORT, [8] * samples)
    return tiff(tags, [code * -(-w * h * samples // pixels)])


def _deflated(
    width: int,
    height: int,
    bits: list[int],
    photometric: int,
    sample_format: int = 1,
    more: dict[int, int] | None = None,
) -> bytes:
    """All zeros in one strip."""
    packer, parts = zlib.compressobj(1), []
    left = width * height * sum(bits) // 8
    while left > 0:
        parts.append(packer.compress(bytes(min(left, MB))))
        left -= MB
    tags = plain_tags(width, height, tag259=8, tag262=photometric, tag277=len(bits))
    tags |= {258: (SHORT, bits), 339: (SHORT, [sample_format] * len(bits))}
    tags |= {tag: (SHORT, [value]) for tag, value in (more or {}).items()}
    return tiff(tags, [b"".join(parts) + packer.flush()])


def _tiled(side: int, tile: int, pixels: bytes | None = None, samples: int = 1) -> bytes:
    if pixels is None:
        packer = zlib.compressobj(1)
        pixels = packer.compress(bytes(min(tile * tile * samples, 50 * MB))) + packer.flush()
    tags = plain_tags(side, side, tag259=8, tag322=tile, tag323=tile, tag277=samples)
    tags[258] = (SHORT, [8] * samples)
    del tags[278]
    return tiff(tags, [pixels], offsets=324, counts=325)


def _strips(count: int, compression: int = 1) -> bytes:
    """One row of one pixel a strip, all at the same place."""
    kind = SHORT if count > 2_400_000 else LONG
    size = 2 if kind == SHORT else 4
    places = np.full(count, 8, f"<u{size}").tobytes()
    sizes = np.full(count, 1, "<u2").tobytes()
    tags = plain_tags(1, count, tag259=compression, tag278=1)
    return tiff(tags | {273: (kind, places), 279: (SHORT, sizes)}, [b"ab"])


def _small_tiles() -> bytes:
    places = np.full(2_250_000, 8, "<u4").tobytes()
    sizes = np.full(2_250_000, 256, "<u2").tobytes()
    tags = plain_tags(24_000, 24_000 // 16, tag322=16, tag323=1)
    del tags[278]
    return tiff(tags | {324: (LONG, places), 325: (SHORT, sizes)}, [bytes(256)])


def _jpeg_claiming(width: int, height: int) -> bytes:
    data = bytearray(good("grey JPEG"))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def _jpeg_of(width: int, height: int) -> bytes:
    return encode(Image.new("RGB", (width, height), (90, 60, 30)), "JPEG")


def _passes(count: int, size: tuple[int, int] = LARGE) -> bytes:
    """A progressive JPEG whose last pass comes again and again."""
    data = encode(Image.new("RGB", size, (90, 60, 30)), "JPEG", progressive=True)
    last = data[data.rfind(b"\xff\xda") : -2]
    count = min(count, (ROOM - len(data)) // len(last))
    return data[:-2] + last * count + b"\xff\xd9"


def _canvas(width: int, height: int) -> bytes:
    data = bytearray(good("animated WEBP"))
    at = data.index(b"VP8X") + 12
    data[at : at + 6] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes(data)


def _webp_with(kind: bytes, body: bytes) -> bytes:
    chunks = webp_chunks(good("transparent WEBP"))
    return riff(*((k, b) for k, b in chunks if k != kind), (kind, body))
