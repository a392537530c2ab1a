"""Files with the wrong name or type, and files of two types at once."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from built import encode, portrait, segment
from cases import KINDS, Case, good

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HTML = b"<!DOCTYPE html><html><body><script>alert(document.cookie)</script></body></html>"
XXE = b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>'
LAUGHS = b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'ha'>" + b"".join(
    b"<!ENTITY %c '%s'>" % (i + 1, b"&%c;" % i * 10) for i in range(97, 110)
)


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("photo.jpg", good("JPEG"))
    return buffer.getvalue()


def archive_bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("photo.jpg", bytes(300_000_000))
    return buffer.getvalue()


#: name → bytes, and a word of the error message
OTHERS: dict[str, tuple[Callable[[], bytes], str]] = {
    "zero bytes": (lambda: b"", "empty"),
    "one byte": (lambda: b"\0", "JPEG"),
    "a megabyte of zeros": (lambda: bytes(2**20), "JPEG"),
    "SVG": (lambda: SVG, "SVG"),
    "SVG after a byte-order mark": (lambda: b"\xef\xbb\xbf\n" + SVG, "SVG"),
    "SVG with an external entity": (lambda: XXE, "SVG"),
    "a billion laughs": (lambda: LAUGHS, "SVG"),
    "HTML": (lambda: HTML, "web page"),
    "HTML without a doctype": (lambda: HTML[15:], "web page"),
    "PDF": (lambda: PDF, "PDF"),
    "zip": (archive, "ZIP"),
    "zip bomb": (archive_bomb, "ZIP"),
    "HEIC": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500), "HEIC"),
    "AVIF": (lambda: b"\0\0\0\x18ftypavif\0\0\0\0" + bytes(500), "AVIF"),
    "MP4": (lambda: b"\0\0\0\x18ftypisom\0\0\0\0" + bytes(500), "Video"),
    "gzip": (lambda: b"\x1f\x8b\x08\0" + zlib.compress(bytes(1000)), "archive"),
    "program": (lambda: b"\x7fELF\x02\x01\x01" + bytes(200), "JPEG"),
    "pickle": (lambda: b"\x80\x04\x95\x1c\0\0\0\0\0\0\0\x8c\x05posix\x8c\x06system\x93.", "JPEG"),
    "PostScript": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n", "JPEG"),
    "base64 of a photo": (lambda: b"data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAAQABAAD", "JPEG"),
    "text in UTF-16": (lambda: "Dear detector".encode("utf-16"), "JPEG"),
    "fake HEIC brand inside a JPEG": (lambda: b"\xff\xd8\xff\xe0ftypheic", "HEIC"),
}
NOT_OF_THE_SIX = ("PPM", "ICO", "TGA", "PCX", "JPEG2000", "EPS", "SGI", "DDS", "MSP", "SPIDER")

#: Two file types in one; the photo comes first, so it is classified.
PHOTO_FIRST: dict[str, Callable[[], bytes]] = {
    "GIF and zip": lambda: good("GIF") + archive(),
    "JPEG and zip": lambda: good("JPEG") + archive(),
    "PNG and zip": lambda: good("PNG") + archive(),
    "WebP and zip": lambda: good("WEBP") + archive(),
    "BMP and zip": lambda: good("BMP") + archive(),
    "TIFF and zip": lambda: good("TIFF") + archive(),
    "JPEG and HTML": lambda: good("JPEG") + HTML,
    "PNG and HTML": lambda: good("PNG") + HTML,
    "JPEG and PDF": lambda: good("JPEG") + PDF,
    "JPEG with HTML in its comment": lambda: (
        good("grey JPEG")[:2] + segment(0xFE, HTML) + good("grey JPEG")[2:]
    ),
    "JPEG with PHP in its comment": lambda: (
        good("JPEG")[:2] + segment(0xFE, b"<?php system($_GET['c']); ?>") + good("JPEG")[2:]
    ),
    "GIF that is a script": lambda: good("GIF") + b"=1;alert(1)//",
    "JPEG and a second JPEG": lambda: good("JPEG") + good("progressive JPEG"),
    "JPEG and a video, a motion photo": lambda: good("JPEG") + _video(12_000_000),
    "PNG after which comes a JPEG": lambda: good("PNG") + good("JPEG"),
}
#: Here the other type comes first.
PHOTO_LATER: dict[str, Callable[[], bytes]] = {
    "PDF and JPEG": lambda: PDF + good("JPEG"),
    "zip and JPEG": lambda: archive() + good("JPEG"),
    "HTML and JPEG": lambda: HTML + good("JPEG"),
    "a line break before a JPEG": lambda: b"\n" + good("JPEG"),
    "a byte-order mark before a PNG": lambda: b"\xef\xbb\xbf" + good("PNG"),
    "a PNG whose line ends a text transfer changed": lambda: good("PNG").replace(b"\r\n", b"\n"),
    "a JPEG read as UTF-8 and written": lambda: good("JPEG").decode("utf-8", "replace").encode(),
    "a RIFF sound": lambda: b"RIFF" + struct.pack("<I", 36) + b"WAVEfmt " + bytes(28),
    "a RIFF video": lambda: b"RIFF" + struct.pack("<I", 36) + b"AVI LIST" + bytes(28),
}


def cases() -> dict[str, Case]:
    found = {
        f"renamed: {name}": Case(make, "sentence", word) for name, (make, word) in OTHERS.items()
    }
    for format_ in NOT_OF_THE_SIX:
        found[f"renamed: {format_}"] = Case(lambda f=format_: _written(f), "sentence")
    found |= {f"polyglot: {name}": Case(make, "answer") for name, make in PHOTO_FIRST.items()}
    found |= {f"polyglot: {name}": Case(make, "sentence") for name, make in PHOTO_LATER.items()}
    # The library does not see file names, so a wrong one cannot mislead it.
    for format_, kinds in KINDS.items():
        for kind in kinds:
            found[f"any name {format_}: {kind}"] = Case(lambda kind=kind: good(kind), "answer")
    return found


def _written(format_: str) -> bytes:
    mode = {"MSP": "1", "SPIDER": "F"}.get(format_, "RGB")
    return encode(portrait(64).convert(mode), format_)


def _video(size: int) -> bytes:
    """The video of a motion photo: compressed data that contains every marker by chance."""
    import numpy as np

    return b"\0\0\0\x18ftypmp42" + np.random.default_rng(3).bytes(size)
