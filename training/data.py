"""FER2013 as arrays, from either Kaggle layout or the archive."""

import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image

from fer_core.emotions import EMOTIONS
from fer_core.errors import FerError

DEFAULT_DATA = Path("data/fer2013")
SPLITS = ("Training", "PublicTest", "PrivateTest")
#: Number in the image's name for every row of the original fer2013.csv, -1 where unknown. Found by
#: matching pixels; the rows of the original file are in the order of the splits.
ROW_NUMBERS = Path(__file__).with_name("fer2013_rows.npy")
FIRST_ROW = {"Training": 0, "PublicTest": 28709, "PrivateTest": 32298}


class DataError(FerError):
    """The data folder is missing or is not FER2013."""


@dataclass(frozen=True)
class FerData:
    """Images of FER2013: `ids` (N,) str such as `PublicTest_1218`, sorted; `labels` (N,) uint8,
    indices into EMOTIONS; `chips` (N, 48, 48) uint8 grey."""

    ids: np.ndarray
    labels: np.ndarray
    chips: np.ndarray

    def __post_init__(self) -> None:
        n = len(self.ids)
        if self.labels.shape != (n,) or self.chips.shape != (n, 48, 48):
            raise ValueError(
                f"{n} ids need labels ({n},) and chips ({n}, 48, 48), "
                f"not {self.labels.shape} and {self.chips.shape}"
            )

    def __len__(self) -> int:
        return len(self.ids)

    def split(self, name: str) -> "FerData":
        """The images of `Training`, `PublicTest` or `PrivateTest`."""
        chosen = np.char.startswith(self.ids, f"{name}_")
        return FerData(self.ids[chosen], self.labels[chosen], self.chips[chosen])


def load_data(path: Path = DEFAULT_DATA) -> FerData:
    """Read `path`: a folder in either Kaggle layout, or the `.tar.xz` of one.

    The layout with `train/` and `test/` names the split in the file name. The one with `train/` and
    `validation/` has plain numbers, which are rows of the original fer2013.csv: from them the
    official splits and names are restored. Raises `DataError` where there is no such data.
    """
    ids, labels, chips = [], [], []
    for name, encoded in _files(path):
        emotion = name.parent.name
        if emotion not in EMOTIONS:
            continue
        try:
            chip = np.array(Image.open(io.BytesIO(encoded)).convert("L"))
        except OSError:
            chip = np.empty(0)
        if chip.shape != (48, 48):
            raise DataError(f"{name} is not a 48×48 picture: is this FER2013?")
        ids.append(_official_id(name.stem))
        labels.append(EMOTIONS.index(emotion))
        chips.append(chip)
    if not ids:
        raise DataError(
            f"no FER2013 pictures in {path}: expected train/<emotion>/*.jpg and test/ or "
            "validation/ beside it (Kaggle: msambare/fer2013)"
        )
    order = np.argsort(np.array(ids))
    return FerData(np.array(ids)[order], np.array(labels, np.uint8)[order], np.stack(chips)[order])


def _files(path: Path) -> Iterator[tuple[PurePosixPath, bytes]]:
    if path.is_dir():
        for file in path.rglob("*.jpg"):
            yield PurePosixPath(file.relative_to(path).as_posix()), file.read_bytes()
    elif path.is_file():
        with tarfile.open(path) as archive:
            for member in archive:
                content = archive.extractfile(member) if member.name.endswith(".jpg") else None
                if content is not None:
                    yield PurePosixPath(member.name), content.read()
    else:
        raise DataError(f"no data at {path}: see README.md, 'Training', for how to get FER2013")


def _official_id(stem: str) -> str:
    """`PublicTest_1218` as it is; row `28714` of the original file → its official name."""
    if not stem.isdigit():
        return stem
    row = int(stem)
    split = max((s for s in SPLITS if FIRST_ROW[s] <= row), key=lambda s: FIRST_ROW[s])
    numbers = _row_numbers()
    number = numbers[row] if row < len(numbers) else -1
    return f"{split}_{number}" if number >= 0 else f"{split}_row{row}"


@cache
def _row_numbers() -> np.ndarray:
    return np.load(ROW_NUMBERS)
