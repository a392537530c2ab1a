"""Tables of predictions as users have them: CSV, TSV and `.npz` files, parsed with bounds."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Final

import numpy as np

from fer_core.emotions import EMOTIONS, emotion_named
from fer_core.errors import FerError

MAX_MB: Final = 60
MAX_BYTES: Final = MAX_MB * 10**6
MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 200
ID_COLUMNS: Final = ("id", "ids", "image", "file", "filename", "photo", "name", "row")
ANSWER_COLUMNS: Final = ("answer", "emotion", "prediction", "predicted")
PREFIXES: Final = ("probability_", "prob_", "p_")  # before an emotion in a column's name


class PredictionsFileError(FerError):
    """A file of predictions cannot be used."""


@dataclass(frozen=True, eq=False)
class PredictionTable:
    """What a file says, not yet checked.

    Attributes:
        ids: One per row, as written.
        probabilities: (N, 7) float64 in the order of EMOTIONS, whatever the numbers are.
        has_confidence: False where there are only answers; they have the probability 1.
    """

    ids: Sequence[str]
    probabilities: np.ndarray
    has_confidence: bool = True


def read_table(content: bytes) -> PredictionTable:
    """Parse a table with a head, separated by commas, semicolons or tabs.

    Raises:
        PredictionsFileError: It is no such table.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PredictionsFileError("The file is no text in UTF-8.") from error
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    try:
        rows = _bounded(csv.reader(io.StringIO(text), delimiter=delimiter))
        head = [name.strip().lower() for name in next(rows, [])]
        id_column, columns = _chosen_columns(head)
        has_confidence = len(columns) > 1
        ids, numbers = [], []
        for number, row in enumerate(rows, start=2):
            if len(row) <= max(id_column, *columns):
                raise PredictionsFileError(f"Row {number} of the file has too few columns.")
            ids.append(row[id_column].strip())
            if has_confidence:
                numbers.append([_number(row[column], number, delimiter) for column in columns])
            else:
                numbers.append(_one_hot(row[columns[0]], number))
    except csv.Error as error:
        raise PredictionsFileError(f"The file is no table: {error}.") from error
    probabilities = np.array(numbers, np.float64).reshape(-1, len(EMOTIONS))
    return PredictionTable(ids, probabilities, has_confidence)


def _chosen_columns(names: Sequence[str]) -> tuple[int, list[int]]:
    """Places of the ids, and of the seven emotions or of the answers."""
    if not names:
        raise PredictionsFileError("The file is empty.")
    id_column = _column(names, ID_COLUMNS)
    if id_column is None:
        raise PredictionsFileError("The first line must name the columns, and one must be `id`.")
    by_emotion, answer_column = _emotion_columns(names), _column(names, ANSWER_COLUMNS)
    missing = [emotion for emotion in EMOTIONS if emotion not in by_emotion]
    if not missing:
        return id_column, [by_emotion[emotion] for emotion in EMOTIONS]
    if by_emotion or answer_column is None:
        raise PredictionsFileError(
            f"The file has no column {missing[0]}: give one column per emotion "
            f"({', '.join(EMOTIONS)}), or answers in a column `answer`."
        )
    return id_column, [answer_column]


def read_npz(content: bytes) -> PredictionTable:
    """Parse an `.npz` file with the arrays `ids` and `probabilities`.

    Raises:
        PredictionsFileError: It is no such file.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            ids = _array(archive, "ids")
            probabilities = _array(archive, "probabilities")
    except KeyError as error:
        raise PredictionsFileError(
            "The .npz file must have the arrays `ids` and `probabilities`."
        ) from error
    except (ValueError, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise PredictionsFileError("The .npz file cannot be read; write it anew.") from error
    except (zipfile.BadZipFile, zlib.error) as error:
        raise PredictionsFileError("The .npz file is damaged; write it anew.") from error
    if ids.ndim != 1 or ids.dtype.kind not in "USiu":
        raise PredictionsFileError("`ids` must be one row of text or whole numbers.")
    if probabilities.shape != (len(ids), len(EMOTIONS)) or probabilities.dtype.kind not in "fiu":
        raise PredictionsFileError(
            f"`probabilities` must have a row of {len(EMOTIONS)} numbers for each of the "
            f"{len(ids):,} ids, not the shape {probabilities.shape}."
        )
    text = np.char.decode(ids, "utf-8", "replace") if ids.dtype.kind == "S" else ids.astype(str)
    return PredictionTable(text.tolist(), probabilities.astype(np.float64))


def _bounded(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """The rows that are not empty; raises where there are too many, or too many columns."""
    for number, row in enumerate(rows):
        if number > MAX_ROWS:
            raise PredictionsFileError(f"The file has more than {MAX_ROWS:,} rows.")
        if len(row) > MAX_COLUMNS:
            raise PredictionsFileError(f"The file has more than {MAX_COLUMNS} columns.")
        if any(row):
            yield row


def _column(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def _emotion_columns(names: Sequence[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for column, name in enumerate(names):
        prefix = next((each for each in PREFIXES if name.startswith(each)), "")
        if emotion := emotion_named(name.removeprefix(prefix)):
            if emotion in columns:
                raise PredictionsFileError(f"Two columns of the file are for {emotion}.")
            columns[emotion] = column
    return columns


def _number(text: str, row: int, delimiter: str) -> float:
    try:
        return float(text if delimiter == "," else text.replace(",", "."))
    except ValueError as error:
        raise PredictionsFileError(f"Row {row} of the file: {text[:40]!r} is no number.") from error


def _one_hot(text: str, row: int) -> list[float]:
    answer = emotion_named(text)
    if answer is None:
        raise PredictionsFileError(
            f"Row {row} of the file: {text[:40]!r} is none of {', '.join(EMOTIONS)}."
        )
    return [float(emotion == answer) for emotion in EMOTIONS]


def _array(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    """An array of an `.npz` file whose size and header were checked before it was made."""
    with archive.open(f"{name}.npy") as stream:
        content = stream.read(MAX_BYTES + 1)
    file = io.BytesIO(content)
    version = np.lib.format.read_magic(file)
    header = np.lib.format.read_array_header_1_0 if version == (1, 0) else _second_header
    shape, _, dtype = header(file)
    n_bytes = prod(shape) * dtype.itemsize
    if dtype.hasobject or not dtype.itemsize or n_bytes != len(content) - file.tell():
        raise ValueError("the header does not fit the content")
    if max(shape, default=0) > MAX_ROWS or len(content) > MAX_BYTES:
        raise PredictionsFileError(f"The file has more than {MAX_ROWS:,} rows.")
    file.seek(0)
    array: np.ndarray = np.load(file, allow_pickle=False)
    return array


_second_header = np.lib.format.read_array_header_2_0
