"""Tables as CSV and XLSX: any table, and the answers about photos; safe file names.

The app and the command line share these functions.
"""

import io
import itertools
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from math import isinf, isnan
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeAlias

import fer_core
from fer_core.artifacts import summaries
from fer_core.emotions import EMOTIONS
from fer_core.registry import MODELS

if TYPE_CHECKING:  # the command line imports this module for every command
    from pandas import DataFrame

    from fer_core.pipeline import Answer, PhotoAnswers

Rows: TypeAlias = "DataFrame | Iterable[Mapping[str, Any]]"
PROVENANCE_COLUMNS = ("app_version", "weights_sha256", "created")
ANSWER_COLUMNS = (
    "file", "face", "variant", "emotion", *EMOTIONS, "ms", "x", "y", "w", "h", "note",
    "model", "title", "face_score",
    *(f"yes_{name}" for name in EMOTIONS), *(f"threshold_{name}" for name in EMOTIONS),
    "precision", *PROVENANCE_COLUMNS,
)  # fmt: skip
DECIMALS = 6  # of a number in a table
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


def to_csv(rows: Rows, columns: Sequence[str] | None = None, header: bool = True) -> str:
    """Write a table as CSV; None, NaN and missing values become empty cells.

    Numbers have six decimals at most, and no text starts like a spreadsheet formula.

    Args:
        rows: A data frame, or one mapping per row.
        columns: Column names in order; default: the keys of the first row.
        header: Start with a line of the column names.

    Returns:
        The text of the file, to be stored in `CSV_ENCODING`.
    """
    table = _table(rows, columns).map(_csv_cell)
    return table.to_csv(index=False, lineterminator="\n", header=header)


def to_xlsx(rows: Rows, columns: Sequence[str] | None = None) -> bytes:
    """Write a table as an Excel workbook, in memory; arguments as for `to_csv`.

    Text is stored as text, so a formula in it is not one.
    """
    import xlsxwriter

    table, file = _table(rows, columns), io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for column, name in enumerate(table.columns):
            sheet.write_string(0, column, name, book.add_format({"bold": True}))
        for i, row in enumerate(table.itertuples(index=False), 1):
            for column, value in enumerate(map(_plain, row)):
                if isinstance(value, str):
                    sheet.write_string(i, column, value)
                elif value is not None:
                    sheet.write_number(i, column, value)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return file.getvalue()


def _table(rows: Rows, columns: Sequence[str] | None) -> "DataFrame":
    import pandas as pd  # takes half a second, and most commands write no table

    if isinstance(rows, pd.DataFrame):
        return rows.astype(object)
    names = None if columns is None else list(columns)
    return pd.DataFrame(list(rows), columns=names, dtype=object)  # keeps integers integers


def _plain(value: Any) -> str | int | float | None:
    """A cell as text or as a finite number of at most six decimals; None where there is none."""
    if not isinstance(value, Real):
        return None if value is None else str(value)
    number = round(float(value), DECIMALS)
    if isnan(number):
        return None
    if isinf(number):
        return str(number)
    return int(number) if number.is_integer() else number


def _csv_cell(value: Any) -> str | None:
    plain = _plain(value)
    if isinstance(plain, float):
        return f"{plain:.{DECIMALS}f}".rstrip("0")  # never 1e-05
    if isinstance(plain, str):
        return escape_formula(plain)
    return None if plain is None else str(plain)


def with_interval(
    name: str, value: float | None, interval: tuple[float, float] | None
) -> dict[str, float | None]:
    """The columns of a number and both ends of its interval: `name`, `name_low`, `name_high`."""
    low, high = interval or (None, None)
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def answers_to_csv(photos: "Iterable[PhotoAnswers]", header: bool = True) -> str:
    """Write one CSV row per face and model; a photo without answers gets a row with the reason."""
    return to_csv(answer_rows(photos), ANSWER_COLUMNS, header)


def answer_rows(photos: "Iterable[PhotoAnswers]") -> Iterator[dict[str, Any]]:
    """The rows of `answers_to_csv`; their columns are `ANSWER_COLUMNS`."""
    for photo in photos:
        row: dict[str, Any] = {"file": printable(photo.name)}
        notes = photo_notes(photo)
        if not photo.faces:
            row |= {"note": "; ".join([photo.error or NO_FACE_NOTE, *notes])}
            yield row | provenance([])
        for number, face in enumerate(photo.faces, 1):
            whole = [FULL_IMAGE_NOTE] if face.face.score is None else []
            row |= {"face": number, "note": "; ".join([*whole, *notes])}
            row |= {"face_score": face.face.score}
            row |= dict(zip("xywh", face.face.box, strict=True))
            for model_name, answer in face.answers.items():
                yield row | _answer_columns(model_name, answer) | provenance([model_name])


def _answer_columns(model_name: str, answer: "Answer") -> dict[str, Any]:
    model = MODELS[model_name]
    columns = {
        "variant": model_name,
        "model": model_name,
        "title": model.title,
        "emotion": answer.emotion,
        "ms": round(answer.milliseconds, 3),
        "precision": answer.precision,
    }
    scores = {f"yes_{name}": score for name, score in (answer.scores or {}).items()}
    thresholds = summaries.thresholds(model) if scores else {}
    return (
        columns
        | answer.probabilities
        | scores
        | {f"threshold_{name}": value for name, value in thresholds.items()}
    )


def provenance(model_names: Iterable[str]) -> dict[str, str]:
    """What a table was made with: version of the app, weights of these models, and time.

    Returns:
        One text per column of `PROVENANCE_COLUMNS`; several checksums are separated by spaces.
    """
    checksums = dict.fromkeys(d for name in model_names for d in weights_checksums(name))
    created = datetime.now().astimezone().isoformat(timespec="seconds")
    values = (fer_core.__version__, " ".join(checksums), created)
    return dict(zip(PROVENANCE_COLUMNS, values, strict=True))


def weights_checksums(model_name: str) -> list[str]:
    """Recorded SHA-256 of a model's weights; of an ensemble, that of its fit, then its members'."""
    names = (model_name, *MODELS[model_name].members)
    return [digest for name in names if (digest := summaries.weights_checksum(name))]


def more_faces_note(number: int) -> str:
    """Say that a photo has more faces than the `number` that were classified."""
    return f"only the {number} surest faces; there are more"


def photo_notes(photo: "PhotoAnswers") -> list[str]:
    """Say what of a photo was left out: further faces, further frames or pages."""
    notes = [more_faces_note(len(photo.faces))] if photo.more_faces else []
    if photo.picture_count > 1:
        notes.append(f"first of {photo.picture_count} pictures")
    return notes
