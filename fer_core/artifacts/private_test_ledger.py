"""The ledger of every scoring of PrivateTest: `results/private_test_ledger.csv`.

`training.evaluate`, `training.ten_crop` and `training.robustness` add a row whenever they score
PrivateTest. Rows are never changed or removed. Imports no NumPy.
"""

import csv
import io
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from fer_core.artifacts import store, weights_file
from fer_core.artifacts.provenance import collect_provenance
from fer_core.registry import ModelSpec


@dataclass(frozen=True)
class Scoring:
    """One scoring of PrivateTest: a row of the ledger."""

    date: str  # ISO 8601, UTC
    git_commit: str  # that scored it; "" if unknown
    model: str
    sha256: str  # hexadecimal, of the weights file or of an ensemble's fitted parameters
    views: int  # per face: 1, or 10 with ten crops
    n: int  # faces
    accuracy: float  # a fraction
    note: str  # the command, or where a reconstructed row comes from


COLUMNS = tuple(field.name for field in fields(Scoring))


def path() -> Path:
    """Path of the ledger."""
    return store.artifacts().results / "private_test_ledger.csv"


def read() -> tuple[Scoring, ...]:
    """Read all scorings, in the order in which they were recorded.

    Raises:
        ResultsError: The ledger is missing, damaged or not the one whose checksum was recorded.
    """
    content = store.read_verified(path(), None)
    try:
        lines = csv.DictReader(io.StringIO(content.decode(), newline=""))
        return tuple(_parse(row) for row in lines)
    except (ValueError, csv.Error) as error:
        raise store.corrupted_error(path()) from error


def record(model: ModelSpec, n: int, accuracy: float, note: str, views: int = 1) -> Scoring:
    """Add a row for the model's weights on disk and record the ledger's new checksum.

    Args:
        model: The model that was scored.
        n: Number of faces.
        accuracy: A fraction.
        note: The command that scored it.
        views: Views per face.

    Returns:
        The new row.

    Raises:
        ResultsError: The ledger is missing or was changed by hand; nothing is added then.
        FerError: The weights are missing or damaged.
    """
    is_new = not path().exists() and path().name not in store.read_checksums(path().parent)
    if not is_new:
        read()
    origin = collect_provenance("cpu")
    scoring = Scoring(
        date=origin["date"],
        git_commit=origin["git_commit"] or "",
        model=model.name,
        sha256=store.sha256(weights_file.verify(weights_file.path(model))),
        views=views,
        n=n,
        accuracy=accuracy,
        note=note,
    )
    row = io.StringIO()
    writer = csv.DictWriter(row, COLUMNS, lineterminator="\n")
    if is_new:
        writer.writeheader()
    writer.writerow(asdict(scoring))
    previous = b"" if is_new else path().read_bytes()
    store.write_files({path(): previous + row.getvalue().encode()})
    return scoring


def _parse(row: dict[str, str]) -> Scoring:
    if tuple(row) != COLUMNS or None in row.values():
        raise ValueError("the row does not have the ledger's columns")
    return Scoring(
        row["date"],
        row["git_commit"],
        row["model"],
        row["sha256"],
        int(row["views"]),
        int(row["n"]),
        float(row["accuracy"]),
        row["note"],
    )
