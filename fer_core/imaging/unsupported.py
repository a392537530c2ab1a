"""Name the formats that are not supported, by the first bytes of a file."""

SUPPORTED_FORMATS = "JPEG, PNG, WebP, BMP, GIF or TIFF"

_CONVERT = f"Please save it as {SUPPORTED_FORMATS}."
_HEIC = f"This is a HEIC photo (the iPhone default), which is not supported. {_CONVERT}"
_VIDEO = (
    "Videos are no photos: use the page Live, the command classify with the name of the file, or "
    "analyze_video in Python."
)
_WEB_PAGE = "This is a web page, not a photo."


def _image(name: str) -> str:
    return f"This is {name}, which is not supported. {_CONVERT}"


#: Brands of ISO base media files, the more telling ones first; all others are videos.
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), _image("an AVIF image")),
    **dict.fromkeys(
        (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"), _HEIC
    ),
    **dict.fromkeys((b"mif1", b"mif2", b"msf1", b"miaf"), _HEIC),
    b"crx ": _image("a Canon raw photo"),
}
#: Offset of a signature, the signature, and the message.
_SIGNATURES = (
    (0, b"\xff\x0a", _image("a JPEG XL image")),
    (0, b"\0\0\0\x0cJXL ", _image("a JPEG XL image")),
    (0, b"\0\0\0\x0cjP  ", _image("a JPEG 2000 image")),
    (0, b"\xff\x4f\xff\x51", _image("a JPEG 2000 image")),
    (0, b"II\xbc", _image("a JPEG XR image")),
    (0, b"8BPS", _image("a Photoshop file")),
    (0, b"gimp xcf", _image("a GIMP file")),
    (0, b"\0\0\1\0", _image("an icon")),
    (0, b"\0\0\2\0\1", _image("a cursor")),
    *((0, b"P%d\n" % i, _image("a PBM, PGM or PPM image")) for i in range(1, 8)),
    *((0, b"P%d " % i, _image("a PBM, PGM or PPM image")) for i in range(1, 8)),
    (0, b"qoif", _image("a QOI image")),
    (0, b"DDS ", _image("a DDS texture")),
    (0, b"v/1\x01", _image("an OpenEXR image")),
    (0, b"#?RADIANCE", _image("a Radiance HDR image")),
    (0, b"BPG\xfb", _image("a BPG image")),
    (0, b"FUJIFILMCCD-RAW", _image("a Fujifilm raw photo")),
    (0, b"IIRO", _image("an Olympus raw photo")),
    (0, b"IIU\0", _image("a Panasonic raw photo")),
    (128, b"DICM", _image("a DICOM image")),
    (0, b"SIMPLE  =", _image("a FITS image")),
    (0, b"%!PS", f"This is a PostScript document, not a photo. {_CONVERT}"),
    (0, b"%PDF", f"This is a PDF document, not a photo. {_CONVERT}"),
    (0, b"PK\x03\x04", "This is a ZIP archive or an office document, not a photo."),
    (0, b"\x1f\x8b", "This is a compressed archive, not a photo."),
    (0, b"Rar!", "This is a compressed archive, not a photo."),
    (0, b"7z\xbc\xaf", "This is a compressed archive, not a photo."),
    (0, b"\x1a\x45\xdf\xa3", _VIDEO),  # Matroska, WebM
    (0, b"\0\0\1\xba", _VIDEO),  # MPEG
    (8, b"AVI ", _VIDEO),
)
#: Text files start with these, after a byte-order mark and spaces, in either case.
_TEXTS = (
    (b"<svg", f"This is an SVG drawing, which is not supported. {_CONVERT}"),
    (b"<?xml", "This is an XML or SVG file, not a photo."),
    (b"<!doctype html", _WEB_PAGE),
    (b"<html", _WEB_PAGE),
)
_UNKNOWN = (
    "This cannot be read as a photo: the file is damaged or incomplete, or it is not a "
    f"{SUPPORTED_FORMATS}."
)


def unreadable_message(data: bytes) -> str:
    """Say in one sentence for the user why a file that could not be decoded is no photo."""
    if data[4:8] == b"ftyp":
        size = min(int.from_bytes(data[:4], "big"), 256)
        brands = {data[8:12], *(data[i : i + 4] for i in range(16, size, 4))}
        return next((message for brand, message in _BRANDS.items() if brand in brands), _VIDEO)
    for offset, signature, message in _SIGNATURES:
        if data.startswith(signature, offset):
            return message
    text = data[:64].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    return next((message for start, message in _TEXTS if text.startswith(start)), _UNKNOWN)
