"""A heat map as a downloadable figure: photo and chip under the map, colour bar and notes."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from fer_core.explain.explanation import Explanation
from fer_core.explain.methods import METHODS
from fer_core.explain.render import OPACITY, colour_bar, overlay_chip, overlay_photo
from fer_core.faces.align import Face
from fer_core.imaging.sizes import scaled_size
from fer_core.registry import get_model_spec
from fer_core.reports.drawing import Line, draw_lines, font
from fer_core.reports.palette import BACKGROUND, MUTED_COLOUR, TEXT_COLOUR

SIDE, EDGE, GAP, BAR = 480, 40, 24, 18  # px
LARGE, SMALL, ROW = 32, 20, 30  # px: font sizes of title and text, line height of the text


def draw_figure(
    explanation: Explanation,
    image: np.ndarray,
    face: Face,
    chip: np.ndarray,
    notes: Sequence[str] = (),
) -> Image.Image:
    """Draw a heat map over the photo and over the chip, side by side.

    Args:
        explanation: The heat map to draw.
        image: The photo, (H, W, 3) uint8 RGB.
        face: The explained face in the photo.
        chip: Its chip, (48, 48) uint8 grey.
        notes: Additional lines of text.

    Returns:
        The figure, without metadata.
    """
    photo = _resize_photo(Image.fromarray(overlay_photo(image, face, explanation.map)))
    close_up = Image.fromarray(overlay_chip(chip, explanation.map, side=SIDE))
    title = Line(_title(explanation), LARGE, TEXT_COLOUR, 0)
    lines = [Line(note, SMALL, MUTED_COLOUR, ROW) for note in (_method(explanation), *notes)]
    images_width = photo.width + GAP + SIDE
    text_widths = [font(line.size).getlength(line.text) for line in (title, *lines)]
    top = EDGE + 2 * LARGE
    text_top = top + SIDE + GAP + BAR + ROW + GAP
    width = 2 * EDGE + round(max(images_width, *text_widths))
    figure = Image.new("RGB", (width, text_top + ROW * len(lines) + EDGE), BACKGROUND)
    draw = ImageDraw.Draw(figure)
    draw_lines(draw, (EDGE, EDGE), [title])
    figure.paste(photo, (EDGE, top + (SIDE - photo.height) // 2))
    left = EDGE + photo.width + GAP
    figure.paste(close_up, (left, top))
    if not explanation.flat:
        position = (left, top + SIDE + GAP)
        draw_colour_bar(figure, position, SIDE, below=BAR + 4, letters=SMALL)
    draw_lines(draw, (EDGE, text_top), lines)
    return figure


def draw_colour_bar(
    figure: Image.Image,
    position: tuple[int, int],
    width: int,
    *,
    below: int,
    letters: int,
    opacity: float = OPACITY,
) -> None:
    """Draw the colour bar from 0 to 1 with its labels; all lengths in px.

    Args:
        figure: The image to draw on.
        position: Top left corner of the bar.
        width: Width of the bar.
        below: Distance from the top of the bar to the labels.
        letters: Font size of the labels.
        opacity: Opacity of the heat map, 0 to 1.
    """
    x, y = position
    figure.paste(Image.fromarray(colour_bar(width, BAR, opacity)), position)
    draw = ImageDraw.Draw(figure)
    draw.text((x, y + below), "0: no evidence", MUTED_COLOUR, font(letters))
    draw.text((x + width, y + below), "1: peak", MUTED_COLOUR, font(letters), anchor="ra")


def _resize_photo(photo: Image.Image) -> Image.Image:
    """Resize to the height of the chip, or to at most twice its width."""
    scale = min(SIDE / photo.height, 2 * SIDE / photo.width)
    return photo.resize(scaled_size(*photo.size, scale), Image.Resampling.LANCZOS)


def _title(explanation: Explanation) -> str:
    contrast = f" rather than {explanation.contrast}" if explanation.contrast else ""
    model = get_model_spec(explanation.model_name)
    return f"Evidence for {explanation.emotion}{contrast}: {model.title}"


def _method(explanation: Explanation) -> str:
    method = METHODS[explanation.method]
    layer = f"{method.title}, layer {explanation.depth} of 4"
    if explanation.flat:
        return f"{layer}. The map is flat: it shows no evidence."
    return f"{layer}. Peak: {explanation.peak:.2g} {method.unit}."
