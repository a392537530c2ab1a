"""Which files are photos or films, by their names."""

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
#: Photos that may be animations, so that they can be read as films too.
ANIMATION_EXTENSIONS = frozenset({"gif", "webp", "apng"})
FILM_EXTENSIONS = frozenset(
    {"mp4", "m4v", "mov", "3gp", "webm", "mkv", "avi", "mpg", "mpeg", "ts", "m2ts", "ogv", "wmv"}
)


def has_photo_extension(path: PurePath) -> bool:
    """Whether a file is a photo by its extension, in a supported format or not."""
    return path.suffix[1:].lower() in PHOTO_EXTENSIONS


def is_hidden(path: PurePath) -> bool:
    """Whether a file or one of its folders is hidden, such as the `._` files of macOS."""
    return any(part.startswith(".") and part != ".." for part in path.parts)


def has_animation_extension(path: PurePath) -> bool:
    """Whether a file may be an animation, by its extension."""
    return path.suffix[1:].lower() in ANIMATION_EXTENSIONS


def has_film_extension(path: PurePath) -> bool:
    """Whether a file is a film by its extension; animations are photos."""
    return path.suffix[1:].lower() in FILM_EXTENSIONS
