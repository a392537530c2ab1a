"""Tables as CSV and XLSX, and their provenance."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from math import isinf, isnan
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import fer_core
from fer_core.artifacts import summaries
from fer_core.registry import MODELS
from fer_core.text import escape_formula

if TYPE_CHECKING:  # the command line imports this module for every command
    from pandas import DataFrame

Rows: TypeAlias = "DataFrame | Iterable[Mapping[str, Any]]"
PROVENANCE_COLUMNS = ("app_version", "weights_sha256", "created")
DECIMALS = 6  # of a number in a table
CSV_ENCODING = "utf-8-sig"  # without a byte-order mark, Excel misreads letters such as ë


def to_csv(
    rows: Rows,
    columns: Sequence[str] | None = None,
    header: bool = True,
    for_spreadsheets: bool = True,
) -> str:
    """Write a table as CSV; None, NaN and missing values become empty cells.

    Numbers have six decimals at most.

    Args:
        rows: A data frame, or one mapping per row.
        columns: Column names in order; default: all keys, in the order in which they appear.
        header: Start with a line of the column names.
        for_spreadsheets: Let no text start like a formula; see `escape_formula`.

    Returns:
        The text of the file, to be stored in `CSV_ENCODING`.
    """
    names, cells = _table(rows, columns)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    if header:
        writer.writerow(names)
    escape = escape_formula if for_spreadsheets else str
    writer.writerows([_csv_cell(value, escape) for value in row] for row in cells)
    return file.getvalue()


def to_xlsx(rows: Rows, columns: Sequence[str] | None = None) -> bytes:
    """Write a table as an Excel workbook, in memory; arguments as for `to_csv`.

    Text is stored as text, so a formula in it is not one.
    """
    import xlsxwriter

    names, cells = _table(rows, columns)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for column, name in enumerate(names):
            sheet.write_string(0, column, name, book.add_format({"bold": True}))
        for i, row in enumerate(cells, 1):
            for column, value in enumerate(map(_plain, row)):
                if isinstance(value, str):
                    sheet.write_string(i, column, value)
                elif value is not None:
                    sheet.write_number(i, column, value)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return file.getvalue()


def _table(rows: Rows, columns: Sequence[str] | None) -> tuple[list[str], Iterable[Sequence[Any]]]:
    """The names of the columns, and the values of each row in their order."""
    if hasattr(rows, "itertuples"):
        frame = cast("DataFrame", rows)
        return list(frame.columns), frame.astype(object).itertuples(index=False, name=None)
    records = rows if columns is not None else list(rows)
    names = list(columns or dict.fromkeys(key for record in records for key in record))
    return names, ([record.get(name) for name in names] for record in records)


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


def _csv_cell(value: Any, escape: Callable[[str], str]) -> str | None:
    plain = _plain(value)
    if isinstance(plain, float):
        return f"{plain:.{DECIMALS}f}".rstrip("0")  # never 1e-05
    if isinstance(plain, str):
        return escape(plain)
    return None if plain is None else str(plain)


def with_interval(
    name: str, value: float | None, interval: tuple[float, float] | None
) -> dict[str, float | None]:
    """The columns of a number and both ends of its interval: `name`, `name_low`, `name_high`."""
    low, high = interval or (None, None)
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def provenance(model_names: Iterable[str]) -> dict[str, str]:
    """What a table was made with: version of the app, weights of these models, and time.

    Returns:
        One text per column of `PROVENANCE_COLUMNS`.
    """
    created = datetime.now().astimezone().isoformat(timespec="seconds")
    values = (fer_core.__version__, checksums_text(model_names), created)
    return dict(zip(PROVENANCE_COLUMNS, values, strict=True))


def checksums_text(model_names: Iterable[str]) -> str:
    """The checksums of all weights of these models, each once, separated by spaces."""
    return " ".join(dict.fromkeys(d for name in model_names for d in weights_checksums(name)))


def weights_checksums(model_name: str) -> list[str]:
    """Recorded SHA-256 of a model's weights; of an ensemble, that of its fit, then its members'."""
    names = (model_name, *MODELS[model_name].members)
    return [digest for name in names if (digest := summaries.weights_checksum(name))]
