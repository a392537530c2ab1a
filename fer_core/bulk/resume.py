"""What an earlier, unfinished run has written, so that a new one can go on after it."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fer_core.errors import FerError, UsageError
from fer_core.imaging.photo_file import FileStamp, PhotoFile
from fer_core.reports.answers import ANSWER_COLUMNS, answers_to_csv
from fer_core.reports.export import CSV_ENCODING
from fer_core.text import escape_formula, printable

INCOMPLETE_NAME = "(incomplete)"  # in the place of a photo's name: where a run was stopped
HEADER = answers_to_csv([])
CSV_BEGINNINGS = (HEADER.encode(CSV_ENCODING), HEADER.encode())
JSONL_BEGINNINGS = (b'{"path": "',)
#: A photo in a table or JSON file: its name there, bytes and time of its last change.
Key = tuple[str, str, str]


@dataclass
class EarlierAnswers:
    """The photos in an output, and how much of the file is whole."""

    done: set[int] = field(default_factory=set)  # hashes of keys: thousands take little memory
    last: int | None = None  # of the last photo, whose rows may have been cut off
    size: int = 0  # bytes, without the last photo
    whole_size: int = 0  # bytes, with its complete rows


@dataclass(frozen=True)
class Rest:
    """What is left to do."""

    files: list[PhotoFile]
    keep: int  # bytes of the output, after which the new answers are written


@dataclass(frozen=True)
class _Row:
    """A line of the file: which photo it is about, and the answers in it."""

    key: Key
    weights: Mapping[str, str]  # model name → checksums


def rest(
    files: Iterable[PhotoFile], earlier: EarlierAnswers, key: Callable[[PhotoFile], Key]
) -> Rest:
    """The files that an output does not have.

    Its last photo is among them if it is asked about again, because its rows may have been cut off.
    """
    known = [(file, None if file.path is None else hash(key(file))) for file in files]
    is_asked_again = any(digest == earlier.last for _, digest in known if digest is not None)
    done = earlier.done if is_asked_again else earlier.done | {earlier.last}
    left = [file for file, digest in known if digest is None or digest not in done]
    return Rest(left, earlier.size if is_asked_again else earlier.whole_size)


def read_csv(path: Path, weights: Mapping[str, str], shown: str = "") -> EarlierAnswers:
    """Read a table that `answers_to_csv` made, perhaps cut off at the end; see `read_jsonl`."""

    def parse(line: bytes) -> _Row | None:
        if line in CSV_BEGINNINGS:
            return None
        cells = dict(zip(ANSWER_COLUMNS, next(csv.reader([line.decode()])), strict=True))
        model = cells["model"]
        return _Row(
            (cells["file"], cells["bytes"], cells["modified"]),
            {model: cells["weights_sha256"]} if model else {},
        )

    return _read(path, CSV_BEGINNINGS, parse, weights, shown or str(path))


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

    def parse(line: bytes) -> _Row:
        record = json.loads(line)
        if any("quality" not in face for face in record["faces"]):
            raise ValueError(line)  # of a version that did not measure it
        stamp = FileStamp(record["path"], record["bytes"], record["modified"])
        given = {name: " ".join(sums) for name, sums in record["weights_sha256"].items()}
        return _Row(_key(stamp.path, stamp), given)

    return _read(path, JSONL_BEGINNINGS, parse, weights, str(path))


def csv_key(file: PhotoFile) -> Key:
    """How a table for spreadsheets names a photo."""
    return _key(escape_formula(printable(file.name)), file.stamp())


def parquet_key(file: PhotoFile) -> Key:
    """How a Parquet file names a photo."""
    return _key(printable(file.name), file.stamp())


def jsonl_key(file: PhotoFile) -> Key:
    """How JSON names a photo."""
    return _key(file.path or file.name, file.stamp())


def _key(name: str, stamp: FileStamp | None) -> Key:
    if stamp is None or stamp.size is None:
        return (name, "", "")
    return (name, str(stamp.size), stamp.modified or "")


def _read(
    path: Path,
    beginnings: tuple[bytes, ...],
    parse: Callable[[bytes], _Row | None],
    weights: Mapping[str, str],
    shown: str,
) -> EarlierAnswers:
    earlier = EarlierAnswers()
    models: set[str] = set()  # that answered about the last photo
    for begin, end, row in _rows(path, beginnings, parse, shown):
        if row is None:
            earlier.size = earlier.whole_size = end
            continue
        if row.key[0] == INCOMPLETE_NAME:
            break
        if hash(row.key) != earlier.last:
            if earlier.last is not None:
                earlier.done.add(earlier.last)
                _check_models(shown, models, weights)
            earlier.size, earlier.last, models = begin, hash(row.key), set()
        for name, checksums in row.weights.items():
            if weights.get(name) != checksums:
                raise UsageError(
                    f"{shown} has answers of {name} with other weights or of a model that is not "
                    "asked now: name the same models, or another file."
                )
            models.add(name)
        earlier.whole_size = end
    return earlier


def _check_models(shown: str, models: set[str], weights: Mapping[str, str]) -> None:
    if models and models != weights.keys():
        missing = ", ".join(sorted(weights.keys() - models))
        raise UsageError(f"{shown} has no answers of {missing}: name the same models as before.")


def _rows(
    path: Path,
    beginnings: tuple[bytes, ...],
    parse: Callable[[bytes], _Row | None],
    shown: str,
) -> Iterator[tuple[int, int, _Row | None]]:
    """Where each complete line begins and ends, in bytes, and what it says; None for the header."""
    offset = 0
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file):
                try:
                    if number == 0 and not any(_agree(each, line) for each in beginnings):
                        raise ValueError(line)
                    if not line.endswith(b"\n"):
                        return
                    row = parse(line)
                except (KeyError, StopIteration, TypeError, ValueError) as error:
                    raise UsageError(
                        f"{shown} cannot be continued: line {number + 1} is not from `classify` "
                        "of this version. Name another file."
                    ) from error
                yield offset, offset + len(line), row
                offset += len(line)
    except OSError as error:
        raise FerError(f"{shown} cannot be read: {error.strerror}.") from error


def _agree(beginning: bytes, line: bytes) -> bool:
    """Whether a file that begins with this line, perhaps cut off, begins as ours do."""
    return line.startswith(beginning) or beginning.startswith(line)
