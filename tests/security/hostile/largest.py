"""The largest accepted photos, in every format and encoding: all must be classified."""

from collections.abc import Callable

import numpy as np
from built import encode, oriented, portrait
from cases import Case
from PIL import Image

LARGE = (8640, 5786)  # 49.99 million pixels
LARGE_WEBP = (6000, 4000)
LARGE_4_BYTES = (7500, 5000)  # 37.5 million pixels, of four bytes each


def photo(size: tuple[int, int] = LARGE, orientation: int = 1) -> Image.Image:
    """Faces, upright once turned by `orientation`, with the noise of a sensor, so that it is as
    hard to decode as a photo."""
    side = 2000
    noise = np.random.default_rng(0).normal(0, 6, (side, side, 3))
    tile = (np.asarray(portrait(side), np.int16) + noise).clip(0, 255).astype(np.uint8)
    stored = {1: tile, 5: tile.transpose(1, 0, 2), 6: np.rot90(tile), 8: np.rot90(tile, 3)}
    across, down = -(-size[0] // side), -(-size[1] // side)
    pixels = np.tile(stored[orientation], (down, across, 1))[: size[1], : size[0]]
    return Image.fromarray(pixels)


def _flat(mode: str) -> Image.Image:
    """Large areas of few colours, so that a lossless file of this size fits into 20 MB."""
    size = LARGE_4_BYTES if mode in ("RGBA", "CMYK", "F", "I") else LARGE
    return portrait(1080).quantize(16).convert(mode).resize(size, Image.Resampling.NEAREST)


FLAT: dict[str, tuple[str, str, dict[str, object]]] = {
    "RGB PNG": ("RGB", "PNG", {"compress_level": 1}),
    "RGBA PNG": ("RGBA", "PNG", {"compress_level": 1}),
    "grey PNG": ("L", "PNG", {"compress_level": 1}),
    "grey-alpha PNG": ("LA", "PNG", {"compress_level": 1}),
    "palette PNG": ("P", "PNG", {"compress_level": 1, "transparency": 1}),
    "1-bit PNG": ("1", "PNG", {"compress_level": 1}),
    "palette GIF": ("P", "GIF", {}),
    "grey TIFF": ("L", "TIFF", {"compression": "tiff_adobe_deflate"}),
    "RGB TIFF": ("RGB", "TIFF", {"compression": "tiff_adobe_deflate"}),
    "RGBA TIFF": ("RGBA", "TIFF", {"compression": "tiff_adobe_deflate"}),
    "CMYK TIFF": ("CMYK", "TIFF", {"compression": "tiff_adobe_deflate"}),
    "palette LZW TIFF": ("P", "TIFF", {"compression": "tiff_lzw"}),
    "packbits TIFF": ("L", "TIFF", {"compression": "packbits"}),
    "float TIFF": ("F", "TIFF", {"compression": "tiff_adobe_deflate"}),
    "integer TIFF": ("I", "TIFF", {"compression": "tiff_adobe_deflate"}),
    "group 4 TIFF": ("1", "TIFF", {"compression": "group4"}),
    "1-bit BMP": ("1", "BMP", {}),
}
JPEGS: dict[str, tuple[str, dict[str, object]]] = {
    "JPEG": ("RGB", {"quality": 60}),
    "turned JPEG": ("RGB", {"quality": 60, "exif": oriented(6)}),
    "JPEG of good quality": ("RGB", {"quality": 85}),
    "JPEG without subsampling": ("RGB", {"quality": 50, "subsampling": 0}),
    "progressive JPEG": ("RGB", {"quality": 50, "progressive": True}),
    "progressive JPEG, turned": ("RGB", {"quality": 50, "progressive": True, "exif": oriented(5)}),
    "progressive JPEG without subsampling": (
        "RGB",
        {"quality": 40, "progressive": True, "subsampling": 0},
    ),
    "grey JPEG": ("L", {"quality": 60}),
    "CMYK JPEG": ("CMYK", {"quality": 40}),
}


def cases() -> dict[str, Case]:
    made: dict[str, Callable[[], bytes]] = {}
    for name, (mode, format_, options) in FLAT.items():
        made[name] = lambda m=mode, f=format_, o=options: encode(_flat(m), f, **o)
    for name, (mode, options) in JPEGS.items():
        made[name] = lambda m=mode, o=options: encode(
            photo(orientation=_orientation(o)).convert(m), "JPEG", **o
        )
    made["16-bit PNG"] = lambda: encode(_deep(), "PNG", compress_level=1)
    made["16-bit TIFF"] = lambda: encode(_deep(), "TIFF", compression="tiff_adobe_deflate")
    made["WebP"] = lambda: encode(photo(LARGE_WEBP), "WEBP", quality=50, method=0)
    made["turned WebP"] = lambda: encode(
        photo(LARGE_WEBP, 8), "WEBP", quality=50, method=0, exif=oriented(8)
    )
    made["lossless WebP"] = lambda: encode(
        _flat("RGB").crop((0, 0, *LARGE_WEBP)), "WEBP", lossless=True, quality=0, method=0
    )
    made["progressive CMYK JPEG"] = lambda: encode(
        photo((7680, 5120)).convert("CMYK"), "JPEG", quality=30, progressive=True
    )
    made["turned RGB TIFF"] = lambda: encode(
        _flat("RGB").resize((8000, 5000), Image.Resampling.NEAREST),
        "TIFF",
        compression="tiff_adobe_deflate",
        tiffinfo={274: 8},
    )
    made["24-bit BMP of 20 MB"] = lambda: encode(photo((2600, 2600)), "BMP")
    return {f"largest: {name}": Case(make, "answer") for name, make in made.items()}


def _orientation(options: dict[str, object]) -> int:
    exif = options.get("exif")
    return exif[0x0112] if isinstance(exif, Image.Exif) else 1


def _deep() -> Image.Image:
    return Image.fromarray(np.asarray(_flat("L")).astype(np.uint16) * 257)
