"""Unusual but valid files: sizes, modes and metadata that a photo may have."""

import struct
from collections.abc import Callable

import numpy as np
from built import (
    DOUBLE,
    FLOAT,
    LONG,
    SHORT,
    adam7,
    after_start,
    bmp,
    encode,
    gif,
    gif_comment,
    gif_frame,
    oriented,
    plain_tags,
    png,
    portrait,
    riff,
    segment,
    tiff,
    webp_chunks,
    with_exif,
)
from cases import Case, good
from PIL import Image

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")
SIZES = ((1, 1), (1, 2), (2, 1), (1, 500), (500, 1), (3, 3), (47, 49))


def floats(*values: float, kind: int = FLOAT) -> bytes:
    """A float TIFF of 40×40 px that repeats these values."""
    code = "f" if kind == FLOAT else "d"
    side = 40
    pixels = np.resize(np.array(values, f"<{code}"), side * side).tobytes()
    bits = 32 if kind == FLOAT else 64
    tags = plain_tags(side, side, tag258=bits) | {339: (SHORT, [3])}
    return tiff(tags, [pixels])


def sixteen(samples: int, photometric: int, compression: str = "") -> bytes:
    side = 32
    values = np.linspace(0, 65535, side * side * samples).astype("<u2")
    tags = plain_tags(side, side, tag262=photometric, tag277=samples)
    tags[258] = (SHORT, [16] * samples)
    if samples in (2, 4) and photometric != 5:
        tags[338] = (SHORT, [2])
    return tiff(tags, [values.tobytes()])


