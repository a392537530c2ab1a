"""One heat map as a PNG for download: chip, overlay, photo, colour bar and caption."""

from PIL import Image, ImageDraw

from fer_core.explain import METHODS
from fer_core.reports.drawing import WARNING, Line, draw_lines, encode_image, wrap_text
from fer_core.reports.format import percent
from fer_core.reports.palette import BACKGROUND, BORDER, MUTED_COLOUR, TEXT_COLOUR
from fer_core.reports.saliency_figure import draw_colour_bar
from pages.sections.saliency import overlays, text
from pages.sections.saliency.face_source import SelectedFace
from pages.sections.saliency.maps import MapResult, heat_to_draw

SIDE, MARGIN, GAP = 480, 56, 32  # pixels
BAR_HEIGHT = 76  # pixels, with its labels
LIMITS = "It shows where evidence was found, not why, nor whether the answer is right."


def draw(face: SelectedFace, result: MapResult, opacity: float) -> bytes:
    """Draw one map as a PNG, without the file's name or any metadata.

    Args:
        face: The face, with its photo if it comes from one.
        result: A result that has a map.
        opacity: Of the colours, 0 to 1.
    """
    assert result.explanation is not None
    explanation = result.explanation
    heat = heat_to_draw(result)
    images = [
        Image.fromarray(overlays.overlay_chip(face.chip, None, 0, SIDE)),
        Image.fromarray(overlays.overlay_chip(face.chip, heat, opacity, SIDE)),
    ]
    if face.photo is not None:
        photo = Image.fromarray(overlays.overlay_photo(face.photo, face.index, heat, opacity))
        photo.thumbnail((2 * SIDE, SIDE), Image.Resampling.LANCZOS)
        images.append(photo)
    width = 2 * MARGIN + sum(image.width for image in images) + GAP * (len(images) - 1)
    lines = [
        Line(line, size, ink, round(1.45 * size))
        for sentence, size, ink in _sentences(result)
        for line in wrap_text(sentence, size, width - 2 * MARGIN)
    ]
    top = MARGIN + SIDE + GAP
    text_top = top + (0 if explanation.flat else BAR_HEIGHT)
    height = text_top + round(sum(line.line_height for line in lines)) + MARGIN
    page = Image.new("RGB", (width, height), BACKGROUND)
    pen = ImageDraw.Draw(page)
    x = MARGIN
    for image in images:
        page.paste(image, (x, MARGIN))
        pen.rectangle((x - 1, MARGIN - 1, x + image.width, MARGIN + image.height), outline=BORDER)
        x += image.width + GAP
    if not explanation.flat:
        draw_colour_bar(
            page, (MARGIN + SIDE + GAP, top), SIDE, below=26, letters=18, opacity=opacity
        )
    draw_lines(pen, (MARGIN, text_top), lines)
    return encode_image(page)


def _sentences(result: MapResult) -> tuple[tuple[str, int, str], ...]:
    """The caption: sentences with their size in px and colour."""
    assert result.explanation is not None
    explanation, answer = result.explanation, result.answer
    target = text.target_text(explanation.emotion, explanation.contrast)
    prediction = (
        f"{result.title} says {answer.emotion}, {percent(answer.probabilities[answer.emotion])}."
    )
    if not result.is_own_answer:
        probability = percent(answer.probabilities[explanation.emotion])
        prediction += f" Its probability of {explanation.emotion} is {probability}."
    peak = text.FLAT if explanation.flat else text.peak_text(explanation)
    return (
        (f"Evidence for {target}", 40, TEXT_COLOUR),
        (prediction, 26, TEXT_COLOUR),
        (f"{METHODS[explanation.method].title}: {peak}.", 22, MUTED_COLOUR),
        (f"{LIMITS} {WARNING}", 18, MUTED_COLOUR),
    )
