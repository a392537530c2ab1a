"""Read and write dataclass records as rows of a CSV file."""

import csv
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar, get_type_hints

from fer_core.errors import DataError
from training.engine.trainer import write_log

T = TypeVar("T")


def read_records(path: Path, record_type: type[T]) -> list[T]:
    """Read the records of a CSV file.

    Args:
        path: The file; without it the result is empty.
        record_type: A dataclass whose fields are `str`, `int` or `float`.

    Raises:
        DataError: It is not a table of such records.
    """
    if not path.is_file():
        return []
    fields = get_type_hints(record_type)
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            return [
                record_type(**{name: as_type(row[name]) for name, as_type in fields.items()})
                for row in csv.DictReader(file)
            ]
    except (KeyError, ValueError, TypeError, csv.Error) as error:
        columns = ", ".join(fields)
        raise DataError(f"{path} is not a CSV table with the columns {columns}.") from error


def write_records(path: Path, records: Sequence[T]) -> None:
    """Write one CSV row per record; without records no file is written."""
    write_log(path, [asdict(record) for record in records])  # type: ignore[call-overload]