#: Values that tools write for "no data" and similar.
FLOATS = {
    "NaN": (np.nan, 0.5),
    "only NaN": (np.nan,),
    "infinity": (np.inf, 0.5, -np.inf),
    "only infinity": (np.inf,),
    "denormal": (1e-45, 0.0),
    "the largest float": (3.4e38, -3.4e38),
    "negative zero": (-0.0,),
    "no data": (-9999.0, 0.2),
}
MODES: dict[str, Callable[[], bytes]] = {
    "16-bit grey PNG": lambda: encode(Image.fromarray(_ramp16()), "PNG"),
    "16-bit grey TIFF": lambda: encode(Image.fromarray(_ramp16()), "TIFF"),
    "16-bit RGB PNG": lambda: png(9, 9, bytes(range(55)) * 9, depth=16),
    "16-bit RGBA PNG": lambda: png(9, 9, bytes(73) * 9, depth=16, colour=6),
    "16-bit grey-alpha PNG": lambda: png(9, 9, bytes(37) * 9, depth=16, colour=4),
    "16-bit RGB TIFF": lambda: sixteen(3, 2),
    "16-bit RGBA TIFF": lambda: sixteen(4, 2),
    "16-bit CMYK TIFF": lambda: sixteen(4, 5),
    "16-bit big-endian TIFF": lambda: encode(
        Image.frombytes("I;16B", (32, 32), _ramp16().astype(">u2").tobytes()[:2048]), "TIFF"
    ),
    "2-bit grey PNG": lambda: png(8, 8, bytes(3) * 8, depth=2, colour=0),
    "4-bit palette PNG": lambda: encode(portrait(64).quantize(16), "PNG", bits=4),
    "palette without transparency PNG": lambda: encode(portrait().quantize(200), "PNG"),
    "palette all transparent PNG": lambda: encode(
        portrait().quantize(8), "PNG", transparency=bytes(8)
    ),
    "palette half transparent PNG": lambda: encode(
        portrait().quantize(8), "PNG", transparency=bytes(range(0, 256, 32))
    ),
    "palette transparent GIF": lambda: encode(portrait().quantize(8), "GIF", transparency=2),
    "palette TIFF": lambda: encode(portrait().quantize(200), "TIFF"),
    "1-bit PNG": lambda: encode(portrait().convert("1"), "PNG"),
    "1-bit BMP": lambda: encode(portrait().convert("1"), "BMP"),
    "1-bit group 4 TIFF": lambda: encode(portrait().convert("1"), "TIFF", compression="group4"),
    "CMYK TIFF": lambda: encode(portrait().convert("CMYK"), "TIFF"),
    "CMYK LZW TIFF": lambda: encode(portrait().convert("CMYK"), "TIFF", compression="tiff_lzw"),
    "Lab TIFF": lambda: encode(Image.new("LAB", (40, 40), (90, 0, 0)), "TIFF"),
    "YCbCr JPEG TIFF": lambda: encode(portrait().convert("YCbCr"), "TIFF", compression="jpeg"),
    "grey-alpha PNG": lambda: encode(portrait().convert("LA"), "PNG"),
    "grey-alpha TIFF": lambda: encode(portrait().convert("LA"), "TIFF"),
    "RGBA BMP": lambda: encode(portrait().convert("RGBA"), "BMP"),
    "RLE BMP": lambda: bmp(40, 40, b"\x28\x80\0\0" * 40 + b"\0\1", compression=1),
    "RLE4 BMP": lambda: bmp(40, 40, b"\x28\x80\0\0" * 40 + b"\0\1", bits=4, compression=2),
    "top-down BMP": lambda: bmp(40, -40, bytes(range(40)) * 40),
    "interlaced PNG": lambda: adam7(portrait(90)),
    "interlaced GIF": lambda: encode(portrait(), "GIF", interlace=1),
    "32-bit integer TIFF": lambda: encode(Image.fromarray(_ramp16().astype(np.int32)), "TIFF"),
    "signed 8-bit TIFF": lambda: tiff(
        plain_tags(20, 20) | {339: (SHORT, [2])}, [bytes(range(20)) * 20]
    ),
    "double TIFF": lambda: floats(0.1, 0.9, kind=DOUBLE),
    "big-endian TIFF": lambda: tiff(plain_tags(20, 20), [bytes(range(20)) * 20], order=">"),
    "planar TIFF": lambda: tiff(
        plain_tags(20, 20, tag277=3, tag262=2, tag284=2) | {258: (SHORT, [8, 8, 8])},
        [bytes(400), bytes(range(20)) * 20, b"\xff" * 400],
    ),
    "tiled TIFF": lambda: tiff(
        {k: v for k, v in plain_tags(40, 40, tag322=16, tag323=16).items() if k != 278},
        [bytes(range(256))] * 9,
        offsets=324,
        counts=325,
    ),
    "BigTIFF": lambda: encode(portrait(), "TIFF", big_tiff=True),
    "zstd TIFF": lambda: encode(portrait(), "TIFF", compression="zstd"),
    "LZMA TIFF": lambda: encode(portrait(), "TIFF", compression="lzma"),
    "packbits TIFF": lambda: encode(portrait(), "TIFF", compression="packbits"),
    "JPEG of 4:1:1": lambda: encode(portrait(), "JPEG", subsampling="4:1:1"),
    "JPEG with restarts": lambda: encode(portrait(), "JPEG", restart_marker_blocks=1),
    "JPEG of quality 1": lambda: encode(portrait(), "JPEG", quality=1),
    "GIF frame beside its canvas": lambda: gif(9, 9, gif_frame(9, 9, b"\x84\x51", 500, 500)),
    "GIF without any frame": lambda: gif(9, 9, gif_comment(b"nothing else")),
    "300 frames in a GIF": lambda: encode(
        Image.new("L", (20, 20)),
        "GIF",
        save_all=True,
        append_images=[Image.new("L", (20, 20), i % 255) for i in range(1, 300)],
    ),
    "100 frames in a WebP": lambda: encode(
        Image.new("RGB", (20, 20)),
        "WEBP",
        save_all=True,
        append_images=[Image.new("RGB", (20, 20), (i, 9, 9)) for i in range(1, 100)],
    ),
}
EITHER = {"GIF frame beside its canvas", "GIF without any frame"}
EITHER |= {"16-bit CMYK TIFF", "Lab TIFF", "signed 8-bit TIFF", "double TIFF", "RLE4 BMP"}


def _ramp16() -> np.ndarray:
    return np.linspace(0, 65535, 96 * 96).astype(np.uint16).reshape(96, 96)


def _ifd(*entries: tuple[int, int, int, int], order: str = "<", at: int = 8) -> bytes:
    """The content of an EXIF segment: tag, type, count, value or offset."""
    rows = b"".join(struct.pack(order + "HHII", *entry) for entry in entries)
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", at)
    return head + struct.pack(order + "H", len(entries)) + rows + bytes(4)


