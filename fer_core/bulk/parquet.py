"""Answers as Parquet, from the table that a run writes as it goes.

A Parquet file is complete only when it is closed, so a run that is killed would lose all of it.
Therefore the rows go to a CSV file first.
"""

from pathlib import Path
from typing import Any

from fer_core.emotions import EMOTIONS
from fer_core.errors import FerError, UsageError
from fer_core.reports.answers import (
    ANSWER_COLUMNS,
    EYE_COLUMNS,
    QUALITY_COLUMNS,
    answers_to_csv,
)

BOOLEANS = frozenset({"cut_by_edge"})
INTEGERS = frozenset({"face", "x", "y", "w", "h", "width", "height", "bytes"})
NUMBERS = frozenset(
    {"ms", "face_score", "set_level", *EMOTIONS, *EYE_COLUMNS}
    | {*QUALITY_COLUMNS} - {"cut_by_edge", "outside"}
    | {f"{kind}_{name}" for kind in ("yes", "threshold") for name in EMOTIONS}
)


def journal_path(path: str) -> str:
    """The CSV file to which the rows of a Parquet file go first."""
    return f"{path}.partial.csv"


def check_pyarrow() -> None:
    """Raise `UsageError` where the package that writes Parquet is missing."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise UsageError(
            "Parquet needs the package pyarrow: install it, or write .csv or .jsonl."
        ) from error


def write(path: str) -> None:
    """Turn the finished table of `journal_path` into the Parquet file, and delete the table.

    Raises:
        FerError: The file cannot be written; the table is kept.
    """
    import pyarrow.csv
    import pyarrow.parquet

    journal, unfinished = journal_path(path), f"{path}.unfinished"
    options = pyarrow.csv.ConvertOptions(
        column_types=_schema(), strings_can_be_null=True, null_values=[""]
    )
    try:
        with (
            pyarrow.csv.open_csv(journal, convert_options=options) as table,
            pyarrow.parquet.ParquetWriter(unfinished, table.schema) as writer,
        ):
            for batch in table:
                writer.write_batch(batch)
        Path(unfinished).replace(path)
        Path(journal).unlink()
    except OSError as error:
        Path(unfinished).unlink(missing_ok=True)
        raise FerError(
            f"{path} cannot be written: {error.strerror or error}. Its rows are in {journal}."
        ) from error


def reopen(path: str) -> None:
    """Turn a Parquet file back into the table, so that a run can go on after it.

    Raises:
        UsageError: It is none of ours.
    """
    import pyarrow
    import pyarrow.csv
    import pyarrow.parquet

    unfinished = Path(f"{journal_path(path)}.unfinished")
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            if tuple(file.schema_arrow.names) != ANSWER_COLUMNS:
                raise UsageError(f"{path} has other columns than ours: name another file.")
            options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed")
            with unfinished.open("wb") as journal:
                journal.write(answers_to_csv([]).encode())
                with pyarrow.csv.CSVWriter(
                    journal, file.schema_arrow, write_options=options
                ) as writer:
                    for batch in file.iter_batches():
                        writer.write_batch(batch)
            unfinished.replace(journal_path(path))
    except (OSError, pyarrow.ArrowInvalid) as error:
        unfinished.unlink(missing_ok=True)
        raise UsageError(f"{path} cannot be continued: {error}.") from error


def _schema() -> Any:
    import pyarrow

    def type_of(name: str) -> Any:
        if name in INTEGERS:
            return pyarrow.int64()
        if name in BOOLEANS:
            return pyarrow.bool_()
        return pyarrow.float64() if name in NUMBERS else pyarrow.string()

    return pyarrow.schema([(name, type_of(name)) for name in ANSWER_COLUMNS])
