"""One map as a picture to take away, drawn in memory: chip, overlay, photo, colour bar, caption."""

from PIL import Image, ImageDraw

from fer_core.explain import METHODS
from fer_core.reports.drawing import WARNING, Line, encode_image, wrap_text, draw_lines
from fer_core.reports.format import percent
from fer_core.reports.palette import TEXT_COLOUR, BORDER, MUTED_COLOUR, BACKGROUND
from fer_core.reports.saliency_figure import draw_colour_bar
from pages.sections.saliency import overlays, text
from pages.sections.saliency.face_source import SelectedFace
from pages.sections.saliency.maps import MapResult, heat_to_draw

SIDE, MARGIN, GAP = 480, 56, 32  # pixels
LIMITS = "It shows where evidence was found, not why, nor whether the answer is right."
BAR_HEIGHT = 76  # px that the bar and its words take


def draw(subject: SelectedFace, shown: MapResult, opacity: float) -> bytes:
    """PNG with neither the file's name nor any metadata."""
    assert shown.told is not None
    told, answer = shown.told, shown.answer
    heats = heat_to_draw(shown)
    pictures = [
        Image.fromarray(overlays.overlay_chip(subject.chip, None, 0, SIDE)),
        Image.fromarray(overlays.overlay_chip(subject.chip, heats, opacity, SIDE)),
    ]
    if subject.photo is not None:
        photo = Image.fromarray(overlays.overlay_photo(subject.photo, subject.index, heats, opacity))
        photo.thumbnail((2 * SIDE, SIDE), Image.Resampling.LANCZOS)
        pictures.append(photo)
    width = 2 * MARGIN + sum(each.width for each in pictures) + GAP * (len(pictures) - 1)
    said = f"{shown.title} says {answer.emotion}, {percent(answer.probabilities[answer.emotion])}."
    if not shown.its_answer:
        said += f" To {told.emotion} it gives {percent(answer.probabilities[told.emotion])}."
    how = text.FLAT if told.flat else text.peak_text(told)
    rows = [
        Line(row, size, ink, round(1.45 * size))
        for sentence, size, ink in (
            (f"Why {text.target_text(told.emotion, told.contrast)}?", 40, TEXT_COLOUR),
            (said, 26, TEXT_COLOUR),
            (f"{METHODS[told.method].title}: {how}.", 22, MUTED_COLOUR),
            (f"{LIMITS} {WARNING}", 18, MUTED_COLOUR),
        )
        for row in wrap_text(sentence, size, width - 2 * MARGIN)
    ]
    top = MARGIN + SIDE + GAP
    below = top + (0 if told.flat else BAR_HEIGHT)
    height = below + round(sum(row.line_height for row in rows)) + MARGIN
    page = Image.new("RGB", (width, height), BACKGROUND)
    pen = ImageDraw.Draw(page)
    x = MARGIN
    for each in pictures:
        page.paste(each, (x, MARGIN))
        pen.rectangle((x - 1, MARGIN - 1, x + each.width, MARGIN + each.height), outline=BORDER)
        x += each.width + GAP
    if not told.flat:
        draw_colour_bar(page, (MARGIN + SIDE + GAP, top), SIDE, below=26, letters=18, opacity=opacity)
    draw_lines(pen, (MARGIN, below), rows)
    return encode_image(page)
