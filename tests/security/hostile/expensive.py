"""Complete files that are expensive to decode for their size: beyond the limits, and just within.

Those of each kind just within the limits are answered, so that no limit refuses ordinary photos.
"""

import struct
import zlib
from collections.abc import Callable

import lossless_webp
import numpy as np
from built import LONG, SHORT, chunk, plain_tags, tiff
from cases import Case
from oversized import LARGE, jpeg_tiff, passes, png_hard, png_streamed

#: One frame announced, as in an animated PNG; the pixels follow as usual.
ONE_FRAME = chunk(b"acTL", struct.pack(">II", 1, 0)) + chunk(
    b"fcTL", struct.pack(">IIIIIHHBB", 0, *LARGE, 0, 0, 1, 1, 0, 0)
)


def striped(width: int, height: int, bits: list[int], photometric: int) -> bytes:
    """A deflated TIFF of random bytes in strips of 32 rows, which are all the same one."""
    size = width * 32 * sum(bits) // 8
    random = np.random.default_rng(0).bytes(30_000)
    strip = zlib.compress((random * (size // len(random) + 1))[:size])
    count = -(-height // 32)
    tags = plain_tags(width, height, tag259=8, tag262=photometric, tag277=len(bits))
    tags |= {258: (SHORT, bits), 278: (SHORT, [32]), 317: (SHORT, [2])}
    tags |= {273: (LONG, [8] * count), 279: (LONG, [len(strip)] * count)}
    return tiff(tags, [strip])


Files = dict[str, Callable[[], bytes]]
#: By words of the error message.
REFUSED: dict[str, Files] = {
    "far more blocks": {
        "WebP of 65,536 codes, 1 MP": lambda: lossless_webp.still(1024, 1024),
        "WebP of 65,536 codes, 24 MP": lambda: lossless_webp.still(6000, 4000),
        "WebP of 65,536 long codes": lambda: lossless_webp.still(1024, 1024, slow=True),
        "WebP animation of 65,536 codes": lambda: lossless_webp.animated(1024, 1024),
        "WebP whose alpha has 65,536 codes": lambda: lossless_webp.with_alpha(1024, 1024),
        "WebP of 5,041 codes": lambda: lossless_webp.still(284, 284, groups=5048),
    },
    "too many passes": {
        "TIFF of a JPEG of 95 passes, 4 MP": lambda: jpeg_tiff(85, 2000),
        "TIFF of a JPEG of 95 passes, 16 MP": lambda: jpeg_tiff(85, 4000),
        "TIFF of JPEG tiles of 95 passes": lambda: jpeg_tiff(85, 4096, 512),
        "TIFF of one JPEG tile of 95 passes": lambda: jpeg_tiff(85, 4096, 4096),
        "JPEG of 95 passes, 10 MP": lambda: passes(85, (3240, 3240)),
        "JPEG of 16 passes, 50 MP": lambda: passes(6),
    },
    "MB uncompressed": {
        "PNG, 16-bit RGBA": lambda: png_hard(*LARGE, 16, 6),
        "PNG, 16-bit RGBA, interlaced": lambda: png_streamed(*LARGE, 16, 6, interlaced=1),
        "PNG, 16-bit RGBA, in a thousand parts": lambda: png_streamed(*LARGE, 16, 6, parts=1000),
        "PNG, 16-bit RGBA, animated": lambda: png_hard(*LARGE, 16, 6, before=ONE_FRAME),
        "PNG, 16-bit grey and alpha": lambda: png_hard(*LARGE, 16, 4),
        "PNG, 16-bit RGB": lambda: png_hard(*LARGE, 16, 2),
        "PNG, RGBA": lambda: png_hard(*LARGE, 8, 6),
        "TIFF, 16-bit RGBA": lambda: striped(*LARGE, [16] * 4, 2),
        "TIFF, 16-bit CMYK": lambda: striped(*LARGE, [16] * 4, 5),
    },
}
ANSWERED: Files = {
    "WebP of 4,977 long codes, 20 MP": lambda: lossless_webp.still(5000, 4000, 64, 4976, slow=True),
    "WebP of 1,504 long codes, 24 MP": lambda: lossless_webp.still(
        6000, 4000, 128, 1504, slow=True
    ),
    "TIFF of a JPEG of 12 passes, 21 MP": lambda: jpeg_tiff(2, 4600),
    "TIFF of JPEG tiles of 12 passes": lambda: jpeg_tiff(2, 6656, 512),
    "JPEG of 15 passes, 50 MP": lambda: passes(5),
    "JPEG of 92 passes, 7 MP": lambda: passes(82, (2700, 2700)),
    "PNG of 12 MP, 16-bit RGBA": lambda: png_hard(4000, 3000, 16, 6),
    "PNG of 12 MP, 16-bit RGBA, interlaced": lambda: png_streamed(4000, 3000, 16, 6, interlaced=1),
    "PNG of 16 MP, 16-bit RGB": lambda: png_hard(4000, 4000, 16, 2),
    "PNG of 25 MP, 16-bit grey and alpha": lambda: png_hard(5000, 5000, 16, 4),
    "PNG of 50 MP, 16-bit grey": lambda: png_hard(*LARGE, 16, 0),
    "PNG of 37 MP, RGBA": lambda: png_hard(6100, 6100, 8, 6),
    "PNG of 50 MP, RGB": lambda: png_hard(*LARGE, 8, 2),
    "TIFF of 21 MP, 16-bit RGBA": lambda: striped(5300, 4000, [16] * 4, 2),
}


def cases() -> dict[str, Case]:
    found = {f"expensive: {name}": Case(make, "answer") for name, make in ANSWERED.items()}
    for word, files in REFUSED.items():
        found |= {
            f"expensive: {name}": Case(make, "sentence", word) for name, make in files.items()
        }
    return found
