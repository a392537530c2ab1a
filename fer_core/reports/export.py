"""CSV export: any table, and the answers about photos; safe file names.

The app and the command line share these functions.
"""

import itertools
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fer_core.emotions import EMOTIONS

if TYPE_CHECKING:  # the command line imports this module for every command
    from pandas import DataFrame

    from fer_core.pipeline import PhotoAnswers

ANSWER_COLUMNS = ("file", "face", "variant", "emotion", *EMOTIONS, "ms", "x", "y", "w", "h", "note")
FULL_IMAGE_NOTE = "no face found, the whole picture was used"
NO_FACE_NOTE = "no face found"
CSV_ENCODING = "utf-8-sig"  # without a byte-order mark, Excel misreads letters such as ë
FORMULA_PREFIXES = frozenset("=+-@\t\r＝＋－＠")  # some spreadsheets accept full-width signs


def printable(name: str) -> str:
    """Make a file name safe to print.

    Non-printable characters, lone surrogates included, become U+FFFD.
    """
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)


def unique_name(name: str, taken: Container[str]) -> str:
    """Number a name that is taken: "a.jpg (2)" for the second "a.jpg"."""
    numbered = (f"{name} ({number})" for number in itertools.count(2))
    return next(n for n in itertools.chain([name], numbered) if n not in taken)


def escape_formula(text: str) -> str:
    """Prefix a text that starts like a spreadsheet formula (= + - @) with an apostrophe."""
    return "'" + text if text[:1] in FORMULA_PREFIXES else text


def to_csv(
    rows: "DataFrame | Iterable[Mapping[str, Any]]",
    columns: Sequence[str] | None = None,
    header: bool = True,
) -> str:
    """Write a table as CSV; None, NaN and missing values become empty cells.

    Args:
        rows: A data frame, or one mapping per row.
        columns: Column names in order; default: the keys of the first row.
        header: Start with a line of the column names.

    Returns:
        The text of the file, to be stored in `CSV_ENCODING`.
    """
    import pandas as pd  # takes half a second, and most commands write no table

    if not isinstance(rows, pd.DataFrame):
        names = None if columns is None else list(columns)
        rows = pd.DataFrame(list(rows), columns=names, dtype=object)  # keeps integers integers
    return rows.to_csv(index=False, lineterminator="\n", header=header)


def answers_to_csv(photos: "Iterable[PhotoAnswers]", header: bool = True) -> str:
    """Write one CSV row per face and model; a photo without answers gets a row with the reason."""
    return to_csv(_rows(photos), ANSWER_COLUMNS, header)


def more_faces_note(number: int) -> str:
    """Say that a photo has more faces than the `number` that were classified."""
    return f"only the {number} surest faces; there are more"


def photo_notes(photo: "PhotoAnswers") -> list[str]:
    """Say what of a photo was left out: further faces, further frames or pages."""
    notes = [more_faces_note(len(photo.faces))] if photo.more_faces else []
    if photo.picture_count > 1:
        notes.append(f"first of {photo.picture_count} pictures")
    return notes


def _rows(photos: "Iterable[PhotoAnswers]") -> Iterator[dict[str, Any]]:
    for photo in photos:
        row: dict[str, Any] = {"file": escape_formula(printable(photo.name))}
        notes = photo_notes(photo)
        if not photo.faces:
            yield row | {"note": "; ".join([photo.error or NO_FACE_NOTE, *notes])}
        for number, face in enumerate(photo.faces, 1):
            whole = [FULL_IMAGE_NOTE] if face.face.score is None else []
            row |= {"face": number, "note": "; ".join([*whole, *notes])}
            row |= dict(zip("xywh", face.face.box, strict=True))
            for model_name, answer in face.answers.items():
                result = {"emotion": answer.emotion, "ms": f"{answer.milliseconds:.3f}"}
                probabilities = {name: f"{p:.6f}" for name, p in answer.probabilities.items()}
                yield row | {"variant": model_name} | result | probabilities
