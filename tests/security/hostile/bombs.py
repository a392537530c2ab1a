"""Small files that need much memory or time; all are below the 20 MB limit."""

import struct
from collections.abc import Callable

from built import (
    BYTE,
    PNG,
    SHORT,
    after_start,
    bmp,
    chunk,
    encode,
    gif,
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
from oversized import (
    LARGE,
    MB,
    ROOM,
    big_tiff,
    canvas,
    deflated,
    dot,
    exif_in_parts,
    itxt,
    jpeg_claiming,
    jpeg_of,
    many_tags,
    overlapping_tags,
    passes,
    png_in_crumbs,
    png_streamed,
    profile,
    small_tiles,
    strip,
    strips,
    text,
    tiled,
    webp_with,
)
from PIL import Image

#: Rejected by what the header claims; the file itself is tiny.
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
    "JPEG of 65,535 px": lambda: jpeg_claiming(65_535, 65_535),
    "JPEG of 51 megapixels": lambda: jpeg_claiming(8500, 6000),
    "WebP canvas of 2^24 px": lambda: canvas(2**24, 2**24),
    "WebP canvas of 16,383 px": lambda: canvas(16_383, 16_383),
    "animated WebP canvas of 40 megapixels": lambda: canvas(8_000, 5_000),
    "TIFF whose tile is 60,000 px": lambda: tiled(64, 60_000),
    "TIFF whose tile is 2^31 px": lambda: tiled(64, 2**31 - 1, b"x"),
}

