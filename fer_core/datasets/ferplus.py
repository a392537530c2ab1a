"""FER+: ten annotators' votes for each FER2013 image, read from Microsoft's `fer2013new.csv`."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from fer_core.datasets.fer2013 import default_folder
from fer_core.datasets.fer2013_ids import official_id, row_numbers
from fer_core.emotions import EMOTIONS
from fer_core.errors import DataError

VOTES_FILE = "fer2013new.csv"
#: The answers an annotator could give.
ANSWERS: Final = (*EMOTIONS, "contempt", "unknown", "no face")
#: The file's column names, in the order of `ANSWERS`.
COLUMNS = (
    *("anger", "disgust", "fear", "happiness", "neutral", "sadness", "surprise"),
    *("contempt", "unknown", "NF"),
)


@dataclass(frozen=True, eq=False)
class Votes:
    """The annotators' votes for every image.

    Attributes:
        counts: (35887, 10) uint8 in the row order of fer2013.csv, columns as in `ANSWERS`; zeros
            for an image without votes.
    """

    counts: np.ndarray
    _rows: dict[str, int]  # image id → row

    def for_images(self, ids: Iterable[str]) -> np.ndarray:
        """(N, 10) uint8: the votes for the images with these ids, zeros if there are none."""
        no_votes = np.zeros(len(ANSWERS), np.uint8)
        votes = [self.counts[self._rows[i]] if i in self._rows else no_votes for i in ids]
        return np.array(votes, np.uint8).reshape(-1, len(ANSWERS))


def votes_path(data: Path | None = None) -> Path:
    """Where `fer2013new.csv` belongs: next to a folder or archive of FER2013.

    Args:
        data: The folder or archive; by default `default_folder()`.
    """
    return (data or default_folder()).absolute().parent / VOTES_FILE


def find_votes(path: Path | None = None) -> Votes | None:
    """Load the votes; None if the file does not exist.

    Its rows must be those of fer2013.csv in the same order; ids are those of
    `fer_core.datasets.fer2013`. By default the file is `votes_path()`. Raises `DataError` if it is
    a different file.
    """
    path = path or votes_path()
    return _read(path.absolute(), path.stat().st_mtime_ns) if path.is_file() else None


@lru_cache(maxsize=1)
def _read(path: Path, mtime_ns: int) -> Votes:
    wrong_file = DataError(
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
        raise wrong_file from error
    ids = [official_id(row) for row in range(len(row_numbers()))]
    if usage != [image_id.partition("_")[0] for image_id in ids]:
        raise wrong_file
    return Votes(counts, {image_id: row for row, image_id in reversed(list(enumerate(ids)))})
