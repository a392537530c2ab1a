"""Photos as HTML: the strip of thumbnails, and a photo whose faces can be clicked."""

from collections.abc import Mapping, Sequence

import numpy as np
from markupsafe import Markup
from PIL import Image

from fer_core.reports.drawing import data_uri, encoded_uri
from pages.components import clicks
from pages.session import selection
from pages.session.photo import Photo
from pages.text.escape import clean_name
from pages.text.markup import tag

STRIP_LENGTH = 24  # thumbnails shown at once
SMALL_PHOTO_HEIGHT = 320  # px; photos that are at most this tall are shown at this height


def thumbnail_strip(album: Mapping[str, Photo], current: str) -> Markup:
    """The thumbnails around the current photo, each a button that makes it the current one."""
    keys = list(album)
    start = keys.index(current) // STRIP_LENGTH * STRIP_LENGTH
    stop = min(start + STRIP_LENGTH, len(keys))
    items = [_thumbnail(key, album[key], key == current) for key in keys[start:stop]]
    if start:
        items.insert(0, _more(keys[start - 1], f"◂ {start} before"))
    if stop < len(keys):
        items.append(_more(keys[stop], f"{len(keys) - stop} more ▸"))
    return tag("ul", *(tag("li", item) for item in items), class_="strip", aria_label="Photos")


def _thumbnail(key: str, photo: Photo, is_current: bool) -> Markup:
    if photo.thumbnail:
        content = tag("img", src=encoded_uri(photo.thumbnail, "JPEG"), alt="")
    elif len(photo.chips):
        content = tag("img", src=data_uri(photo.chips[0]), alt="")
    else:
        content = tag("span", clean_name(photo.name))
    return _button(key, content, clean_name(photo.name), is_current)


def _more(key: str, text: str) -> Markup:
    return _button(key, tag("span", text), text, False)


def _button(key: str, content: Markup, label: str, is_current: bool) -> Markup:
    index = selection.current_face(key)
    return clicks.face_button(content, selection.photo_token(key), index, label, is_current)


def boxed_photo(
    key: str,
    photo: Photo,
    image: Image.Image,
    alt: str,
    labels: Sequence[str] = (),
    selected: int | None = None,
) -> Markup:
    """A photo with a button over each face.

    Args:
        key: The photo's key in the album.
        photo: The photo.
        image: Its display image with the boxes drawn.
        alt: Alternative text of the image.
        labels: Of the faces' buttons, such as "Face 1: happy"; none for no buttons.
        selected: Index of the face shown elsewhere on the page.
    """
    assert photo.width is not None
    assert photo.height is not None
    token, buttons = selection.photo_token(key), []
    for i, (face, label) in enumerate(zip(photo.faces, labels, strict=False)):
        x, y, width, height = face.box
        place = {"left": x / photo.width, "top": y / photo.height}
        place |= {"width": width / photo.width, "height": height / photo.height}
        style = ";".join(f"{name}:{value:.2%}" for name, value in place.items())
        buttons.append(
            clicks.face_button(
                Markup(""), token, i, label, i == selected, show=".verdict", style=style
            )
        )
    small = photo.height <= SMALL_PHOTO_HEIGHT
    tallest = f"{SMALL_PHOTO_HEIGHT}px" if small else "70vh"
    style = f"--tallest:{tallest};--ratio:{image.width / image.height:.4f}"
    picture = tag("img", src=data_uri(np.asarray(image), "JPEG"), alt=alt)
    return tag("div", picture, *buttons, class_="photo", style=style)
