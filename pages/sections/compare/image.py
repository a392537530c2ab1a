"""The comparison of one photo as a PNG for download, drawn in memory.

The font has no "≠" sign, so it is drawn.
"""

from collections.abc import Sequence

from PIL import Image, ImageDraw

from fer_core.answers import Answer
from fer_core.emotions import COLOURS
from fer_core.registry import MODELS
from fer_core.reports import drawing, face_boxes
from fer_core.reports.contact_sheet import SheetFace
from fer_core.reports.drawing import WARNING, Line, font, replace_missing_glyphs, wrap_text
from fer_core.reports.format import percent
from fer_core.reports.palette import BACKGROUND, BORDER, MUTED_COLOUR, TEXT_COLOUR
from pages.components.face_panel import UNANSWERED_COLOUR
from pages.sections.compare import text
from pages.sections.compare.tables import accuracy_text
from pages.sections.compare.text import ComparedFace
from pages.session import selection

WIDTH, MARGIN, GAP = 1600, 56, 40  # pixels
MAX_PHOTO_SIZE = (880, 720)  # pixels
ROW_HEIGHT, HEADER_HEIGHT, FIRST_COLUMN_WIDTH = 92, 150, 210  # pixels
MAX_ROWS = 60  # some programs cannot open a taller image

Point = tuple[float, float]


def draw(faces: Sequence[ComparedFace], notes: Sequence[str]) -> bytes:
    """Draw one photo with numbered boxes, `notes` and a table of every answer for its faces.

    Args:
        faces: All faces of one photo, in its order.
        notes: Sentences beside the photo; the warning is added.

    Returns:
        The PNG, without the file's name or any metadata.
    """
    photo = draw_boxes(faces)
    photo.thumbnail(MAX_PHOTO_SIZE, Image.Resampling.LANCZOS)
    rows = faces[:MAX_ROWS]
    notes = [*notes, WARNING]
    if any(_dissenting(face) for face in rows):
        notes.insert(0, "The boxed sign marks an answer that differs from the most common one.")
    if len(faces) > MAX_ROWS:
        notes.insert(0, f"Only the first {MAX_ROWS} of {len(faces)} faces are shown.")
    # The text is beside the photo; the table starts below the taller of the two.
    left = MARGIN + photo.width + GAP
    lines = _text_lines(faces, notes, WIDTH - MARGIN - left)
    top = MARGIN + max(photo.height, round(sum(line.line_height for line in lines))) + GAP
    height = top + HEADER_HEIGHT + ROW_HEIGHT * len(rows) + MARGIN
    page = Image.new("RGB", (WIDTH, height), BACKGROUND)
    page.paste(photo, (MARGIN, MARGIN))
    pen = ImageDraw.Draw(page)
    frame = (MARGIN - 1, MARGIN - 1, MARGIN + photo.width, MARGIN + photo.height)
    pen.rectangle(frame, outline=BORDER)
    drawing.draw_lines(pen, (left, MARGIN), lines)
    _draw_table(page, pen, rows, top)
    return drawing.encode_image(page)


def draw_boxes(faces: Sequence[ComparedFace], selected: int | None = None) -> Image.Image:
    """Draw the photo with a box per face, coloured by the most common answer or grey for a tie.

    Args:
        faces: All faces of one photo, in its order. A whole photo taken as the face has no box.
        selected: Index of the face with the thicker box, if any.

    Returns:
        The photo; if it was not kept, the selected or the first face.
    """
    photo = faces[0].photo
    if not photo.has_picture:
        return drawing.enlarge_chip(photo.chips[selected or 0]).convert("RGB")
    assert photo.width is not None
    colours = [
        UNANSWERED_COLOUR if face.consensus.is_split else COLOURS[face.consensus.leaders[0]]
        for face in faces
    ]
    boxes = [] if photo.uses_full_image else [face.box for face in photo.faces]
    none = len(boxes)
    return face_boxes.draw_boxes(
        photo.display_jpeg, photo.width, boxes, colours, none if selected is None else selected
    )


def sheet_faces(faces: Sequence[ComparedFace]) -> list[SheetFace]:
    """The faces for a contact sheet, most disagreement first."""
    numbers = {key: number for number, key in enumerate(selection.photo_keys(), 1)}
    return [
        SheetFace(
            face.photo.chips[face.index],
            selection.face_name(numbers[face.photo_key], face.index),
            face.answers,
        )
        for face in text.sort_by_disagreement(faces)
    ]


