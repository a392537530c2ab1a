"""Training runs of the committed recipes with several seeds: `results/seeds.csv`.

Written by `python -m training.seeds`. Imports no NumPy.
"""

import csv
import io
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from fer_core.artifacts import store

WRITER = "seeds"  # the `training` command that writes the file


@dataclass(frozen=True)
class SeedRun:
    """One training run: a row of the file."""

    model: str
    seed: int
    epochs: int
    public_score: float  # of the chosen epoch, by the measure that chose it; 0 to 1
    minutes: float
    device: str  # such as `AMD EPYC, 2 cores`
    date: str  # ISO
    git_commit: str  # "" if unknown

    @property
    def key(self) -> tuple[str, int, str, str]:
        """What makes it another run than the others: model, seed, commit and device."""
        return self.model, self.seed, self.git_commit, self.device


COLUMNS = tuple(field.name for field in fields(SeedRun))


def path() -> Path:
    """Path of the file."""
    return store.artifacts().results / "seeds.csv"


def of_provenance(provenance: dict[str, Any]) -> SeedRun:
    """The run that a network's provenance tells of.

    Args:
        provenance: As `training.train` writes it to the weights' header and `training.evaluate`
            to the summary.

    Returns:
        The run, with the score rounded to 5 digits.

    Raises:
        KeyError: The provenance lacks a value.
    """
    return SeedRun(
        model=provenance["variant"],
        seed=int(provenance["recipe"]["seed"]),
        epochs=round(provenance["epochs"]),
        public_score=round(provenance["best_public_score"], 5),
        minutes=provenance["minutes"],
        device=provenance["device"],
        date=provenance["date"],
        git_commit=provenance["git_commit"] or "",
    )


def read() -> tuple[SeedRun, ...]:
    """Read all runs; raises `ResultsError` if the file is missing or damaged."""
    content = store.read_verified(path(), WRITER)
    try:
        lines = csv.DictReader(io.StringIO(content.decode(), newline=""))
        return tuple(_parse(row) for row in lines)
    except (ValueError, KeyError, TypeError, csv.Error) as error:
        raise store.corrupted_error(path()) from error


def write(runs: Iterable[SeedRun]) -> None:
    """Write the file, sorted by model, date, device and seed, and record its checksum."""
    table = io.StringIO()
    writer = csv.DictWriter(table, COLUMNS, lineterminator="\n")
    writer.writeheader()
    order = sorted(runs, key=lambda run: (run.model, run.date, run.device, run.seed))
    writer.writerows(asdict(run) for run in order)
    store.write_files({path(): table.getvalue().encode()})


def _parse(row: dict[str, str]) -> SeedRun:
    run = SeedRun(
        row["model"],
        int(row["seed"]),
        int(row["epochs"]),
        float(row["public_score"]),
        float(row["minutes"]),
        row["device"],
        row["date"],
        row["git_commit"],
    )
    if not 0 <= run.public_score <= 1 or not math.isfinite(run.minutes):
        raise ValueError(f"{run} is no training run")
    return run
