"""Tables of labels: CSV, TSV or JSON lines with a file and its label in each row."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from fer_core.emotions import normalise
from fer_core.errors import UsageError
from fer_core.text import counted, named, printable

MAX_ROWS = 1_000_000
MAX_CELL = 10_000  # characters
MAX_COLUMNS = 1_000
#: Names of the columns, the first that is there counts; case, spaces and signs do not matter.
FILE_COLUMNS: Final = (
    *("file", "filename", "filepath", "path", "image", "imagename", "imagepath", "imagefile"),
    *("photo", "img", "imgname", "imgpath", "picture", "name"),
)
LABEL_COLUMNS: Final = (
    *("label", "emotion", "expression", "class", "classname", "emotionlabel", "labelname"),
    *("facialexpression", "category", "target"),
)
SPLIT_COLUMNS: Final = ("split", "usage", "subset", "set", "partition")
GROUP_COLUMN: Final = "group"


@dataclass(frozen=True)
class TableRow:
    """A row that names a file."""

    file: str
    label: str
    split: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)  # column → group


@dataclass(frozen=True)
class LabelTable:
    """The rows of a table of labels.

    Attributes:
        name: Of the file.
        rows: Those that name a file and a label.
        notes: Sentences about those that do not.
        columns: All columns of the file.
    """

    name: str
    rows: tuple[TableRow, ...]
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


def read_table(
    content: bytes, name: str, group_columns: Sequence[str] = (), *, max_rows: int = MAX_ROWS
) -> LabelTable:
    """Read a table of labels.

    Args:
        content: Of the file: UTF-8, UTF-16 or else Windows-1252; CSV with commas, semicolons, tabs
            or bars, or a JSON object per line.
        name: Of the file, for messages.
        group_columns: Columns to take as groups, besides one that is called `group`.
        max_rows: More are refused.

    Raises:
        UsageError: There is no column of files or of labels, none of those named, two columns of
            labels contradict each other, there are too many rows, or it is no table.
    """
    name = printable(name)
    try:
        records = _records(_decode(content), name, max_rows)
        head = next(records, None)
        if head is None:
            raise UsageError(f"{name} is empty.")
        return _parse(head, _bounded(records, name, max_rows), name, group_columns)
    except csv.Error as error:
        raise UsageError(f"{name} is no table of labels: {error}.") from error


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    if b"\0" in content[:2]:  # UTF-16 without a byte-order mark
        return content.decode("utf-16-be" if content[:1] == b"\0" else "utf-16-le", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _bounded(records: Iterator[list[str]], name: str, max_rows: int) -> Iterator[list[str]]:
    for number, cells in enumerate(records):
        if number >= max_rows:
            raise UsageError(f"{name} has more than {counted(max_rows, 'row')}.")
        yield cells


def _records(text: str, name: str, max_rows: int) -> Iterator[list[str]]:
    """The rows as cells; the first is the names of the columns."""
    if text.lstrip()[:1] == "{":
        yield from _json_records(text, name, max_rows)
        return
    head, _, below = text.lstrip().partition("\n")
    if head[:4].casefold() == "sep=":  # by which spreadsheets name the delimiter
        text, head = below, below.lstrip().partition("\n")[0]
    delimiter = max(",;\t|", key=head.count)
    yield from csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=delimiter)


def _json_records(text: str, name: str, max_rows: int) -> Iterator[list[str]]:
    objects: list[dict[str, object]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            parsed = json.loads(line)
        except (ValueError, RecursionError):
            parsed = None
        if not isinstance(parsed, dict):
            raise UsageError(f"{name} is no table of labels: line {number} is no JSON object.")
        if len(objects) > max_rows:  # `_bounded` refuses what follows
            break
        objects.append(parsed)
    columns = list(dict.fromkeys(key for each in objects for key in each))
    yield columns
    for each in objects:
        yield [_cell(each.get(column)) for column in columns]


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _parse(
    head: list[str], records: Iterator[list[str]], name: str, group_columns: Sequence[str]
) -> LabelTable:
    columns = [cell.strip() for cell in head]
    if len(columns) > MAX_COLUMNS:
        raise UsageError(f"{name} has more than {MAX_COLUMNS:,} columns.")
    places = [_plain(column) for column in columns]
    file, label, split = (_place(places, n) for n in (FILE_COLUMNS, LABEL_COLUMNS, SPLIT_COLUMNS))
    for place, kind in ((file, "file"), (label, "label")):
        if place is None:
            shown = named((c or "(empty)" for c in columns), 6)
            raise UsageError(
                f"{name} has no column for the {kind}: call it {kind}. Its columns are {shown}."
            )
    assert file is not None
    assert label is not None
    groups = _group_places(columns, name, group_columns)
    labels = [i for i, place in enumerate(places) if place == places[label]]
    rows, incomplete = [], []
    for number, cells in enumerate(records, 2):
        if not any(cell.strip() for cell in cells):
            continue
        cells = [cell.strip()[:MAX_CELL] for cell in cells] + [""] * len(columns)
        row = TableRow(
            cells[file],
            _label([cells[i] for i in labels], columns[label], name),
            "" if split is None else cells[split],
            {column: cells[place] for column, place in groups.items()},
        )
        if row.file and row.label:
            rows.append(row)
        else:
            incomplete.append(row.file or f"row {number}")
    notes = []
    if incomplete:
        notes.append(
            f"{counted(len(incomplete), 'row')} of {name} without a file or a label left out: "
            f"{named(incomplete)}."
        )
    return LabelTable(name, tuple(rows), tuple(notes), tuple(columns))


def _label(cells: list[str], column: str, name: str) -> str:
    """A row's label, which a table may have in several columns of one name if they agree."""
    given = list(filter(None, cells))
    if len(set(map(normalise, given))) > 1:
        raise UsageError(f"{name} has {len(cells)} different columns called {column}: keep one.")
    return given[0] if given else ""


def _plain(column: str) -> str:
    return "".join(c for c in column.casefold() if c.isalnum())


def _place(places: list[str], names: Sequence[str]) -> int | None:
    return next((places.index(name) for name in names if name in places), None)


def _group_places(columns: list[str], name: str, wanted: Sequence[str]) -> dict[str, int]:
    by_name = {column.casefold(): place for place, column in reversed(list(enumerate(columns)))}
    found = {}
    for column in wanted:
        if column.strip().casefold() not in by_name:
            shown = named((c or "(empty)" for c in columns), 6)
            raise UsageError(f"{name} has no column {printable(column)}. Its columns are {shown}.")
        place = by_name[column.strip().casefold()]
        found[columns[place]] = place
    if GROUP_COLUMN in by_name:
        place = by_name[GROUP_COLUMN]
        found.setdefault(columns[place], place)
    return found