def _text_lines(faces: Sequence[ComparedFace], notes: Sequence[str], width: float) -> list[Line]:
    """The text beside the photo."""
    if len(faces) == 1:
        headline = text.headline(faces[0].consensus, text.face_name(faces[0], 1))
    else:
        headline = text.summary_headline(faces)
    lines = [Line(row, 46, TEXT_COLOUR, 58) for row in wrap_text("Do the models agree?", 46, width)]
    lines += [Line(row, 29, TEXT_COLOUR, 40) for row in wrap_text(headline, 29, width)]
    for note in notes:
        lines.append(Line("", 20, MUTED_COLOUR, 16))
        lines += [Line(row, 20, MUTED_COLOUR, 29) for row in wrap_text(note, 20, width)]
    return lines


def _draw_table(
    page: Image.Image, pen: ImageDraw.ImageDraw, faces: Sequence[ComparedFace], top: int
) -> None:
    """Draw one row per face and one column per model."""
    names = list(faces[0].answers)
    step = min(300.0, (WIDTH - 2 * MARGIN - FIRST_COLUMN_WIDTH) / len(names))
    for column, name in enumerate(names):
        x = MARGIN + FIRST_COLUMN_WIDTH + column * step
        rows = wrap_text(MODELS[name].title, 20, step - 12)
        y = top + HEADER_HEIGHT - 40 - 25 * len(rows)
        drawing.draw_lines(pen, (x, y), [Line(row, 20, TEXT_COLOUR, 25) for row in rows])
        accuracy = replace_missing_glyphs(accuracy_text(name))
        pen.text((x, top + HEADER_HEIGHT - 40), accuracy, font=font(16), fill=MUTED_COLOUR)
    for row, face in enumerate(faces):
        y = top + HEADER_HEIGHT + row * ROW_HEIGHT
        chip = Image.fromarray(face.photo.chips[face.index])
        side = ROW_HEIGHT - 12
        page.paste(chip.resize((side, side), Image.Resampling.BICUBIC), (MARGIN, y))
        consensus = face.consensus
        pen.text(
            (MARGIN + ROW_HEIGHT, y + 6), f"Face {face.index + 1}", font=font(22), fill=TEXT_COLOUR
        )
        agreement = "split" if consensus.is_split else f"{consensus.top_count} of {consensus.total}"
        pen.text((MARGIN + ROW_HEIGHT, y + 36), agreement, font=font(22), fill=TEXT_COLOUR)
        dissenting = _dissenting(face)
        for column, answer in enumerate(face.answers.values()):
            x = MARGIN + FIRST_COLUMN_WIDTH + column * step
            _draw_cell(pen, (x, y), step - 8, answer, answer in dissenting)


def _draw_cell(
    pen: ImageDraw.ImageDraw, top_left: Point, width: float, answer: Answer, differs: bool
) -> None:
    """Draw an answer: tinted, a bar in its emotion's colour, and the "≠" sign if it differs."""
    x, y = top_left
    colour = COLOURS[answer.emotion]
    tint = Image.blend(Image.new("RGB", (1, 1), BACKGROUND), Image.new("RGB", (1, 1), colour), 0.18)
    bottom = y + ROW_HEIGHT - 12
    pen.rounded_rectangle((x, y, x + width, bottom), radius=8, fill=tint.getpixel((0, 0)))
    pen.rectangle((x, y, x + 7, bottom), fill=colour)
    left = x + 18
    if differs:
        pen.rounded_rectangle(
            (left, y + 11, left + 24, y + 35), radius=4, outline=TEXT_COLOUR, width=2
        )
        for stroke in ((6, 20, 18, 20), (6, 26, 18, 26), (8, 30, 16, 16)):
            x0, y0, x1, y1 = stroke
            pen.line((left + x0, y + y0, left + x1, y + y1), fill=TEXT_COLOUR, width=2)
        left += 32
    pen.text((left, y + 8), answer.emotion, font=font(23), fill=TEXT_COLOUR)
    probability = replace_missing_glyphs(percent(max(answer.probabilities.values())))
    pen.text((x + 18, y + 42), probability, font=font(27), fill=TEXT_COLOUR)


def _dissenting(face: ComparedFace) -> list[Answer]:
    """The answers that differ from the most common one."""
    leaders = face.consensus.leaders
    return [answer for answer in face.answers.values() if answer.emotion not in leaders]
