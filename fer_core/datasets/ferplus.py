"""Microsoft's `fer2013new.csv`: which image of FER2013 got which of ten people's votes."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from fer_core.datasets.fer2013 import default_folder, official_id, row_numbers
from fer_core.emotions import EMOTIONS
from fer_core.errors import DataError

VOTES_FILE = "fer2013new.csv"
#: What a voter could say.
ANSWERS: Final = (*EMOTIONS, "contempt", "unknown", "no face")
#: The file's own names in the order of `ANSWERS`.
COLUMNS = (
    *("anger", "disgust", "fear", "happiness", "neutral", "sadness", "surprise"),
    *("contempt", "unknown", "NF"),
)


@dataclass(frozen=True, eq=False)
class Votes:
    """`counts` (35887, 10) uint8: a row for every row of fer2013.csv, zeros where nobody voted."""

    counts: np.ndarray
    _rows: dict[str, int]  # id → row

    def for_images(self, ids: Iterable[str]) -> np.ndarray:
        """(N, 10) uint8: the votes of those images, zeros where there are none."""
        nobody = np.zeros(len(ANSWERS), np.uint8)
        found = [self.counts[self._rows[i]] if i in self._rows else nobody for i in ids]
        return np.array(found, np.uint8).reshape(-1, len(ANSWERS))


def find_votes(path: Path | None = None) -> Votes | None:
    """The votes in `path`, else in `fer2013new.csv` beside the folder of FER2013; None where that
    file is absent.

    The file has a line for each row of fer2013.csv, in its order; ids are those of
    `fer_core.datasets.fer2013`. Raises `DataError` where it is another file.
    """
    path = path or default_folder().parent / VOTES_FILE
    return _read(path.absolute(), path.stat().st_mtime_ns) if path.is_file() else None


@lru_cache(maxsize=1)
def _read(path: Path, changed: int) -> Votes:
    foreign = DataError(
        f"{path.name} is not the file of github.com/microsoft/FERPlus: it needs "
        f"{len(row_numbers()):,} rows in the order of fer2013.csv, with the columns Usage, "
        f"{', '.join(COLUMNS)}."
    )
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        counts = np.array([[int(row[name]) for name in COLUMNS] for row in rows], np.uint8)
        usage = [row["Usage"] for row in rows]
    except (OSError, ValueError, KeyError, TypeError, OverflowError, csv.Error) as error:
        raise foreign from error
    ids = [official_id(row) for row in range(len(row_numbers()))]
    if usage != [image.partition("_")[0] for image in ids]:
        raise foreign
    return Votes(counts, {image: row for row, image in reversed(list(enumerate(ids)))})
