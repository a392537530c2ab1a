"""Load FER2013 as arrays, from either Kaggle layout, as a folder or an archive."""

import lzma
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePath, PurePosixPath

import numpy as np

from fer_core.datasets import near_copies
from fer_core.datasets.fer2013 import MAX_FILE_BYTES, read_chip, read_file
from fer_core.datasets.fer2013_files import ImageKey, Inventory, walk
from fer_core.datasets.fer2013_ids import SPLIT_SIZES
from fer_core.datasets.ferplus import find_votes, votes_path
from fer_core.emotions import EMOTIONS
from fer_core.errors import DataError
from fer_core.evaluation.ferplus_protocol import without_outliers
from fer_core.evaluation.ferplus_votes import majority

#: What the archive modules raise for a file that is none, is damaged, incomplete or encrypted.
ARCHIVE_ERRORS = (
    *(tarfile.TarError, zipfile.BadZipFile, lzma.LZMAError, zlib.error),
    *(EOFError, RuntimeError, NotImplementedError),
)
Files = Iterator[tuple[PurePath, Callable[[], bytes]]]


@dataclass(frozen=True)
class FerData:
    """Images and labels of FER2013, sorted by id."""

    ids: np.ndarray  # (N,) str such as `PublicTest_1218`
    labels: np.ndarray  # (N,) uint8, indices into EMOTIONS
    chips: np.ndarray  # (N, 48, 48) uint8 grey
    source: Path | None = None  # the folder or archive they were read from

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
        """Return the images of `Training`, `PublicTest` or `PrivateTest`."""
        mask = np.char.startswith(self.ids, f"{name}_")
        return self.select(mask)

    def select(self, index: np.ndarray) -> "FerData":
        """Select images by `index`: integers, or a (N,) bool mask."""
        return FerData(self.ids[index], self.labels[index], self.chips[index], self.source)

    def without_test_copies(self) -> "FerData":
        """Return the images without Training images that have a copy in a test split.

        Raises:
            ResultsError: The table of these images is missing or damaged.
        """
        return self.select(~np.isin(self.ids, sorted(near_copies.load_training_copies())))

    def choice_images(self) -> "FerData":
        """Return the images on which epochs and calibration are chosen.

        These are PublicTest's without a copy in Training: on the others, a network that remembers
        more would win.

        Raises:
            ResultsError: The table of near copies is missing or damaged.
        """
        public_test = self.split("PublicTest")
        return public_test.select(~near_copies.has_training_copy(public_test.ids.tolist()))


#: What `FerData.choice_images` and `without_test_copies` are, in the words of a model's provenance.
CHOICE_IMAGES = "PublicTest without copies of Training images"
WITHOUT_TEST_COPIES = "Training without copies of test images"


def soft_labels(data: FerData, votes: float = 0.0) -> np.ndarray:
    """Compute the target distribution of each image.

    Args:
        data: The images.
        votes: Weight, 0 to 1, of the distribution of the FER+ votes over the seven emotions; the
            rest is FER2013's own label. Images without votes keep that label.

    Returns:
        (N, 7) float32; each row sums to 1.

    Raises:
        DataError: `votes` is not 0 and there is no file with the votes next to the data.
    """
    labels: np.ndarray = np.eye(len(EMOTIONS), dtype=np.float32)[data.labels]
    if not votes:
        return labels
    counts = _votes(data)[:, : len(EMOTIONS)].astype(np.float32)
    total = counts.sum(axis=1, keepdims=True)
    distribution = np.where(total, counts / np.maximum(total, 1), labels)
    mixed: np.ndarray = (1 - votes) * labels + votes * distribution
    return mixed


def vote_targets(data: FerData) -> np.ndarray:
    """Compute the distribution of each image's FER+ votes over the seven emotions.

    An answer with a single vote is dropped as an outlier, as the authors of FER+ do.

    Args:
        data: The images.

    Returns:
        (N, 7) float32; each row sums to 1, or is zero for an image that most called contempt,
        unknown or no face, or that has no votes.

    Raises:
        DataError: There is no file with the votes next to the data.
    """
    counts = emotion_votes(data).astype(np.float32)
    targets: np.ndarray = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return targets


def emotion_votes(data: FerData) -> np.ndarray:
    """(N, 7) uint8: the votes that `vote_targets` counts; it raises `DataError` for the same."""
    counts = without_outliers(_votes(data))
    counts[counts.argmax(axis=1) >= len(EMOTIONS)] = 0
    return counts[:, : len(EMOTIONS)]


