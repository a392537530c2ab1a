"""FER2013 on this disk: the list of its images, and reading some of them.

Only file names are listed, which is cheap enough for every page run. All images are read by
`training.engine.data.load_data`.
"""

import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from fer_core.datasets.fer2013_files import Inventory, walk
from fer_core.emotions import EMOTIONS
from fer_core.errors import DataError, ResultsError

DEFAULT_FOLDER = Path("data/fer2013")  # in the current folder, otherwise next to this package
FOLDER_VARIABLE = "FER2013_DIR"  # environment variable that overrides the folder
MAX_FILE_BYTES = 1_000_000  # far more than a file of 48×48 pixels has


@dataclass(frozen=True, eq=False)
class Fer2013Dataset:
    """The images of one folder, sorted by id.

    Ids of the two test splits are unique; in Training, two ids each belong to two images.

    Attributes:
        ids: (N,) str, such as `PublicTest_1218`.
        labels: (N,) uint8, indices into EMOTIONS.
        inventory: What was found in the folder and what was left out.
    """

    ids: np.ndarray
    labels: np.ndarray
    inventory: Inventory
    _files: list[Path]
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
            The images; None if there are none (`explain_listing` says why), or if one layout needs
            the table of names (see `fer2013_ids.row_numbers`) and it is damaged.
        """
        try:
            dataset = _list_images((folder or default_folder()).absolute())
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
        return read_chip(self._files[index].name, read_file(self._files[index]))

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


def explain_listing() -> list[str]:
    """What a user should know about the listing of `default_folder()`, one sentence each.

    Returns:
        What was left out and why, or why no image was found. Empty if nothing is wrong, and if
        there is no such folder and FER2013_DIR names none.
    """
    root = default_folder().absolute()
    is_named = bool(os.environ.get(FOLDER_VARIABLE))
    if not root.is_dir():
        is_file = root.is_file()
        state = "not a folder; unpack it and name the folder" if is_file else "missing"
        return [f"{FOLDER_VARIABLE} names {root.name}, which is {state}."] if is_named else []
    try:
        inventory = _list_images(root).inventory
    except ResultsError as error:
        return [str(error)]
    notes = inventory.notes()
    if inventory.images:
        return [f"{inventory.found()}.", *notes] if notes else []
    where = f"{FOLDER_VARIABLE} names {root.name}, where" if is_named else f"In {root.name}"
    return [f"{where} no image of FER2013 was found.", *notes]


def read_file(path: Path) -> bytes:
    """Read one image's file; raises `DataError` if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES)
    except OSError as error:
        raise DataError(f"{path.name} could not be read: {error.strerror}.") from error


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
        with Image.open(io.BytesIO(encoded)) as image:
            chip = np.array(image.convert("L")) if image.size == (48, 48) else None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        chip = None
    if chip is None:
        raise DataError(f"{name} is not a 48×48 image: is this FER2013?")
    return chip


def _list_images(root: Path) -> Fer2013Dataset:
    """List a folder's images, or return the cached list; raises `ResultsError` (see `find`)."""
    dataset = _datasets.get(root)
    if dataset is not None and all(
        _modified_at(path) == time for path, time in dataset._folder_times.items()
    ):
        return dataset
    folder_times = {root: _modified_at(root)}
    inventory = Inventory()
    for folder, subfolders, files in walk(root, inventory):
        folder_times |= {root / name: _modified_at(root / name) for name in subfolders}
        for file in files:
            inventory.add(folder / file)
    keys = sorted(inventory.images)
    dataset = _datasets[root] = Fer2013Dataset(
        np.array([key.image_id for key in keys]),
        np.array([key.label for key in keys], np.uint8),
        inventory,
        [root / inventory.images[key] for key in keys],
        {key.image_id: i for i, key in reversed(list(enumerate(keys)))},
        folder_times,
    )
    return dataset


def _modified_at(folder: Path) -> int:
    """Modification time of a folder in ns; -1 if it does not exist."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return -1
