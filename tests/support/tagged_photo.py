"""A photo of more than 2 MB with every kind of metadata."""

import io
import struct
from functools import cache

import numpy as np
from PIL import ExifTags, Image, PngImagePlugin

from fer_core.imaging.sample_photo import sample_photo

NAME = "Zoë at 17 Example Street, marked-name.jpg"
#: Text in the file's metadata that must not leave the app.
MARKS = (
    "marked-description",
    "marked-artist",
    "marked-comment",
    "marked-xmp",
    "marked-iptc",
    "marked-icc",
)
POSITION = (48.0, 51.0, 29.6)


@cache
def jpeg() -> bytes:
    """JPEG with EXIF including GPS position, XMP, IPTC, an ICC profile and a comment."""
    file = io.BytesIO()
    _photo().save(
        file,
        "JPEG",
        quality=98,
        exif=_exif(),
        comment=b"marked-comment",
        xmp=_xmp(),
        icc_profile=_icc(),
    )
    data = file.getvalue()
    return data[:2] + _iptc() + data[2:]


@cache
def png() -> bytes:
    """PNG with plain, compressed and international text, EXIF, XMP and an ICC profile."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "marked-comment")
    text.add_text("Author", "marked-artist", zip=True)
    text.add_itxt("XML:com.adobe.xmp", _xmp().decode())
    text.add_itxt("Place", "marked-iptc", lang="en", tkey="Ort", zip=True)
    file = io.BytesIO()
    _photo().save(file, "PNG", pnginfo=text, exif=_exif(), icc_profile=_icc())
    return file.getvalue()


@cache
def tiff() -> bytes:
    """TIFF with EXIF, XMP, IPTC and an ICC profile."""
    tags = _exif()
    tags[700], tags[33723] = _xmp(), b"marked-iptc"
    file = io.BytesIO()
    _photo().save(file, "TIFF", exif=tags, icc_profile=_icc())
    return file.getvalue()


@cache
def webp() -> bytes:
    """WebP with EXIF including GPS position, XMP and an ICC profile."""
    file = io.BytesIO()
    _photo().save(file, "WEBP", quality=98, exif=_exif(), xmp=_xmp(), icc_profile=_icc())
    return file.getvalue()


def found_in(data: bytes) -> list[str]:
    """The marks found in `data`, also as UTF-16, or in its image metadata."""
    searched = data
    try:
        image = Image.open(io.BytesIO(data))
        image.load()
    except OSError:
        pass
    else:
        searched += repr(image.info).encode() + repr(dict(image.getexif())).encode()
        searched += repr(image.getexif().get_ifd(ExifTags.IFD.GPSInfo)).encode()
    marks = [m for m in MARKS if m.encode() in searched or m.encode("utf-16-le") in searched]
    return marks + ["position"] * (b"48.0, 51.0" in searched)


@cache
def _photo() -> Image.Image:
    """The sample photo, enlarged, with incompressible noise."""
    small = Image.open(io.BytesIO(sample_photo())).convert("RGB").resize((1800, 1800))
    noise = np.random.default_rng(5).integers(-24, 25, (1800, 1800, 3))
    return Image.fromarray((np.asarray(small) + noise).clip(0, 255).astype(np.uint8))


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = "marked-description"
    exif[ExifTags.Base.Artist] = "marked-artist"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: POSITION, 3: "E", 4: (2.0, 21.0, 7.0)})
    return exif


def _xmp() -> bytes:
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-'
        b'rdf-syntax-ns#"><rdf:Description rdf:about="marked-xmp"/></rdf:RDF></x:xmpmeta>'
    )


def _iptc() -> bytes:
    """A JPEG segment with Photoshop's IPTC resource, containing a caption."""
    caption = b"\x1c\x02\x78" + struct.pack(">H", 11) + b"marked-iptc"
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(caption)) + caption
    body = b"Photoshop 3.0\0" + resource
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body


def _icc() -> bytes:
    """An ICC header and one tag; decoders pass it on unread."""
    text = b"desc\0\0\0\0" + struct.pack(">I", 11) + b"marked-icc\0"
    size = 128 + 4 + 12 + len(text)
    head = struct.pack(">I", size) + bytes(8) + b"mntrRGB XYZ " + bytes(12) + b"acsp"
    tags = struct.pack(">I4sII", 1, b"desc", 144, len(text))
    return head.ljust(128, b"\0") + tags + text