def labelled_by_majority(data: FerData) -> FerData:
    """Select the images on which the votes have a clear majority, with that as their label.

    Raises `DataError` if there is no file with the votes next to the data.
    """
    labels = majority(_votes(data))
    clear = labels >= 0
    return replace(data.select(clear), labels=labels[clear].astype(np.uint8))


def _votes(data: FerData) -> np.ndarray:
    """(N, 10) uint8: the votes for the images, see `Votes.for_images`."""
    path = votes_path(data.source)
    votes = find_votes(path)
    if votes is None:
        raise DataError(f"this recipe trains on FER+ votes, but there is no {path}")
    return votes.for_images(data.ids)


def load_data(path: Path, needed: Sequence[str] = (), *, whole: bool = False) -> FerData:
    """Load all images from a folder in either Kaggle layout, or from a .tar or .zip of one.

    Ids and splits are the official ones in both layouts. What was found, and what was left out, is
    printed on stderr.

    Args:
        path: The folder or archive.
        needed: Splits that must have images of all seven emotions.
        whole: Whether these splits must have as many images as FER2013 has.

    Raises:
        DataError: There is no such data at `path`, or it is not to be trusted.
    """
    inventory = Inventory()
    try:
        chips = _read_chips(path, inventory)
    except ARCHIVE_ERRORS as error:
        raise DataError(
            f"{path.name} is damaged, incomplete or neither a .tar nor a .zip: download it again, "
            "or unpack it and name the folder."
        ) from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}.") from error
    if problem := inventory.problem():
        raise DataError(f"{path}: {problem}")
    if not chips:
        expected = (
            "Expected: train/<emotion>/*.jpg and test/ or validation/ next to it (Kaggle: "
            "msambare/fer2013)."
        )
        raise DataError(" ".join([f"no FER2013 images in {path}.", *inventory.notes(), expected]))
    print(". ".join([f"{path}: {inventory.found()}", *inventory.notes()]), file=sys.stderr)
    keys = sorted(chips)
    data = FerData(
        np.array([key.image_id for key in keys]),
        np.array([key.label for key in keys], np.uint8),
        np.stack([chips[key] for key in keys]),
        path,
    )
    for split in needed:
        labels = data.split(split).labels
        if not (n := len(labels)):
            raise DataError(f"{path} has {inventory.missing_split(split)}.")
        missing = [name for i, name in enumerate(EMOTIONS) if i not in labels]
        if missing:
            raise DataError(f"{path} has no {split} images of {', '.join(missing)}.")
        if whole and n != SPLIT_SIZES[split]:
            raise DataError(
                f"{path} has {n:,} {split} images instead of {SPLIT_SIZES[split]:,}: this is not "
                "the whole FER2013, and results of a part do not replace the committed ones "
                "(`training.evaluate --out FOLDER` writes them elsewhere)."
            )
    return data


def _read_chips(path: Path, inventory: Inventory) -> dict[ImageKey, np.ndarray]:
    """Read every image once; raises `DataError` if two copies of one differ."""
    chips: dict[ImageKey, np.ndarray] = {}
    for name, read in _files(path, inventory):
        key = inventory.add(name)
        if key is None:
            continue
        chip = read_chip(name, read())
        if not np.array_equal(chips.setdefault(key, chip), chip):
            raise DataError(
                f"{path} has two different images called {key.image_id}: {inventory.images[key]} "
                f"and {name}; leave one copy of FER2013 there."
            )
    return chips


def _files(path: Path, inventory: Inventory) -> Files:
    """The path of each file and a function that reads it."""
    if path.is_dir():
        for folder, _, files in walk(path, inventory):
            for name in files:
                yield folder / name, partial(read_file, path / folder / name)
    elif path.suffix.lower() == ".csv":
        raise DataError(
            f"{path.name} has the pixels as text; the image folders are needed (Kaggle: "
            "msambare/fer2013)."
        )
    elif not path.is_file():
        raise DataError(f"no data at {path}: docs/using.md says how to get FER2013")
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                yield PurePosixPath(member.filename), partial(_read_zipped, archive, member)
    else:
        with tarfile.open(path) as tar:
            for entry in tar:
                if not entry.isdir():
                    yield PurePosixPath(entry.name), partial(_read_tarred, tar, entry)


def _read_zipped(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as file:
        return file.read(MAX_FILE_BYTES)


def _read_tarred(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    return b"" if file is None else file.read(MAX_FILE_BYTES)
