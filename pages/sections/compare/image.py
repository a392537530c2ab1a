"""The comparison of one photo as a picture to take away, drawn in memory.

The font has no sign for "differs"; it is drawn.
"""

from collections.abc import Sequence

from PIL import Image, ImageDraw

from fer_core.emotions import COLOURS
from fer_core.pipeline import Answer
from fer_core.registry import MODELS
from fer_core.reports import drawing
from fer_core.reports.drawing import WARNING, Line, font, replace_no_break_spaces, wrap_text
from fer_core.reports.format import percent
from fer_core.reports.palette import TEXT_COLOUR, BORDER, MUTED_COLOUR, BACKGROUND
from pages.components.face_panel import UNANSWERED_COLOUR
from pages.sections.compare import text
from pages.sections.compare.tables import accuracy_text
from pages.sections.compare.text import ComparedFace

WIDTH, MARGIN, GAP = 1600, 56, 40  # pixels
MAX_PHOTO_SIZE = (880, 720)  # at most
ROW_HEIGHT, HEADER_HEIGHT, FIRST_COLUMN_WIDTH = 92, 150, 210  # height of a row and of the head, width of the first column
MAX_ROWS = 60  # rows; a picture with more would be too tall to open in places

Point = tuple[float, float]


def draw(faces: Sequence[ComparedFace], notes: Sequence[str]) -> bytes:
    """PNG of all `faces` of one photo: the photo with numbered boxes, every answer, `notes`.

    Holds neither the file's name nor any metadata.
    """
    photo = draw_boxes(faces)
    photo.thumbnail(MAX_PHOTO_SIZE, Image.Resampling.LANCZOS)
    shown = faces[:MAX_ROWS]
    notes = [*notes, WARNING]
    if any(_differ(face) for face in shown):
        notes.insert(0, "The boxed sign marks an answer that differs from the most common one.")
    if len(faces) > MAX_ROWS:
        notes.insert(0, f"The first {MAX_ROWS} of {len(faces)} faces.")
    # Words stand beside the photo, so the taller of the two decides where the table begins.
    beside = MARGIN + photo.width + GAP
    words = _words(faces, notes, WIDTH - MARGIN - beside)
    top = MARGIN + max(photo.height, round(sum(line.line_height for line in words))) + GAP
    sheet = Image.new("RGB", (WIDTH, top + HEADER_HEIGHT + ROW_HEIGHT * len(shown) + MARGIN), BACKGROUND)
    sheet.paste(photo, (MARGIN, MARGIN))
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((MARGIN - 1, MARGIN - 1, MARGIN + photo.width, MARGIN + photo.height), outline=BORDER)
    drawing.draw_lines(pen, (beside, MARGIN), words)
    _table(sheet, pen, shown, top)
    return drawing.encode_image(sheet)


def draw_boxes(faces: Sequence[ComparedFace], chosen: int | None = None) -> Image.Image:
    """The photo of these faces, each boxed in the colour of the most common answer; grey is split.

    `faces` are all faces of one photo in its order; a whole picture taken as the face has no box.
    """
    photo = faces[0].photo
    assert photo.width is not None
    told = [face.consensus for face in faces]
    colours = [UNANSWERED_COLOUR if c.is_split else COLOURS[c.leaders[0]] for c in told]
    boxes = [] if photo.uses_full_image else [face.box for face in photo.faces]
    nobody = len(boxes)
    return drawing.draw_boxes(
        photo.display_jpeg, photo.width, boxes, colours, nobody if chosen is None else chosen
    )


def _words(faces: Sequence[ComparedFace], notes: Sequence[str], width: float) -> list[Line]:
    """What stands beside the photo."""
    if len(faces) == 1:
        said = text.headline(faces[0].consensus, text.face_name(faces[0], 1))
    else:
        said = text.summary_headline(faces)
    lines = [Line(row, 46, TEXT_COLOUR, 58) for row in wrap_text("Do the models agree?", 46, width)]
    lines += [Line(row, 29, TEXT_COLOUR, 40) for row in wrap_text(said, 29, width)]
    for note in notes:
        lines.append(Line("", 20, MUTED_COLOUR, 16))
        lines += [Line(row, 20, MUTED_COLOUR, 29) for row in wrap_text(note, 20, width)]
    return lines


def _table(sheet: Image.Image, pen: ImageDraw.ImageDraw, faces: Sequence[ComparedFace], top: int) -> None:
    """A row a face, a column a variant."""
    names = list(faces[0].answers)
    step = min(300.0, (WIDTH - 2 * MARGIN - FIRST_COLUMN_WIDTH) / len(names))
    for column, name in enumerate(names):
        x = MARGIN + FIRST_COLUMN_WIDTH + column * step
        rows = wrap_text(MODELS[name].title, 20, step - 12)
        y = top + HEADER_HEIGHT - 40 - 25 * len(rows)
        drawing.draw_lines(pen, (x, y), [Line(row, 20, TEXT_COLOUR, 25) for row in rows])
        pen.text((x, top + HEADER_HEIGHT - 40), replace_no_break_spaces(f"right {accuracy_text(name)}"), font=font(16), fill=MUTED_COLOUR)
    for row, face in enumerate(faces):
        y = top + HEADER_HEIGHT + row * ROW_HEIGHT
        chip = Image.fromarray(face.photo.chips[face.index])
        sheet.paste(chip.resize((ROW_HEIGHT - 12, ROW_HEIGHT - 12), Image.Resampling.BICUBIC), (MARGIN, y))
        told = face.consensus
        pen.text((MARGIN + ROW_HEIGHT, y + 6), f"Face {face.index + 1}", font=font(22), fill=TEXT_COLOUR)
        agree = "split" if told.is_split else f"{told.top_count} of {told.total}"
        pen.text((MARGIN + ROW_HEIGHT, y + 36), agree, font=font(22), fill=TEXT_COLOUR)
        for column, answer in enumerate(face.answers.values()):
            x = MARGIN + FIRST_COLUMN_WIDTH + column * step
            _cell(pen, (x, y), step - 8, answer, answer in _differ(face))


def _cell(
    pen: ImageDraw.ImageDraw, spot: Point, width: float, answer: Answer, differs: bool
) -> None:
    """An answer: tinted, with a bar in its emotion's colour, and the sign where it differs."""
    x, y = spot
    colour = COLOURS[answer.emotion]
    tint = Image.blend(Image.new("RGB", (1, 1), BACKGROUND), Image.new("RGB", (1, 1), colour), 0.18)
    low = y + ROW_HEIGHT - 12
    pen.rounded_rectangle((x, y, x + width, low), radius=8, fill=tint.getpixel((0, 0)))
    pen.rectangle((x, y, x + 7, low), fill=colour)
    left = x + 18
    if differs:
        pen.rounded_rectangle((left, y + 11, left + 24, y + 35), radius=4, outline=TEXT_COLOUR, width=2)
        for stroke in ((6, 20, 18, 20), (6, 26, 18, 26), (8, 30, 16, 16)):
            x0, y0, x1, y1 = stroke
            pen.line((left + x0, y + y0, left + x1, y + y1), fill=TEXT_COLOUR, width=2)
        left += 32
    pen.text((left, y + 8), answer.emotion, font=font(23), fill=TEXT_COLOUR)
    share = replace_no_break_spaces(percent(max(answer.probabilities.values())))
    pen.text((x + 18, y + 42), share, font=font(27), fill=TEXT_COLOUR)


def _differ(face: ComparedFace) -> list[Answer]:
    """The answers that are not the most common one."""
    return [a for a in face.answers.values() if a.emotion not in face.consensus.leaders]
