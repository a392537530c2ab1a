"""Which files of a folder are photos, by their names."""

from pathlib import PurePath

#: Formats that `decode` reads. Chrome on Windows saves JPEGs as .jfif.
READABLE_EXTENSIONS = frozenset(
    {"jpg", "jpeg", "jpe", "jif", "jfif", "pjp", "pjpeg", "png", "apng"}
    | {"webp", "bmp", "dib", "gif", "tif", "tiff"}
)
#: Photos in formats that `decode` rejects with a sentence.
UNSUPPORTED_EXTENSIONS = frozenset(
    {"heic", "heif", "hif", "heics", "heifs", "avif", "avifs", "jxl", "jp2", "j2k", "jpf", "jpx"}
    | {"psd", "pbm", "pgm", "ppm", "pnm"}
)
PHOTO_EXTENSIONS = READABLE_EXTENSIONS | UNSUPPORTED_EXTENSIONS


def has_photo_extension(path: PurePath) -> bool:
    """Whether a file is a photo by its extension, in a supported format or not."""
    return path.suffix[1:].lower() in PHOTO_EXTENSIONS


def is_hidden(path: PurePath) -> bool:
    """Whether a file or one of its folders is hidden, such as the `._` files of macOS."""
    return any(part.startswith(".") and part != ".." for part in path.parts)
