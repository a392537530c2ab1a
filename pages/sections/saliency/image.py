"""One map as a picture to take away, drawn in memory: chip, overlay, photo, colour bar, caption."""

from PIL import Image, ImageDraw

from fer_core.explain import METHODS
from fer_core.reports.drawing import WARNING, Line, encoded, wrapped, write
from fer_core.reports.format import percent
from fer_core.reports.palette import INK, LINE, PALE, PAPER
from fer_core.reports.saliency_figure import bar
from pages.sections.saliency import overlays, text
from pages.sections.saliency.face_source import Subject
from pages.sections.saliency.maps import Shown, heat

SIDE, EDGE, GAP = 480, 56, 32  # pixels
CANNOT = "It shows where evidence was found, not why, nor whether the answer is right."
BAR = 76  # px that the bar and its words take


def draw(subject: Subject, shown: Shown, opacity: float) -> bytes:
    """PNG with neither the file's name nor any metadata."""
    assert shown.told is not None
    told, answer = shown.told, shown.answer
    heats = heat(shown)
    pictures = [
        Image.fromarray(overlays.chip(subject.chip, None, 0, SIDE)),
        Image.fromarray(overlays.chip(subject.chip, heats, opacity, SIDE)),
    ]
    if subject.photo is not None:
        photo = Image.fromarray(overlays.photo(subject.photo, subject.index, heats, opacity))
        photo.thumbnail((2 * SIDE, SIDE), Image.Resampling.LANCZOS)
        pictures.append(photo)
    width = 2 * EDGE + sum(each.width for each in pictures) + GAP * (len(pictures) - 1)
    said = f"{shown.title} says {answer.emotion}, {percent(answer.probabilities[answer.emotion])}."
    if not shown.its_answer:
        said += f" To {told.emotion} it gives {percent(answer.probabilities[told.emotion])}."
    how = text.FLAT if told.flat else text.strength(told)
    rows = [
        Line(row, size, ink, round(1.45 * size))
        for sentence, size, ink in (
            (f"Why {text.asked(told.emotion, told.against)}?", 40, INK),
            (said, 26, INK),
            (f"{METHODS[told.method].title}: {how}.", 22, PALE),
            (f"{CANNOT} {WARNING}", 18, PALE),
        )
        for row in wrapped(sentence, size, width - 2 * EDGE)
    ]
    top = EDGE + SIDE + GAP
    below = top + (0 if told.flat else BAR)
    height = below + round(sum(row.step for row in rows)) + EDGE
    page = Image.new("RGB", (width, height), PAPER)
    pen = ImageDraw.Draw(page)
    x = EDGE
    for each in pictures:
        page.paste(each, (x, EDGE))
        pen.rectangle((x - 1, EDGE - 1, x + each.width, EDGE + each.height), outline=LINE)
        x += each.width + GAP
    if not told.flat:
        bar(page, (EDGE + SIDE + GAP, top), SIDE, below=26, letters=18, opacity=opacity)
    write(pen, (EDGE, below), rows)
    return encoded(page)
