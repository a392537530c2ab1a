"""What an earlier, unfinished run has written, so that a new one can go on after it."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fer_core.errors import FerError, UsageError
from fer_core.imaging.photo_file import FileStamp, PhotoFile
from fer_core.reports.answers import ANSWER_COLUMNS
from fer_core.reports.export import escape_formula, printable

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
#: A photo in a table or JSON file: its name there, bytes and time of its last change.
Key = tuple[str, str, str]


@dataclass
class EarlierAnswers:
    """The photos in an output, and how much of the file is kept."""

    photos: set[int] = field(default_factory=set)  # hashes of keys: thousands take little memory
    size: int = 0  # bytes, up to and without the last photo, which may be incomplete


@dataclass(frozen=True)
class _Row:
    """A line of the file: which photo it is about, and the answers in it."""

    key: Key
    weights: Mapping[str, str]  # model name → checksums


def read_csv(path: Path, weights: Mapping[str, str]) -> EarlierAnswers:
    """Read a table that `answers_to_csv` made, perhaps cut off at the end; see `read_jsonl`."""
    header = ",".join(ANSWER_COLUMNS)

    def parse(line: bytes, number: int) -> _Row | None:
        text = line.removeprefix(BYTE_ORDER_MARK).decode().rstrip("\n")
        if number == 0:
            if text != header:
                raise ValueError(text)
            return None
        cells = dict(zip(ANSWER_COLUMNS, next(csv.reader([text])), strict=True))
        model = cells["model"]
        return _Row(
            (cells["file"], cells["bytes"], cells["modified"]),
            {model: cells["weights_sha256"]} if model else {},
        )

    return _read(path, parse, weights)


def read_jsonl(path: Path, weights: Mapping[str, str]) -> EarlierAnswers:
    """Read a file of JSON lines, perhaps cut off at the end.

    Args:
        path: The file.
        weights: Model name → its checksums, as in the column `weights_sha256`, of all models that
            are asked now.

    Raises:
        FerError: The file cannot be read.
        UsageError: It is no output of this version, or other models or weights gave its answers.
    """

    def parse(line: bytes, number: int) -> _Row:
        record = json.loads(line)
        stamp = FileStamp(record["path"], record["bytes"], record["modified"])
        given = {name: " ".join(sums) for name, sums in record["weights_sha256"].items()}
        return _Row(_key(stamp.path, stamp), given)

    return _read(path, parse, weights)


def csv_key(file: PhotoFile) -> Key:
    """How a table names a photo."""
    return _key(escape_formula(printable(file.name)), file.stamp())


def jsonl_key(file: PhotoFile) -> Key:
    """How JSON names a photo."""
    return _key(file.path or file.name, file.stamp())


def _key(name: str, stamp: FileStamp | None) -> Key:
    if stamp is None or stamp.size is None:
        return (name, "", "")
    return (name, str(stamp.size), stamp.modified or "")


def _read(
    path: Path, parse: Callable[[bytes, int], _Row | None], weights: Mapping[str, str]
) -> EarlierAnswers:
    earlier = EarlierAnswers()
    last: Key | None = None
    models: set[str] = set()  # that answered about the photo
    for offset, row in _rows(path, parse):
        if row.key != last:
            if last is not None:
                earlier.photos.add(hash(last))
                _check_models(path, models, weights)
            earlier.size, last, models = offset, row.key, set()
        for name, checksums in row.weights.items():
            if weights.get(name) != checksums:
                raise UsageError(
                    f"{path} has answers of {name} with other weights or of a model that is not "
                    "asked now: name the same models, or another file."
                )
            models.add(name)
    return earlier


def _check_models(path: Path, models: set[str], weights: Mapping[str, str]) -> None:
    if models and models != weights.keys():
        missing = ", ".join(sorted(weights.keys() - models))
        raise UsageError(f"{path} has no answers of {missing}: name the same models as before.")


def _rows(path: Path, parse: Callable[[bytes, int], _Row | None]) -> Iterator[tuple[int, _Row]]:
    """Where each complete line begins, in bytes, and what it says."""
    offset = 0
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file):
                if not line.endswith(b"\n"):
                    return
                try:
                    row = parse(line, number)
                except (KeyError, StopIteration, TypeError, ValueError) as error:
                    raise UsageError(
                        f"{path} cannot be continued: line {number + 1} is not from `classify` of "
                        "this version. Name another file."
                    ) from error
                if row is not None:
                    yield offset, row
                offset += len(line)
    except OSError as error:
        raise FerError(f"{path} cannot be read: {error.strerror}.") from error
