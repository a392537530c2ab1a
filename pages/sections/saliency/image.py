"""One map as a picture to take away, drawn in memory: chip, overlay, photo, colour bar, caption.

Every text stays within the letters of Pillow's own font, so that it looks the same on any machine.
"""

import io

from PIL import Image, ImageDraw, ImageFont

from fer_core.explain import METHODS, render
from fer_core.reports.drawing import INK, LINE, PALE, PAPER, WARNING
from fer_core.reports.format import percent
from pages.sections.saliency import overlays
from pages.sections.saliency import text as words
from pages.sections.saliency.face_source import Subject
from pages.sections.saliency.maps import Shown, heat

SIDE, EDGE, GAP = 480, 56, 32  # pixels
CANNOT = "It shows where evidence was found, not why, nor whether the answer is right."
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


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
    how = words.FLAT if told.flat else words.strength(told)
    lines = [
        (f"Why {words.asked(told.emotion, told.against)}?", 40, INK),
        (said, 26, INK),
        (f"{METHODS[told.method].title}: {how}.", 22, PALE),
        (f"{CANNOT} {WARNING}", 18, PALE),
    ]
    rows = [(row, size, ink) for text, size, ink in lines for row in _wrapped(text, size, width)]
    top = EDGE + SIDE + GAP
    height = top + (0 if told.flat else 76) + sum(round(1.45 * size) for _, size, _ in rows) + EDGE
    page = Image.new("RGB", (width, height), PAPER)
    pen = ImageDraw.Draw(page)
    x = EDGE
    for each in pictures:
        page.paste(each, (x, EDGE))
        pen.rectangle((x - 1, EDGE - 1, x + each.width, EDGE + each.height), outline=LINE)
        x += each.width + GAP
    if not told.flat:
        left = EDGE + SIDE + GAP
        page.paste(Image.fromarray(render.colour_bar(SIDE, 18, opacity)), (left, top))
        pen.text((left, top + 26), "0: no evidence", font=_font(18), fill=PALE)
        pen.text(
            (left + SIDE, top + 26), "1: strongest place", font=_font(18), fill=PALE, anchor="ra"
        )
        top += 76
    for row, size, ink in rows:
        pen.text((EDGE, top), row, font=_font(size), fill=ink)
        top += round(1.45 * size)
    file = io.BytesIO()
    page.save(file, "PNG")
    return file.getvalue()


def _wrapped(text: str, size: int, width: int) -> list[str]:
    """Lines no wider than the page leaves room for, broken at blanks."""
    font, lines = _font(size), [""]
    for word in text.replace("\u00a0", " ").split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width - 2 * EDGE:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _font(size: int) -> Font:
    return ImageFont.load_default(size=size)
