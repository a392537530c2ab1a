"""The comparison of one photo as a picture to take away, drawn in memory.

The font has no sign for "differs"; it is drawn.
"""

from collections.abc import Sequence

from PIL import Image, ImageDraw

from fer_core.emotions import COLOURS
from fer_core.pipeline import Answer
from fer_core.registry import MODELS
from fer_core.reports import drawing
from fer_core.reports.drawing import WARNING, Line, font, lettered, wrapped
from fer_core.reports.format import percent
from fer_core.reports.palette import INK, LINE, PALE, PAPER
from pages.components.face_panel import UNASKED
from pages.sections.compare import text
from pages.sections.compare.tables import right
from pages.sections.compare.text import Seen

WIDTH, EDGE, GAP = 1600, 56, 40  # pixels
PHOTO = (880, 720)  # at most
ROW, HEAD, FIRST = 92, 150, 210  # height of a row and of the head, width of the first column
MOST = 60  # rows; a picture with more would be too tall to open in places

Spot = tuple[float, float]


def draw(faces: Sequence[Seen], notes: Sequence[str]) -> bytes:
    """PNG of all `faces` of one photo: the photo with numbered boxes, every answer, `notes`.

    Holds neither the file's name nor any metadata.
    """
    photo = boxed(faces)
    photo.thumbnail(PHOTO, Image.Resampling.LANCZOS)
    shown = faces[:MOST]
    notes = [*notes, WARNING]
    if any(_differ(face) for face in shown):
        notes.insert(0, "The boxed sign marks an answer that differs from the most common one.")
    if len(faces) > MOST:
        notes.insert(0, f"The first {MOST} of {len(faces)} faces.")
    # Words stand beside the photo, so the taller of the two decides where the table begins.
    beside = EDGE + photo.width + GAP
    words = _words(faces, notes, WIDTH - EDGE - beside)
    top = EDGE + max(photo.height, round(sum(line.step for line in words))) + GAP
    sheet = Image.new("RGB", (WIDTH, top + HEAD + ROW * len(shown) + EDGE), PAPER)
    sheet.paste(photo, (EDGE, EDGE))
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((EDGE - 1, EDGE - 1, EDGE + photo.width, EDGE + photo.height), outline=LINE)
    drawing.write(pen, (beside, EDGE), words)
    _table(sheet, pen, shown, top)
    return drawing.encoded(sheet)


def boxed(faces: Sequence[Seen], chosen: int | None = None) -> Image.Image:
    """The photo of these faces, each boxed in the colour of the most common answer; grey is split.

    `faces` are all faces of one photo in its order; a whole picture taken as the face has no box.
    """
    photo = faces[0].photo
    assert photo.width is not None
    told = [face.consensus for face in faces]
    colours = [UNASKED if c.split else COLOURS[c.leaders[0]] for c in told]
    boxes = [] if photo.whole else [face.box for face in photo.faces]
    nobody = len(boxes)
    return drawing.with_boxes(
        photo.picture, photo.width, boxes, colours, nobody if chosen is None else chosen
    )


def _words(faces: Sequence[Seen], notes: Sequence[str], width: float) -> list[Line]:
    """What stands beside the photo."""
    if len(faces) == 1:
        said = text.headline(faces[0].consensus, text.face_name(faces[0], 1))
    else:
        said = text.overview(faces)
    lines = [Line(row, 46, INK, 58) for row in wrapped("Do the models agree?", 46, width)]
    lines += [Line(row, 29, INK, 40) for row in wrapped(said, 29, width)]
    for note in notes:
        lines.append(Line("", 20, PALE, 16))
        lines += [Line(row, 20, PALE, 29) for row in wrapped(note, 20, width)]
    return lines


def _table(sheet: Image.Image, pen: ImageDraw.ImageDraw, faces: Sequence[Seen], top: int) -> None:
    """A row a face, a column a variant."""
    names = list(faces[0].answers)
    step = min(300.0, (WIDTH - 2 * EDGE - FIRST) / len(names))
    for column, name in enumerate(names):
        x = EDGE + FIRST + column * step
        rows = wrapped(MODELS[name].title, 20, step - 12)
        y = top + HEAD - 40 - 25 * len(rows)
        drawing.write(pen, (x, y), [Line(row, 20, INK, 25) for row in rows])
        pen.text((x, top + HEAD - 40), lettered(f"right {right(name)}"), font=font(16), fill=PALE)
    for row, face in enumerate(faces):
        y = top + HEAD + row * ROW
        chip = Image.fromarray(face.photo.chips[face.index])
        sheet.paste(chip.resize((ROW - 12, ROW - 12), Image.Resampling.BICUBIC), (EDGE, y))
        told = face.consensus
        pen.text((EDGE + ROW, y + 6), f"Face {face.index + 1}", font=font(22), fill=INK)
        agree = "split" if told.split else f"{told.most} of {told.total}"
        pen.text((EDGE + ROW, y + 36), agree, font=font(22), fill=INK)
        for column, answer in enumerate(face.answers.values()):
            x = EDGE + FIRST + column * step
            _cell(pen, (x, y), step - 8, answer, answer in _differ(face))


def _cell(
    pen: ImageDraw.ImageDraw, spot: Spot, width: float, answer: Answer, differs: bool
) -> None:
    """An answer: tinted, with a bar in its emotion's colour, and the sign where it differs."""
    x, y = spot
    colour = COLOURS[answer.emotion]
    tint = Image.blend(Image.new("RGB", (1, 1), PAPER), Image.new("RGB", (1, 1), colour), 0.18)
    low = y + ROW - 12
    pen.rounded_rectangle((x, y, x + width, low), radius=8, fill=tint.getpixel((0, 0)))
    pen.rectangle((x, y, x + 7, low), fill=colour)
    left = x + 18
    if differs:
        pen.rounded_rectangle((left, y + 11, left + 24, y + 35), radius=4, outline=INK, width=2)
        for stroke in ((6, 20, 18, 20), (6, 26, 18, 26), (8, 30, 16, 16)):
            x0, y0, x1, y1 = stroke
            pen.line((left + x0, y + y0, left + x1, y + y1), fill=INK, width=2)
        left += 32
    pen.text((left, y + 8), answer.emotion, font=font(23), fill=INK)
    share = lettered(percent(max(answer.probabilities.values())))
    pen.text((x + 18, y + 42), share, font=font(27), fill=INK)


def _differ(face: Seen) -> list[Answer]:
    """The answers that are not the most common one."""
    return [a for a in face.answers.values() if a.emotion not in face.consensus.leaders]
