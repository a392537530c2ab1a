"""CSV export: any table, and the answers about photos; safe file names.

The app and the command line share these functions.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fer_core.emotions import EMOTIONS
from fer_core.pipeline import PhotoAnswers

if TYPE_CHECKING:
    from pandas import DataFrame

ANSWER_COLUMNS = ("file", "face", "variant", "emotion", *EMOTIONS, "ms", "x", "y", "w", "h", "note")
FULL_IMAGE_NOTE = "no face found, the whole picture was used"
NO_FACE_NOTE = "no face found"
FORMULA_PREFIXES = frozenset("=+-@\t\r＝＋－＠")  # some spreadsheets accept full-width signs


def printable(name: str) -> str:
    """Make a file name safe to print.

    Non-printable characters, lone surrogates included, become U+FFFD.
    """
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)


def escape_formula(text: str) -> str:
    """Prefix a text that starts like a spreadsheet formula (= + - @) with an apostrophe."""
    return "'" + text if text[:1] in FORMULA_PREFIXES else text


def to_csv(
    rows: "DataFrame | Iterable[Mapping[str, Any]]", columns: Sequence[str] | None = None
) -> str:
    """Write a table as CSV; None, NaN and missing values become empty cells.

    Args:
        rows: A data frame, or one mapping per row.
        columns: Column names in order; default: the keys of the first row.

    Returns:
        The text of the file, with a header line.
    """
    import pandas as pd  # takes half a second, and most commands write no table

    if not isinstance(rows, pd.DataFrame):
        header = None if columns is None else list(columns)
        rows = pd.DataFrame(list(rows), columns=header, dtype=object)  # keeps integers integers
    return rows.to_csv(index=False, lineterminator="\n")


def answers_to_csv(photos: Iterable[PhotoAnswers]) -> str:
    """Write one CSV row per face and model; a photo without answers gets a row with the reason."""
    return to_csv(_rows(photos), ANSWER_COLUMNS)


def _rows(photos: Iterable[PhotoAnswers]) -> Iterator[dict[str, Any]]:
    for photo in photos:
        row: dict[str, Any] = {"file": escape_formula(printable(photo.name))}
        if not photo.faces:
            yield row | {"note": photo.error or NO_FACE_NOTE}
        for number, face in enumerate(photo.faces, 1):
            row |= {"face": number, "note": FULL_IMAGE_NOTE if face.face.score is None else ""}
            row |= dict(zip("xywh", face.face.box, strict=True))
            for model_name, answer in face.answers.items():
                result = {"emotion": answer.emotion, "ms": f"{answer.milliseconds:.3f}"}
                probabilities = {name: f"{p:.6f}" for name, p in answer.probabilities.items()}
                yield row | {"variant": model_name} | result | probabilities