#: Damaged EXIF may lose the orientation, never the photo.
EXIF = {
    "nonsense": b"nonsense",
    "nothing": b"",
    "header only": b"II*\0",
    "table far away": b"II*\0\xff\xff\xff\xff",
    "table on itself": b"II*\0\0\0\0\0",
    "65535 entries announced": b"II*\0\x08\0\0\0\xff\xff",
    "orientation 0": _ifd((0x112, 3, 1, 0)),
    "orientation 9": _ifd((0x112, 3, 1, 9)),
    "orientation 65535": _ifd((0x112, 3, 1, 65535)),
    "orientation as text": _ifd((0x112, 2, 4, 0x41414141)),
    "orientation as a float": _ifd((0x112, 11, 1, 0x7FC00000)),
    "orientation of no values": _ifd((0x112, 3, 0, 6)),
    "orientation of a billion values": _ifd((0x112, 3, 10**9, 8)),
    "orientation as a fraction by zero": _ifd((0x112, 5, 1, 8)),
    "orientation of unknown type": _ifd((0x112, 99, 1, 6)),
    "a table inside itself": _ifd((0x8769, 4, 1, 8), (0x112, 3, 1, 1)),
    "GPS table far away": _ifd((0x8825, 4, 1, 2**31)),
    "values that overlap a thousand times": _ifd(*((i, 1, 30000, 0) for i in range(1000))),
    "big-endian mark, little-endian table": b"MM\0*" + _ifd((0x112, 3, 1, 6))[4:],
    "BigTIFF": b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0" + b"\xff" * 8,
}


def cases() -> dict[str, Case]:
    found = {}
    for width, height in SIZES:
        for format_ in FORMATS:
            found[f"size: {width} × {height} {format_}"] = Case(
                lambda w=width, h=height, f=format_: encode(_noise(w, h), f), "answer"
            )
    for format_ in ("JPEG", "PNG", "BMP", "GIF", "TIFF"):
        for size in ((30_000, 10), (10, 30_000)):
            found[f"size: {size[0]:,} × {size[1]:,} {format_}"] = Case(
                lambda size=size, f=format_: encode(_noise(*size), f), "answer"
            )
    found["size: 16,383 × 10 WEBP"] = Case(lambda: encode(_noise(16_383, 10), "WEBP"), "answer")
    found["size: 65,535 × 1 JPEG of libjpeg's limit"] = Case(
        lambda: encode(_noise(65_500, 1), "JPEG"), "answer"
    )
    for orientation in range(1, 9):
        for format_ in ("JPEG", "PNG", "WEBP", "TIFF"):
            found[f"orientation: {orientation} in {format_}"] = Case(
                lambda o=orientation, f=format_: encode(portrait(), f, exif=oriented(o)), "answer"
            )
    for name, make in MODES.items():
        found[f"stored as: {name}"] = Case(make, "either" if name in EITHER else "answer")
    for name, values in FLOATS.items():
        found[f"float TIFF: {name}"] = Case(lambda v=values: floats(*v), "answer")
    for name, exif in EXIF.items():
        found[f"EXIF of a JPEG: {name}"] = Case(
            lambda e=exif: with_exif(good("grey JPEG"), e), "answer"
        )
        found[f"EXIF of a WebP: {name}"] = Case(lambda e=exif: _webp_with(b"EXIF", e), "answer")
    found["metadata: JPEG with 60 kB of XMP"] = Case(
        lambda: after_start(
            good("JPEG"), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + b"<x/>" * 15_000)
        ),
        "answer",
    )
    found["metadata: TIFF page that points to itself"] = Case(
        lambda: tiff(plain_tags(20, 20), [bytes(400)], next_ifd=408), "answer"
    )
    found["metadata: TIFF orientation 77"] = Case(
        lambda: tiff(plain_tags(20, 20, tag274=77), [bytes(400)]), "answer"
    )
    found["metadata: TIFF size as LONG8"] = Case(
        lambda: tiff(plain_tags(20, 20) | {256: (LONG, [20])}, [bytes(400)]), "answer"
    )
    return found


def _noise(width: int, height: int) -> Image.Image:
    pixels = np.random.default_rng(width).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(pixels)


def _webp_with(kind: bytes, body: bytes) -> bytes:
    chunks = webp_chunks(good("transparent WEBP"))
    return riff(*((k, b) for k, b in chunks if k != kind), (kind, body))
