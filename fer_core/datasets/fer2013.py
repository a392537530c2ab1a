"""FER2013 on this disk: the list of its images, their official ids, and reading some of them.

Only file names are listed, which is cheap enough for every page run. All images are read by
`training.engine.data.load_data`.
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

DEFAULT_FOLDER = Path("data/fer2013")  # in the current folder, otherwise next to this package
FOLDER_VARIABLE = "FER2013_DIR"  # environment variable that overrides the folder
SPLITS: Final = ("Training", "PublicTest", "PrivateTest")
#: First row of each split in the original fer2013.csv, which is ordered by split.
FIRST_ROW: Final = {"Training": 0, "PublicTest": 28709, "PrivateTest": 32298}


@dataclass(frozen=True, eq=False)
class Fer2013Dataset:
    """The images of one folder, sorted by id.

    Ids of the two test splits are unique; in Training, two ids each belong to two images.

    Attributes:
        ids: (N,) str, such as `PublicTest_1218`.
        labels: (N,) uint8, indices into EMOTIONS.
    """

    ids: np.ndarray
    labels: np.ndarray
    _files: list[tuple[Path, str]]  # folder and file name
    _first_index: dict[str, int]  # id → its first index
    _folder_times: dict[Path, int]  # every listed folder → its modification time in ns

    @classmethod
    def find(cls, folder: Path | None = None) -> "Fer2013Dataset | None":
        """List the images below a folder, in either Kaggle layout.

        The listing is cached until one of its folders changes. Archives are not opened: finding
        one face in them takes too long.

        Args:
            folder: The folder; by default `default_folder()`.

        Returns:
            The images; None if there are none, or if one layout needs the table of names (see
            `row_numbers`) and it is damaged.
        """
        root = (folder or default_folder()).absolute()
        dataset = _datasets.get(root)
        if dataset is None or any(
            _modified_at(path) != time for path, time in dataset._folder_times.items()
        ):
            try:
                dataset = _datasets[root] = _list_images(root)
            except ResultsError:  # without the table the ids are unknown
                return None
        return dataset if len(dataset) else None

    def __len__(self) -> int:
        return len(self.ids)

    def label(self, image_id: str) -> str:
        """FER2013's label of an image; raises `KeyError` for an unknown id."""
        return EMOTIONS[self.labels[self._index(image_id)]]

    def chip(self, image_id: str) -> np.ndarray:
        """Read an image, (48, 48) uint8 grey; the first one if two have this id.

        Raises `KeyError` for an unknown id and `DataError` if the file is not a 48×48 image.
        """
        return self.chip_at(self._index(image_id))

    def chips(self, image_ids: Iterable[str]) -> np.ndarray:
        """Read several images in order, (N, 48, 48) uint8; raises like `chip`."""
        chips = [self.chip(image_id) for image_id in image_ids]
        return np.stack(chips) if chips else np.empty((0, 48, 48), np.uint8)

    def chip_at(self, index: int) -> np.ndarray:
        """Read the image of `ids[index]`, (48, 48) uint8 grey; raises `DataError` like `chip`."""
        folder, name = self._files[index]
        try:
            encoded = (folder / name).read_bytes()
        except OSError as error:
            raise DataError(f"{name} could not be read: {error.strerror}.") from error
        return read_chip(name, encoded)

    def _index(self, image_id: str) -> int:
        if image_id not in self._first_index:
            raise KeyError(f"no image {image_id} in this copy of FER2013")
        return self._first_index[image_id]


_datasets: dict[Path, Fer2013Dataset] = {}


def default_folder() -> Path:
    """The folder that FER2013_DIR names, otherwise `data/fer2013`."""
    if folder := os.environ.get(FOLDER_VARIABLE):
        return Path(folder)
    return DEFAULT_FOLDER if DEFAULT_FOLDER.is_dir() else Path(__file__).parents[2] / DEFAULT_FOLDER


def identify(emotion: str, file: str) -> tuple[str, int] | None:
    """Derive an image's official id and label from its folder and file name.

    The Kaggle layout with `train/` and `test/` has the split in the file name. The one with
    `train/` and `validation/` has plain numbers: rows of fer2013.csv, see `official_id`.

    Args:
        emotion: The folder's name, such as `happy`.
        file: The file's name, such as `PublicTest_1218.jpg`.

    Returns:
        The id and the label as an index into EMOTIONS; None if it is not an image of FER2013.
    """
    stem, _, suffix = file.rpartition(".")
    is_row = stem.isascii() and stem.isdigit()
    if suffix != "jpg" or emotion not in EMOTIONS:
        return None
    if not is_row and stem.partition("_")[0] not in SPLITS:
        return None
    return official_id(int(stem)) if is_row else stem, EMOTIONS.index(emotion)


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

    The table was made by matching pixels. Raises `ResultsError` if it is missing or damaged.
    """
    content = store.read_verified(row_numbers_path(), None)
    try:
        numbers: np.ndarray = np.load(io.BytesIO(content), allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise store.corrupted_error(row_numbers_path()) from error
    return numbers


def read_chip(name: object, encoded: bytes) -> np.ndarray:
    """Decode one image of FER2013.

    Args:
        name: The file's name, for the error message.
        encoded: The file's content.

    Returns:
        (48, 48) uint8 grey.

    Raises:
        DataError: It is not a 48×48 image.
    """
    try:
        chip = np.array(Image.open(io.BytesIO(encoded)).convert("L"))
    except OSError:
        chip = np.empty(0)
    if chip.shape != (48, 48):
        raise DataError(f"{name} is not a 48×48 image: is this FER2013?")
    return chip


def _list_images(root: Path) -> Fer2013Dataset:
    folder_times = {root: _modified_at(root)}
    images: list[tuple[str, int, Path, str]] = []
    for path, subfolders, files in os.walk(root):
        folder = Path(path)
        folder_times |= {folder / name: _modified_at(folder / name) for name in subfolders}
        for file in files:
            id_and_label = identify(folder.name, file)
            if id_and_label is not None:
                images.append((*id_and_label, folder, file))
    images.sort()
    ids = np.array([image_id for image_id, *_ in images])
    labels = np.array([label for _, label, *_ in images], np.uint8)
    first_index = {images[i][0]: i for i in reversed(range(len(images)))}
    paths = [(folder, file) for *_, folder, file in images]
    return Fer2013Dataset(ids, labels, paths, first_index, folder_times)


def _modified_at(folder: Path) -> int:
    """Modification time of a folder in ns; -1 if it does not exist."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return -1
