"""FER2013 on this disk: which pictures there are, what each is called, and one or some of them.

To find the faces only file names are listed, so a page may ask at every run. Reading all of them
is `training.engine.data.load_data`.
"""

import io
import os
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from fer_core.artifacts import store
from fer_core.artifacts.store import artifacts, cached
from fer_core.emotions import EMOTIONS
from fer_core.errors import DataError, ResultsError

DEFAULT_FOLDER = Path("data/fer2013")  # below the current folder, or else beside this package
FOLDER_VARIABLE = "FER2013_DIR"  # environment variable that names another folder
SPLITS: Final = ("Training", "PublicTest", "PrivateTest")
#: The rows of the original fer2013.csv are in the order of the splits.
FIRST_ROW: Final = {"Training": 0, "PublicTest": 28709, "PrivateTest": 32298}


@dataclass(frozen=True, eq=False)
class Fer2013Dataset:
    """The pictures of a folder: `ids` (N,) str such as `PublicTest_1218`, sorted; `labels` (N,)
    uint8, indices into EMOTIONS.

    Ids of the two test splits are unique. In Training two numbers were given to two pictures each.
    """

    ids: np.ndarray
    labels: np.ndarray
    _files: list[tuple[Path, str]]  # folder and name
    _first: dict[str, int]  # where an id stands first
    _folders: dict[Path, int]  # every folder that was listed, with its time of change in ns

    @classmethod
    def find(cls, folder: Path | None = None) -> "Faces | None":
        """The pictures below `folder`, in either Kaggle layout; None where there are none.

        Without `folder` it is the one that the environment variable FER2013_DIR names, else
        `data/fer2013`. None also where the table of names is damaged that one layout needs (see
        `row_numbers`). A listing is kept until one of its folders changes. Archives are not
        opened: finding one face in them takes too long.
        """
        top = (folder or default_folder()).absolute()
        known = _listed.get(top)
        if known is None or any(_changed(path) != at for path, at in known._folders.items()):
            try:
                known = _listed[top] = _list(top)
            except ResultsError:  # the names cannot be told without the table
                return None
        return known if len(known) else None

    def __len__(self) -> int:
        return len(self.ids)

    def label(self, image: str) -> str:
        """The emotion that FER2013 itself gives that id; `KeyError` for an unknown one."""
        return EMOTIONS[self.labels[self._index(image)]]

    def chip(self, image: str) -> np.ndarray:
        """The picture of that id, (48, 48) uint8 grey; of two with one id the first.

        An unknown id raises `KeyError`, a file that is no 48×48 picture `DataError`.
        """
        return self.chip_at(self._index(image))

    def chips(self, images: Iterable[str]) -> np.ndarray:
        """The pictures of those ids in that order, (N, 48, 48) uint8; raises what `chip` does."""
        found = [self.chip(image) for image in images]
        return np.stack(found) if found else np.empty((0, 48, 48), np.uint8)

    def chip_at(self, index: int) -> np.ndarray:
        """The picture of `ids[index]`, (48, 48) uint8 grey; `DataError` where it is none."""
        folder, name = self._files[index]
        try:
            encoded = (folder / name).read_bytes()
        except OSError as error:
            raise DataError(f"{name} could not be read: {error.strerror}.") from error
        return read_chip(name, encoded)

    def _index(self, image: str) -> int:
        if image not in self._first:
            raise KeyError(f"no picture called {image} in this copy of FER2013")
        return self._first[image]


_listed: dict[Path, Fer2013Dataset] = {}


def default_folder() -> Path:
    """Where FER2013 is looked for when nobody says where."""
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named)
    return DEFAULT_FOLDER if DEFAULT_FOLDER.is_dir() else Path(__file__).parents[2] / DEFAULT_FOLDER


def identify(emotion: str, file: str) -> tuple[str, int] | None:
    """Folder and name, `happy` and `PublicTest_1218.jpg` → official id and label; None for what is
    no picture of the set.

    The layout with `train/` and `test/` names the split in the file name. The one with `train/` and
    `validation/` has plain numbers, which are rows of fer2013.csv: see `official_id`.
    """
    stem, _, suffix = file.rpartition(".")
    numbered = stem.isascii() and stem.isdigit()
    if suffix != "jpg" or emotion not in EMOTIONS:
        return None
    if not numbered and stem.partition("_")[0] not in SPLITS:
        return None
    return official_id(int(stem)) if numbered else stem, EMOTIONS.index(emotion)


def official_id(row: int) -> str:
    """Row 28714 of the original fer2013.csv → `PublicTest_…`; `PublicTest_row28714` where the
    number is not known."""
    split = SPLITS[bisect_right(list(FIRST_ROW.values()), row) - 1]
    numbers = row_numbers()
    number = numbers[row] if row < len(numbers) else -1
    return f"{split}_{number}" if number >= 0 else f"{split}_row{row}"


def row_numbers_path() -> Path:
    """Where the table of `row_numbers` lies."""
    return artifacts().results / "fer2013_rows.npy"


@cached
def row_numbers() -> np.ndarray:
    """Number in the image's name for every row of fer2013.csv, (35887,) int32, -1 where unknown;
    found by matching pixels. `ResultsError` where the file is missing or damaged."""
    content = store.read_verified(row_numbers_path(), None)
    try:
        numbers: np.ndarray = np.load(io.BytesIO(content), allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise store.corrupted_error(row_numbers_path()) from error
    return numbers


def read_chip(name: object, encoded: bytes) -> np.ndarray:
    """A file's bytes → (48, 48) uint8 grey; `DataError` names the file where it is none."""
    try:
        chip = np.array(Image.open(io.BytesIO(encoded)).convert("L"))
    except OSError:
        chip = np.empty(0)
    if chip.shape != (48, 48):
        raise DataError(f"{name} is not a 48×48 picture: is this FER2013?")
    return chip


def _list(top: Path) -> Fer2013Dataset:
    folders = {top: _changed(top)}
    found: list[tuple[str, int, Path, str]] = []
    for place, below, files in os.walk(top):
        folder = Path(place)
        folders |= {folder / name: _changed(folder / name) for name in below}
        for file in files:
            known = identify(folder.name, file)
            if known is not None:
                found.append((*known, folder, file))
    found.sort()
    ids = np.array([image for image, *_ in found])
    labels = np.array([label for _, label, *_ in found], np.uint8)
    first = {found[i][0]: i for i in reversed(range(len(found)))}
    return Fer2013Dataset(ids, labels, [(folder, file) for *_, folder, file in found], first, folders)


def _changed(folder: Path) -> int:
    """When a folder last changed, in ns; -1 where there is none."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return -1
