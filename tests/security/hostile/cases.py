"""The type of a case, and the small valid files from which others are made."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from built import adam7, encode, oriented, portrait
from PIL import Image, PngImagePlugin


@dataclass(frozen=True)
class Case:
    """One file of the corpus, created on demand, since some are large.

    `expects` is the required outcome: an answer, an error message, or either where decoders may
    differ. The error message must contain `word`.
    """

    make: Callable[[], bytes]
    expects: Literal["answer", "sentence", "either"]
    word: str = ""


@cache
def good(kind: str) -> bytes:
    """Create a small valid photo of a face; `kind` is e.g. "JPEG" or "LZW TIFF"."""
    face, exif = portrait(), oriented(1)
    profile = Image.new("RGB", (1, 1)).info.get("icc_profile") or b"\0" * 128
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "a portrait")
    turned = face.rotate(90)
    animation = {"save_all": True, "append_images": [turned], "duration": 100}
    write = {
        "JPEG": lambda: encode(face, "JPEG", exif=exif, icc_profile=profile, comment=b"hello"),
        "progressive JPEG": lambda: encode(face, "JPEG", progressive=True),
        "grey JPEG": lambda: encode(face.convert("L"), "JPEG"),
        "CMYK JPEG": lambda: encode(face.convert("CMYK"), "JPEG"),
        "MPO": lambda: encode(face, "MPO", save_all=True, append_images=[turned]),
        "PNG": lambda: encode(face, "PNG", pnginfo=text, icc_profile=profile, exif=exif),
        "palette PNG": lambda: encode(face.quantize(64), "PNG", transparency=3),
        "interlaced PNG": lambda: adam7(face),
        "animated PNG": lambda: encode(face, "PNG", **animation),
        "WEBP": lambda: encode(face, "WEBP"),
        "lossless WEBP": lambda: encode(face, "WEBP", lossless=True),
        "transparent WEBP": lambda: encode(
            face.convert("RGBA").rotate(9, expand=True), "WEBP", exif=exif
        ),
        "animated WEBP": lambda: encode(face, "WEBP", **animation),
        "BMP": lambda: encode(face, "BMP"),
        "palette BMP": lambda: encode(face.quantize(256), "BMP"),
        "GIF": lambda: encode(face, "GIF", comment=b"hello"),
        "animated GIF": lambda: encode(face, "GIF", **animation),
        "TIFF": lambda: encode(face, "TIFF"),
        "LZW TIFF": lambda: encode(face, "TIFF", compression="tiff_lzw"),
        "JPEG TIFF": lambda: encode(face, "TIFF", compression="jpeg"),
        "deflate TIFF": lambda: encode(face, "TIFF", compression="tiff_adobe_deflate"),
        "two-page TIFF": lambda: encode(face, "TIFF", **animation),
    }
    return write[kind]()


#: The kinds of `good`, by Pillow's name of the format.
KINDS = {
    "JPEG": ("JPEG", "progressive JPEG", "grey JPEG", "CMYK JPEG", "MPO"),
    "PNG": ("PNG", "palette PNG", "interlaced PNG", "animated PNG"),
    "WEBP": ("WEBP", "lossless WEBP", "transparent WEBP", "animated WEBP"),
    "BMP": ("BMP", "palette BMP"),
    "GIF": ("GIF", "animated GIF"),
    "TIFF": ("TIFF", "LZW TIFF", "JPEG TIFF", "deflate TIFF", "two-page TIFF"),
}
EVERY_KIND = tuple(kind for kinds in KINDS.values() for kind in kinds)
SUFFIX = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "BMP": "bmp", "GIF": "gif", "TIFF": "tif"}
