"""One heat map as a picture to keep: the question, the photo and the chip under the map, the bar of
the colours, and what is known of the map."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from fer_core.explain.explanation import Explanation
from fer_core.explain.methods import METHODS
from fer_core.explain.render import OPACITY, colour_bar, overlay_chip, overlay_photo
from fer_core.faces.align import Face
from fer_core.registry import get_model_spec
from fer_core.reports.drawing import Line, font, draw_lines
from fer_core.reports.palette import TEXT_COLOUR, MUTED_COLOUR, BACKGROUND

SIDE, EDGE, GAP, BAR = 480, 40, 24, 18  # px
LARGE, SMALL, ROW = 32, 20, 30  # px: title, text, distance of its lines


def draw_figure(
    found: Explanation, image: np.ndarray, face: Face, chip: np.ndarray, notes: Sequence[str] = ()
) -> Image.Image:
    """`image` (H, W, 3) uint8 RGB and `chip` (48, 48) uint8, the `face` in it, each under the map;
    `notes` are more lines of text. Carries no metadata."""
    photo = _fitted(Image.fromarray(overlay_photo(image, face, found.map)))
    close_up = Image.fromarray(overlay_chip(chip, found.map, side=SIDE))
    title = Line(_title(found), LARGE, TEXT_COLOUR, 0)
    lines = [Line(note, SMALL, MUTED_COLOUR, ROW) for note in (_map(found), *notes)]
    pictures = photo.width + GAP + SIDE
    texts = [font(line.size).getlength(line.text) for line in (title, *lines)]
    top = EDGE + 2 * LARGE
    below = top + SIDE + GAP + BAR + ROW + GAP
    page = Image.new(
        "RGB", (2 * EDGE + round(max(pictures, *texts)), below + ROW * len(lines) + EDGE), BACKGROUND
    )
    pen = ImageDraw.Draw(page)
    draw_lines(pen, (EDGE, EDGE), [title])
    page.paste(photo, (EDGE, top + (SIDE - photo.height) // 2))
    left = EDGE + photo.width + GAP
    page.paste(close_up, (left, top))
    if not found.flat:
        draw_colour_bar(page, (left, top + SIDE + GAP), SIDE, below=BAR + 4, letters=SMALL)
    draw_lines(pen, (EDGE, below), lines)
    return page


def draw_colour_bar(
    page: Image.Image,
    spot: tuple[int, int],
    width: int,
    *,
    below: int,
    letters: int,
    opacity: float = OPACITY,
) -> None:
    """Draw the colours of 0 to 1 with their top left at `spot`, and what they mean `below` px under
    that, in `letters` of that size. All in px."""
    x, y = spot
    page.paste(Image.fromarray(colour_bar(width, BAR, opacity)), spot)
    pen = ImageDraw.Draw(page)
    pen.text((x, y + below), "0: no evidence", MUTED_COLOUR, font(letters))
    pen.text((x + width, y + below), "1: strongest place", MUTED_COLOUR, font(letters), anchor="ra")


def _fitted(photo: Image.Image) -> Image.Image:
    """No taller than the chip beside it and at most twice as wide; small photos are enlarged."""
    scale = min(SIDE / photo.height, 2 * SIDE / photo.width)
    size = max(1, round(photo.width * scale)), max(1, round(photo.height * scale))
    return photo.resize(size, Image.Resampling.LANCZOS)


def _title(found: Explanation) -> str:
    rather = f" rather than {found.contrast}" if found.contrast else ""
    return f"Why {found.emotion}{rather}? {get_model_spec(found.model_name).title}"


def _map(found: Explanation) -> str:
    method = METHODS[found.method]
    how = f"{method.title}, layer {found.depth} of 4"
    if found.flat:
        return f"{how}. The map is flat: it shows nothing."
    return f"{how}. Strongest place: {found.peak:.2g} {method.unit}."
