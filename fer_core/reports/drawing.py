"""Drawing basics for all figures: font, line wrapping, encoding without metadata; display photos.

All text is limited to the glyphs of Pillow's built-in font, so that figures look the same on every
machine.
"""

import base64
import io
from collections.abc import Iterable
from typing import Literal, NamedTuple

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from fer_core.imaging.sizes import scaled_size

MAX_LONG_SIDE = 1280  # px; larger photos are reduced to this for display
MIN_LONG_SIDE = 640  # px; smaller photos are enlarged, or the number of a box would hide the face
JPEG_QUALITY = 90  # percent
#: Printed on every figure that can be downloaded.
WARNING = "An expression is not a feeling: these are AI models' guesses from 48 by 48 grey pixels."
THUMBNAIL_HEIGHT = 120  # px; shown at half that
CHIP_SIDE = 192  # px; side of an enlarged chip, so that each of its pixels is 4 × 4 px

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
ImageFormat = Literal["PNG", "JPEG"]


class Line(NamedTuple):
    """One line of text in a figure."""

    text: str
    size: int  # font size, px
    colour: str
    line_height: float  # px from the top of this line to the top of the next


def font(size: float) -> Font:
    """Pillow's built-in font at `size` px."""
    return ImageFont.load_default(size)


def replace_missing_glyphs(text: str) -> str:
    """Replace no-break spaces and en dashes, which the font lacks, by spaces and hyphens."""
    return text.replace("\u00a0", " ").replace("–", "-")


def wrap_text(text: str, size: int, width: float) -> list[str]:
    """Break a text at spaces and after hyphens into lines of at most `width` px.

    A single word wider than that is not broken.
    """
    typeface, lines = font(size), [""]
    for word in text.replace("-", "-\0").replace(" ", " \0").split("\0"):
        line = replace_missing_glyphs(lines[-1] + word).rstrip()
        if lines[-1] and typeface.getlength(line) > width:
            lines.append("")
        lines[-1] += replace_missing_glyphs(word)
    return [line.rstrip() for line in lines]


def draw_lines(
    draw: ImageDraw.ImageDraw, position: tuple[float, float], lines: Iterable[Line]
) -> None:
    """Draw lines of text below each other, with the top left corner of the first at `position`."""
    x, y = position
    for line in lines:
        draw.text((x, y), line.text, line.colour, font(line.size))
        y += line.line_height


def encode_image(image: Image.Image, form: ImageFormat = "PNG") -> bytes:
    """Encode an image as the bytes of a PNG or JPEG file, without the metadata of `image`."""
    file = io.BytesIO()
    pixels = Image.fromarray(np.asarray(image))
    pixels.save(file, form, quality=JPEG_QUALITY)  # PNG ignores the quality
    return file.getvalue()


def data_uri(image: np.ndarray, form: ImageFormat = "PNG") -> str:
    """Encode an (H, W) grey or (H, W, 3) RGB uint8 array as a data URI for HTML."""
    return encoded_uri(encode_image(Image.fromarray(image), form), form)


def encoded_uri(content: bytes, form: ImageFormat) -> str:
    """An image that is encoded already as a data URI for HTML."""
    return f"data:image/{form.lower()};base64,{base64.b64encode(content).decode()}"


def encode_for_display(image: np.ndarray) -> bytes:
    """Encode a photo, (H, W, 3) uint8 RGB, as a JPEG for display.

    Its longest side is resized into the range from `MIN_LONG_SIDE` to `MAX_LONG_SIDE`. OpenCV does
    so without the copy of the whole photo that Pillow needs, in less time, and other threads run.
    """
    height, width = image.shape[:2]
    factor = min(max(MIN_LONG_SIDE / max(height, width), 1.0), MAX_LONG_SIDE / max(height, width))
    if (size := scaled_size(width, height, factor)) != (width, height):
        interpolation = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        image = cv2.resize(image, size, interpolation=interpolation)
    pixels = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    _, jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return jpeg.tobytes()


def thumbnail(image: np.ndarray) -> bytes:
    """Encode a photo, (H, W, 3) uint8 RGB, as a JPEG of at most `THUMBNAIL_HEIGHT` px height."""
    height, width = image.shape[:2]
    size = scaled_size(width, height, min(1.0, THUMBNAIL_HEIGHT / height))
    small = Image.fromarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA))
    small.thumbnail((3 * THUMBNAIL_HEIGHT, THUMBNAIL_HEIGHT))  # a panorama is no longer than that
    return encode_image(small, "JPEG")


def enlarge_chip(chip: np.ndarray) -> Image.Image:
    """Enlarge a (48, 48) uint8 grey chip without smoothing, so that its pixels stay visible."""
    return Image.fromarray(chip).resize((CHIP_SIDE, CHIP_SIDE), Image.Resampling.NEAREST)
