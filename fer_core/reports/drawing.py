"""What every picture is drawn with: one font, lines that fit, files without metadata; and photos as
the app shows them, small enough to keep, with numbered boxes drawn on.

Texts stay within the letters of Pillow's own font, so that pictures look the same on any machine.
"""

import base64
import io
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from fer_core.reports.palette import OUTLINE

MAX_LONG_SIDE = 1280  # pixels; what a session keeps of a photo, however large it came
MIN_LONG_SIDE = 640  # smaller pictures are enlarged to this, or a box's number would hide the face
#: What a picture to take away always says.
WARNING = "An expression is not a feeling: these are AI models' guesses from 48 by 48 grey pixels."
CHIP_SIDE = 192  # pixels a side of an enlarged face chip: four screen pixels for one of the model's

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
ImageFormat = Literal["PNG", "JPEG"]


class Line(NamedTuple):
    """A line of text in a picture."""

    text: str
    size: int  # of the letters, px
    colour: str
    line_height: float  # px down to the next line


def font(size: float) -> Font:
    """Pillow's own."""
    return ImageFont.load_default(size)


def replace_no_break_spaces(text: str) -> str:
    """Without the no-break space, which the font lacks."""
    return text.replace("\u00a0", " ")


def wrap_text(text: str, size: int, width: float) -> list[str]:
    """Lines no wider than `width` px, broken at blanks and after hyphens; a longer word stands
    out."""
    letters, lines = font(size), [""]
    for word in text.replace("-", "-\0").replace(" ", " \0").split("\0"):
        if lines[-1] and letters.getlength(replace_no_break_spaces(lines[-1] + word).rstrip()) > width:
            lines.append("")
        lines[-1] += replace_no_break_spaces(word)
    return [line.rstrip() for line in lines]


def draw_lines(pen: ImageDraw.ImageDraw, spot: tuple[float, float], lines: Iterable[Line]) -> None:
    """Lines below each other, the first one's top left at `spot`."""
    x, y = spot
    for line in lines:
        pen.text((x, y), line.text, line.colour, font(line.size))
        y += line.line_height


def encode_image(image: Image.Image, form: ImageFormat = "PNG") -> bytes:
    """A picture as the content of a file, without any metadata that `image` may carry."""
    file = io.BytesIO()
    pixels = Image.fromarray(np.asarray(image))
    pixels.save(file, form, quality=90)  # a PNG has no quality
    return file.getvalue()


def data_uri(picture: np.ndarray, form: ImageFormat = "PNG") -> str:
    """(H, W) grey or (H, W, 3) RGB, uint8 → the address for HTML that holds the picture itself."""
    content = base64.b64encode(encode_image(Image.fromarray(picture), form)).decode()
    return f"data:image/{form.lower()};base64,{content}"


def encode_for_display(image: np.ndarray) -> bytes:
    """(H, W, 3) uint8 RGB → JPEG bytes with the longest side between `SHORTEST` and `LONGEST`."""
    height, width = image.shape[:2]
    factor = min(max(MIN_LONG_SIDE / max(height, width), 1.0), MAX_LONG_SIDE / max(height, width))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return encode_image(Image.fromarray(image).resize(size, Image.Resampling.LANCZOS), "JPEG")


def draw_boxes(
    picture: bytes,
    photo_width: int,
    boxes: Sequence[tuple[int, int, int, int]],
    colours: Sequence[str],
    chosen: int,
) -> Image.Image:
    """`picture` from `for_display`, each box drawn and numbered; the photo was `photo_width` wide.

    `boxes` are (x, y, w, h) in the photo's own pixels. The chosen face's box is drawn last and
    thicker. Strokes and numbers grow with the picture, to be read on a phone too.
    """
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    draw = ImageDraw.Draw(image)
    scale = image.width / photo_width
    stroke = max(2, round(max(image.size) / 250))
    letters = font(max(14, image.width / 26))
    order = [i for i in range(len(boxes)) if i != chosen]
    order += [chosen] if chosen < len(boxes) else []
    for i in order:
        x, y, w, h = (value * scale for value in boxes[i])
        line = stroke * 3 // 2 if i == chosen else stroke
        # A dark rim on both sides keeps the coloured line visible on any background.
        for grow, width, colour in ((line, line + stroke, OUTLINE), (line - stroke / 2, line, None)):
            corners = (x - grow, y - grow, x + w + grow, y + h + grow)
            draw.rounded_rectangle(
                corners, radius=line * 3, outline=colour or colours[i], width=width
            )
        edges = (x, y - line, y + h + line)
        _tag(draw, str(i + 1), edges, image.size, letters, colours[i])
    return image


def _tag(
    draw: ImageDraw.ImageDraw,
    text: str,
    edges: tuple[float, float, float],
    size: tuple[int, int],
    letters: Font,
    colour: str,
) -> None:
    """A number on a coloured plate above the box, or below it where there is no room above.

    `edges` are the box's left, top and bottom.
    """
    left, top, right, bottom = draw.textbbox((0, 0), text, font=letters)
    pad = (bottom - top) * 0.4
    w, h = right - left + 3 * pad, bottom - top + 2 * pad
    x = min(max(0.0, edges[0]), size[0] - w)
    above, below = edges[1] - h - pad, edges[2] + pad
    y = above if above >= 0 else min(below, size[1] - h)
    draw.rounded_rectangle((x, y, x + w, y + h), radius=pad, fill=colour, outline=OUTLINE)
    draw.text((x + w / 2, y + h / 2), text, font=letters, fill=OUTLINE, anchor="mm")


def enlarge_chip(chip: np.ndarray) -> Image.Image:
    """(48, 48) uint8 grey → what the model sees, its pixels left visible."""
    return Image.fromarray(chip).resize((CHIP_SIDE, CHIP_SIDE), Image.Resampling.NEAREST)
