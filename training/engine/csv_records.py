"""Measurements as lines of a CSV file, each a dataclass of words and numbers."""

import csv
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar, get_type_hints

from training.engine.trainer import write_log

T = TypeVar("T")


def read_records(path: Path, kind: type[T]) -> list[T]:
    """What the file holds, none where there is no file yet. The fields of `kind` are `str`, `int`
    or `float`; raises `KeyError` where a column is missing, `ValueError` for a word as a number."""
    if not path.is_file():
        return []
    fields = get_type_hints(kind)
    with path.open(newline="") as file:
        return [
            kind(**{name: as_type(row[name]) for name, as_type in fields.items()})
            for row in csv.DictReader(file)
        ]


def write_records(path: Path, records: Sequence[T]) -> None:
    """One line a record, as CSV; no file where there is none."""
    write_log(path, [asdict(each) for each in records])  # type: ignore[call-overload]
