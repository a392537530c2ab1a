"""All faces with every model's answer as one picture, or as A4 pages: a contact sheet.

It shows chips, what the models see; names of files are left out.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from PIL import Image, ImageDraw

import fer_core
from fer_core.answers import Answer
from fer_core.emotions import COLOURS
from fer_core.evaluation.agreement import Consensus, consensus
from fer_core.registry import MODELS
from fer_core.reports import drawing
from fer_core.reports.drawing import WARNING, Line, font, replace_missing_glyphs, wrap_text
from fer_core.reports.format import percent
from fer_core.reports.palette import BACKGROUND, BORDER, MUTED_COLOUR, TEXT_COLOUR

WIDTH, A4_HEIGHT, MARGIN, GAP = 1600, 2263, 56, 16  # px
CHIP, STRIP, LINE, LABEL = 112, 6, 22, 26  # px: sides of chip and strip, heights of lines of text
MAX_PNG_FACES, MAX_PDF_FACES = 100, 480
DPI = WIDTH / 8.27  # A4 is 8.27 inches wide
TIE_COLOUR = "#8A8A8A"


@dataclass(frozen=True)
class SheetFace:
    """One face of the sheet.

    Attributes:
        chip: (48, 48) uint8 grey.
        label: What it is called on the sheet, such as 'Photo 3, face 1'.
        answers: At least one answer, by model name; the same models for all faces.
    """

    chip: np.ndarray
    label: str
    answers: Mapping[str, Answer]

    @property
    def consensus(self) -> Consensus:
        """How far the models agree."""
        return consensus([answer.emotion for answer in self.answers.values()])


def png(faces: Sequence[SheetFace], title: str) -> bytes:
    """The first `MAX_PNG_FACES` faces on one page of any height, without metadata.

    Args:
        faces: At least one face, in the order of the sheet.
        title: The heading; models, date and warning are added.
    """
    [page] = _draw(faces, title, MAX_PNG_FACES, None)
    return drawing.encode_image(page)


def pdf(faces: Sequence[SheetFace], title: str) -> bytes:
    """The first `MAX_PDF_FACES` faces on A4 pages; arguments as for `png`."""
    first, *others = _draw(faces, title, MAX_PDF_FACES, A4_HEIGHT)
    file = io.BytesIO()
    first.save(
        file, "PDF", save_all=True, append_images=others, resolution=DPI, title=title, quality=90
    )
    return file.getvalue()


def _draw(
    faces: Sequence[SheetFace], title: str, max_faces: int, page_height: int | None
) -> list[Image.Image]:
    """Pages of that height, or one that is as tall as needed."""
    drawn = faces[:max_faces]
    columns, tile_height = _grid(len(faces[0].answers))
    heading = _heading(faces, title, len(drawn))
    top = MARGIN + round(sum(line.line_height for line in heading)) + GAP
    rows = -(-len(drawn) // columns)
    if page_height is not None:
        rows = max(1, (page_height - top - MARGIN - 2 * LINE) // tile_height)
    size = rows * columns
    batches = [drawn[i : i + size] for i in range(0, len(drawn), size)]
    height = page_height or top + rows * tile_height + 2 * LINE + MARGIN
    pages = []
    for number, batch in enumerate(batches, 1):
        page = Image.new("RGB", (WIDTH, height), BACKGROUND)
        pen = ImageDraw.Draw(page)
        drawing.draw_lines(pen, (MARGIN, MARGIN), heading)
        step = (WIDTH - 2 * MARGIN + GAP) / columns
        for i, face in enumerate(batch):
            row, column = divmod(i, columns)
            corner = (round(MARGIN + column * step), top + row * tile_height)
            _draw_tile(page, pen, corner, round(step) - GAP, face)
        foot = WARNING if len(batches) == 1 else f"{WARNING} Page {number} of {len(batches)}."
        pen.text((MARGIN, height - MARGIN), foot, MUTED_COLOUR, font(18), anchor="ls")
        pages.append(page)
    return pages


def _grid(models: int) -> tuple[int, int]:
    """Number of columns, and height of a tile with the gap below it in px."""
    if models == 1:  # the answer is below the chip
        return 8, CHIP + LABEL + LINE + 2 * GAP
    return 4, max(CHIP + LABEL, models * LINE) + 2 * GAP


def _heading(faces: Sequence[SheetFace], title: str, drawn: int) -> list[Line]:
    names = list(faces[0].answers)
    titles = ", ".join(MODELS[name].title for name in names)
    count = f"{drawn} of {len(faces)} faces" if drawn < len(faces) else f"{len(faces)} faces"
    count = "1 face" if len(faces) == 1 else count
    facts = [
        f"{count}. {'Model' if len(names) == 1 else 'Models'}: {titles}. "
        f"FER Explorer {fer_core.__version__}, {date.today():%Y-%m-%d}.",
    ]
    if len(names) > 1:
        facts.append(
            "Bar at the side: the most common answer, grey for a tie. Dark answers differ from it."
        )
    width = WIDTH - 2 * MARGIN
    lines = [Line(row, 40, TEXT_COLOUR, 54) for row in wrap_text(title, 40, width)]
    for fact in facts:
        lines += [Line(row, 19, MUTED_COLOUR, 27) for row in wrap_text(fact, 19, width)]
    return lines


def _draw_tile(
    page: Image.Image,
    pen: ImageDraw.ImageDraw,
    corner: tuple[int, int],
    width: int,
    face: SheetFace,
) -> None:
    """A strip in the colour of the most common answer, the chip, its label and the answers."""
    x, y = corner
    agreed = face.consensus
    colour = TIE_COLOUR if agreed.is_split else COLOURS[agreed.leaders[0]]
    pen.rectangle((x, y, x + STRIP - 1, y + CHIP - 1), fill=colour)
    left = x + STRIP
    chip = Image.fromarray(face.chip).resize((CHIP, CHIP), Image.Resampling.BICUBIC)
    page.paste(chip, (left, y))
    pen.text((x, y + CHIP + 4), face.label, MUTED_COLOUR, font(15))
    if len(face.answers) == 1:
        [answer] = face.answers.values()
        text = f"{answer.emotion} {_probability(answer)}"
        pen.text((x, y + CHIP + LABEL - 2), text, TEXT_COLOUR, font(18))
        return
    left += CHIP + 10
    right = x + width
    pen.line((left, y, right, y), fill=BORDER)
    for i, (name, answer) in enumerate(face.answers.items()):
        top = y + i * LINE + 3
        ink = MUTED_COLOUR if answer.emotion in agreed.leaders else TEXT_COLOUR
        pen.text((left, top), MODELS[name].short_title, MUTED_COLOUR, font(14))
        pen.rectangle((left + 112, top + 3, left + 120, top + 11), fill=COLOURS[answer.emotion])
        pen.text((left + 126, top), answer.emotion, ink, font(14))
        pen.text((right, top), _probability(answer), ink, font(14), anchor="ra")


def _probability(answer: Answer) -> str:
    return replace_missing_glyphs(percent(answer.probabilities[answer.emotion]))
