"""The official ids of FER2013's images: splits, rows of fer2013.csv and file names."""

import re
from bisect import bisect_right
from pathlib import Path
from typing import Final

import numpy as np

from fer_core.artifacts.npy import read_npy
from fer_core.artifacts.store import artifacts, cached
from fer_core.artifacts.summaries import TEST_SPLIT_SIZE

SPLITS: Final = ("Training", "PublicTest", "PrivateTest")
#: First row of each split in the original fer2013.csv, which is ordered by split.
FIRST_ROW: Final = {"Training": 0, "PublicTest": 28709, "PrivateTest": 28709 + TEST_SPLIT_SIZE}
ROWS: Final = FIRST_ROW["PrivateTest"] + TEST_SPLIT_SIZE  # of fer2013.csv
#: Images in each split.
SPLIT_SIZES: Final = dict(zip(SPLITS, (28709, TEST_SPLIT_SIZE, TEST_SPLIT_SIZE), strict=True))
#: Rows of fer2013.csv of both test splits.
TEST_ROWS: Final = range(FIRST_ROW["PublicTest"], ROWS)
_NAMED = re.compile(rf"({'|'.join(SPLITS)})_(\d+)", re.IGNORECASE | re.ASCII)
_SPLIT_BY_LOWER_CASE = {split.lower(): split for split in SPLITS}


def id_from_stem(stem: str) -> str | None:
    """Derive an image's official id from its file name without the suffix.

    The Kaggle layout with `train/` and `test/` has the id as the name. The one with `train/` and
    `validation/` has plain numbers: rows of fer2013.csv, see `official_id`.

    Args:
        stem: Such as `PublicTest_1218` (in any case) or `28714`.

    Returns:
        The id; None if the name is none of FER2013's.
    """
    if named := _NAMED.fullmatch(stem):
        return f"{_SPLIT_BY_LOWER_CASE[named[1].lower()]}_{named[2]}"
    is_row = stem.isascii() and stem.isdigit() and len(stem) < 10 and int(stem) < ROWS
    return official_id(int(stem)) if is_row else None


def official_id(row: int) -> str:
    """Row of the original fer2013.csv → image id.

    28714 → `PublicTest_…`, or `PublicTest_row28714` if the image's number is unknown.
    """
    split = SPLITS[bisect_right(list(FIRST_ROW.values()), row) - 1]
    numbers = row_numbers()
    number = numbers[row] if row < len(numbers) else -1
    return f"{split}_{number}" if number >= 0 else f"{split}_row{row}"


def row_numbers_path() -> Path:
    """Path of the table that `row_numbers` reads."""
    return artifacts().results / "fer2013_rows.npy"


@cached
def row_numbers() -> np.ndarray:
    """For every row of fer2013.csv the number in the image's id, (35887,) int32; -1 if unknown.

    The table was made by matching pixels; in each test split one row and one image were left over,
    which belong together. Raises `ResultsError` if it is missing or damaged.
    """
    return read_npy(row_numbers_path(), None)
