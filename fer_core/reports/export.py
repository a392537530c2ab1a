"""Tables as CSV, all by one writer; the answers about photos, the same from the app and the command
line; and names that do no harm in a terminal or a spreadsheet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fer_core.emotions import EMOTIONS
from fer_core.pipeline import PhotoAnswers

if TYPE_CHECKING:
    from pandas import DataFrame

ANSWER_COLUMNS = ("file", "face", "variant", "emotion", *EMOTIONS, "ms", "x", "y", "w", "h", "note")
FULL_IMAGE_NOTE = "no face found, the whole picture was used"
NO_FACE_NOTE = "no face found"
FORMULA_PREFIXES = frozenset("=+-@\t\r＝＋－＠")  # full-width ones count in some spreadsheets


def printable(name: str) -> str:
    """A file name for a terminal or a text file: whatever is no visible character, or was no text
    to begin with (Python's lone surrogates), becomes U+FFFD."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)


def escape_formula(text: str) -> str:
    """A text that no spreadsheet takes for a formula: a leading = + - @ gets an apostrophe."""
    return "'" + text if text[:1] in FORMULA_PREFIXES else text


def to_csv(
    rows: "DataFrame | Iterable[Mapping[str, Any]]", columns: Sequence[str] | None = None
) -> str:
    """A line a row below the names of the columns, those of the first row unless named; what a row
    lacks, None and NaN are empty."""
    import pandas as pd  # half a second, and most commands write no table

    if not isinstance(rows, pd.DataFrame):
        names = None if columns is None else list(columns)
        rows = pd.DataFrame(list(rows), columns=names, dtype=object)  # a whole number stays one
    return rows.to_csv(index=False, lineterminator="\n")


def answers_to_csv(photos: Iterable[PhotoAnswers]) -> str:
    """A line a face and variant; a photo without an answer gets a line that says why."""
    return to_csv(_rows(photos), ANSWER_COLUMNS)


def _rows(photos: Iterable[PhotoAnswers]) -> Iterator[dict[str, Any]]:
    for photo in photos:
        row: dict[str, Any] = {"file": escape_formula(printable(photo.name))}
        if not photo.faces:
            yield row | {"note": photo.error or NO_FACE_NOTE}
        for number, found in enumerate(photo.faces, 1):
            row |= {"face": number, "note": FULL_IMAGE_NOTE if found.face.score is None else ""}
            row |= dict(zip("xywh", found.face.box, strict=True))
            for variant, answer in found.answers.items():
                shares = {name: f"{p:.6f}" for name, p in answer.probabilities.items()}
                told = {"emotion": answer.emotion, "ms": f"{answer.milliseconds:.3f}"}
                yield row | {"variant": variant} | told | shares
