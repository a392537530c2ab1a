"""One heat map as a picture to keep: the question, the photo and the chip under the map, the bar of
the colours, and what is known of the map."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from fer_core.explain.explanation import Explanation
from fer_core.explain.methods import METHODS
from fer_core.explain.render import colour_bar, over_chip, over_photo
from fer_core.faces.align import Face
from fer_core.registry import get

SIDE, EDGE, GAP, BAR = 480, 40, 24, 18  # px
LARGE, SMALL, ROW = 32, 20, 30  # px: title, text, distance of its lines
PAPER, INK, PALE = "#FCFCFA", "#22292B", "#5C6668"


def figure(
    found: Explanation, image: np.ndarray, face: Face, chip: np.ndarray, notes: Sequence[str] = ()
) -> Image.Image:
    """`image` (H, W, 3) uint8 RGB and `chip` (48, 48) uint8, the `face` in it, each under the map;
    `notes` are more lines of text. Carries no metadata."""
    photo = _fitted(Image.fromarray(over_photo(image, face, found.map)))
    close_up = Image.fromarray(over_chip(chip, found.map, side=SIDE))
    title, small = _title(found), ImageFont.load_default(SMALL)
    lines = [_map(found), *notes]
    pictures = photo.width + GAP + SIDE
    texts = [ImageFont.load_default(LARGE).getlength(title), *map(small.getlength, lines)]
    top = EDGE + 2 * LARGE
    below = top + SIDE + GAP + BAR + ROW + GAP
    page = Image.new(
        "RGB", (2 * EDGE + round(max(pictures, *texts)), below + ROW * len(lines) + EDGE), PAPER
    )
    pen = ImageDraw.Draw(page)
    pen.text((EDGE, EDGE), title, INK, ImageFont.load_default(LARGE))
    page.paste(photo, (EDGE, top + (SIDE - photo.height) // 2))
    left, bar = EDGE + photo.width + GAP, top + SIDE + GAP
    page.paste(close_up, (left, top))
    if not found.flat:
        page.paste(Image.fromarray(colour_bar(SIDE, BAR)), (left, bar))
        pen.text((left, bar + BAR + 4), "0: no evidence", PALE, small)
        pen.text((left + SIDE, bar + BAR + 4), "1: strongest place", PALE, small, anchor="ra")
    for number, line in enumerate(lines):
        pen.text((EDGE, below + ROW * number), line, PALE, small)
    return page


def _fitted(photo: Image.Image) -> Image.Image:
    """No taller than the chip beside it and at most twice as wide; small photos are enlarged."""
    scale = min(SIDE / photo.height, 2 * SIDE / photo.width)
    size = max(1, round(photo.width * scale)), max(1, round(photo.height * scale))
    return photo.resize(size, Image.Resampling.LANCZOS)


def _title(found: Explanation) -> str:
    rather = f" rather than {found.against}" if found.against else ""
    return f"Why {found.emotion}{rather}? {get(found.variant).title}"


def _map(found: Explanation) -> str:
    method = METHODS[found.method]
    how = f"{method.title}, layer {found.depth} of 4"
    if found.flat:
        return f"{how}. The map is flat: it shows nothing."
    return f"{how}. Strongest place: {found.strength:.2g} {method.unit}."