#: Complete and highly compressed, but no real photo: rejected or answered within the limits.
BOMBS: dict[str, Callable[[], bytes]] = {
    "PNG of 37 MP RGBA, all the same": lambda: png_streamed(6100, 6100, 8, 6),
    "PNG of 50 MP, interlaced": lambda: png_streamed(*LARGE, 8, 2, interlaced=1),
    "PNG of 50 MP, one column": lambda: png_streamed(1, 50_000_000, 8, 0),
    "PNG of 50 MP, one row": lambda: png_streamed(50_000_000, 1, 8, 2),
    "PNG that unpacks to far more than its pixels": lambda: png(9, 9, bytes(400 * MB)),
    "PNG of 50 MP that ends at once": lambda: PNG + ihdr(*LARGE, 8, 6) + chunk(b"IDAT", b"x"),
    "PNG zTXt bomb": lambda: png(9, 9, before=text(400 * MB)),
    "PNG of 20,000 zTXt bombs": lambda: png(9, 9, before=text(MB) * 18_000),
    "PNG of zTXt bombs with wrong sums": lambda: png(9, 9, before=text(MB, broken=True) * 18_000),
    "PNG of 18,000 iTXt bombs": lambda: png(9, 9, before=itxt(MB) * 18_000),
    "PNG iCCP bomb": lambda: png(9, 9, before=profile(400 * MB)),
    "PNG of 18,000 iCCP bombs": lambda: png(9, 9, before=profile(MB) * 18_000),
    "PNG of 18,000 iCCP bombs behind its pixels": lambda: png(9, 9, after=profile(MB) * 18_000),
    "PNG of a million empty chunks": lambda: png(9, 9, before=chunk(b"teSt", b"") * 1_600_000),
    "PNG whose pixels come in empty chunks": lambda: png_in_crumbs(),
    "PNG of 19 MB EXIF": lambda: png(9, 9, before=chunk(b"eXIf", many_tags(ROOM - MB))),
    "APNG of a million frames announced": lambda: png(
        9, 9, before=chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))
    ),
    "GIF of 50 MP that ends at once": lambda: gif(*LARGE, gif_frame(*LARGE, b"\x84\x51")),
    "GIF of 19 MB comment": lambda: gif(9, 9, gif_comment(b"x" * ROOM) + dot()),
    "GIF of comment in crumbs": lambda: gif(9, 9, gif_comment(b"x" * (ROOM // 2), 1) + dot()),
    "GIF of a million comments": lambda: gif(9, 9, gif_comment(b"x") * 3_000_000 + dot()),
    "GIF of a million extensions": lambda: gif(9, 9, b"!\xff\x01x\0" * 3_500_000 + dot()),
    "GIF of 19 MB junk": lambda: gif(9, 9, b"x" * ROOM + dot()),
    "GIF of a million frames": lambda: gif(9, 9, dot() * 1_000_000),
    "GIF whose codes never end": lambda: gif(*LARGE, gif_frame(*LARGE, b"\xff" * ROOM)),
    "TIFF of 50 MP packbits in one strip": lambda: strip(*LARGE, 3, 32773, b"\x81\0", 128),
    "TIFF of 50 MP deflate, 16-bit CMYK": lambda: deflated(*LARGE, [16] * 4, 5),
    "TIFF of 50 MP deflate, doubles": lambda: deflated(*LARGE, [64], 1, 3),
    "TIFF of 50 MP deflate, floats": lambda: deflated(*LARGE, [32], 1, 3),
    "TIFF of 50 MP deflate, 16-bit RGB": lambda: deflated(*LARGE, [16] * 3, 2),
    "TIFF of 50 MP deflate, turned": lambda: deflated(*LARGE, [8] * 3, 2, more={274: 6}),
    "TIFF of 50 MP LZMA": lambda: encode(Image.new("RGB", LARGE), "TIFF", compression="lzma"),
    "TIFF of 30 MP LZMA": lambda: encode(
        Image.new("RGB", (6700, 4470)), "TIFF", compression="lzma"
    ),
    "TIFF of 50 MP JPEG": lambda: encode(Image.new("RGB", LARGE), "TIFF", compression="jpeg"),
    "TIFF tile as large as it may be": lambda: tiled(64, 7000),
    "TIFF tile of 16 samples": lambda: tiled(64, 7000, samples=16),
    "TIFF of five million strips": lambda: strips(4_900_000),
    "TIFF of a million strips, packed": lambda: strips(1_000_000, 8),
    "TIFF of one pixel tiles": lambda: small_tiles(),
    "TIFF of 65,535 tags": lambda: tiff(
        plain_tags(20, 20) | dict.fromkeys(range(1000, 65000), (BYTE, b"abcd")), [bytes(400)]
    ),
    "TIFF of tags that overlap": lambda: overlapping_tags(),
    "BigTIFF of a million tags": lambda: big_tiff(),
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
    "WebP of 19 MB EXIF": lambda: webp_with(b"EXIF", many_tags(ROOM - MB)),
    "WebP of 19 MB XMP": lambda: webp_with(b"XMP ", b"tiff:Orientation" * (ROOM // 17)),
    "WebP of a million empty chunks": lambda: riff(
        *webp_chunks(good("transparent WEBP")), *[(b"junk", b"")] * 2_000_000
    ),
    "JPEG of 99 passes over 50 MP": lambda: passes(90),
    "JPEG of 5,000 passes": lambda: passes(5000),
    "JPEG of 5,000 passes, small": lambda: passes(5000, (64, 64)),
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
    "JPEG of 19 MB EXIF": lambda: exif_in_parts(many_tags(ROOM - MB)),
    "JPEG of 19 MB BigTIFF EXIF": lambda: exif_in_parts(big_tiff()),
    "JPEG of Photoshop crumbs": lambda: after_start(
        good("JPEG"),
        segment(0xED, b"Photoshop 3.0\0" + b"8BIM\4\4\0\0\0\0\0\0" * 5400) * 300,
    ),
    "JPEG of 19 MB colour profile": lambda: after_start(
        good("JPEG"), segment(0xE2, b"ICC_PROFILE\0\1\xff" + bytes(65_000)) * 300
    ),
    "JPEG of 60 kB MPF tables": lambda: after_start(
        good("JPEG"), segment(0xE2, b"MPF\0" + many_tags(60_000))
    ),
    "JPEG of 41 MP, progressive CMYK": lambda: encode(
        Image.new("CMYK", (7600, 5460)), "JPEG", progressive=True
    ),
    "JPEG of 50 MP that ends at once": lambda: jpeg_of(*LARGE)[:700],
    "JPEG of 50 MP, arithmetic marks": lambda: jpeg_of(*LARGE).replace(b"\xff\xc0", b"\xff\xc9"),
    "JPEG of 50 MP, lossless marks": lambda: jpeg_of(*LARGE).replace(b"\xff\xc0", b"\xff\xc3"),
}


#: Files rejected by a limit of the library, by words of its error message.
REFUSED = {
    "limit is 20 MB": ("GIF of a million frames",),
    "limit for a side": (
        "PNG of 50 MP, one column",
        "PNG of 50 MP, one row",
        "BMP RLE, rows without pixels",
    ),
    "limit for a WebP": ("WebP of 50 MP", "WebP of 50 MP, lossless"),
    "limit for a rotated TIFF": ("TIFF of 50 MP deflate, turned",),
    "compressed with LZMA": ("TIFF of 50 MP LZMA",),
    "run-length encoded BMP": ("BMP RLE of 50 MP", "BMP RLE4 of 50 MP", "BMP RLE, jumps only"),
    "in blocks that are too large": (
        "TIFF of 50 MP packbits in one strip",
        "TIFF of 50 MP deflate, 16-bit CMYK",
        "TIFF of 50 MP deflate, floats",
        "TIFF of 50 MP deflate, 16-bit RGB",
    ),
    "a far longer table": ("TIFF of a colour map of 19 MB",),
    "too many passes": ("JPEG of 99 passes over 50 MP",),
    "needs too much memory": ("JPEG of 41 MP, progressive CMYK",),
    "far more segments": (
        "PNG of 20,000 zTXt bombs",
        "PNG of zTXt bombs with wrong sums",
        "PNG of 18,000 iTXt bombs",
        "PNG of 18,000 iCCP bombs",
        "PNG of 18,000 iCCP bombs behind its pixels",
        "PNG of a million empty chunks",
        "PNG whose pixels come in empty chunks",
        "GIF of comment in crumbs",
        "GIF of a million comments",
        "GIF of a million extensions",
        "GIF of 19 MB junk",
        "TIFF of five million strips",
        "TIFF of a million strips, packed",
        "TIFF of one pixel tiles",
        "BigTIFF of a million tags",
        "BMP RLE in crumbs",
        "JPEG of 5,000 passes",
        "JPEG of 5,000 passes, small",
        "JPEG of five million comments",
        "JPEG of 19 MB junk before its header",
        "JPEG of 19 MB padding",
        "JPEG of 19 MB restarts",
        "JPEG of 300,000 quantisation tables",
        "JPEG of Photoshop crumbs",
    ),
}


def cases() -> dict[str, Case]:
    found = {
        f"claim: {name}": Case(make, "sentence", "blocks" if "tile" in name else "million")
        for name, make in CLAIMS.items()
    }
    words = {name: word for word, names in REFUSED.items() for name in names}
    for name, make in BOMBS.items():
        word = words.get(name, "")
        found[f"bomb: {name}"] = Case(make, "sentence" if word else "either", word)
    return found
