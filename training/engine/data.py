"""Load FER2013 as arrays, from either Kaggle layout, as a folder or an archive."""

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from fer_core.datasets.fer2013 import DEFAULT_FOLDER as DEFAULT_DATA
from fer_core.datasets.fer2013 import identify, read_chip
from fer_core.datasets.ferplus import VOTES_FILE as VOTES
from fer_core.datasets.ferplus import find_votes
from fer_core.emotions import EMOTIONS
from fer_core.errors import DataError

__all__ = ["DEFAULT_DATA", "DataError", "FerData", "load_data", "soft_labels"]


@dataclass(frozen=True)
class FerData:
    """Images and labels of FER2013, sorted by id."""

    ids: np.ndarray  # (N,) str such as `PublicTest_1218`
    labels: np.ndarray  # (N,) uint8, indices into EMOTIONS
    chips: np.ndarray  # (N, 48, 48) uint8 grey

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
        return FerData(self.ids[mask], self.labels[mask], self.chips[mask])


def soft_labels(data: FerData, votes: float = 0.0) -> np.ndarray:
    """Compute the target distribution of each image.

    Args:
        data: The images.
        votes: Weight, 0 to 1, of the distribution of the FER+ votes over the seven emotions; the
            rest is FER2013's own label. Images without votes keep that label.

    Returns:
        (N, 7) float32; each row sums to 1.

    Raises:
        DataError: `votes` is not 0 and the file with the votes is not next to the data.
    """
    labels: np.ndarray = np.eye(len(EMOTIONS), dtype=np.float32)[data.labels]
    if not votes:
        return labels
    ferplus = find_votes()
    if ferplus is None:
        raise DataError(f"this recipe trains on FER+ votes, but {VOTES} is not next to FER2013")
    counts = ferplus.for_images(data.ids)[:, : len(EMOTIONS)].astype(np.float32)
    total = counts.sum(axis=1, keepdims=True)
    distribution = np.where(total, counts / np.maximum(total, 1), labels)
    mixed: np.ndarray = (1 - votes) * labels + votes * distribution
    return mixed


def load_data(path: Path = DEFAULT_DATA) -> FerData:
    """Load all images from a folder in either Kaggle layout, or from the `.tar.xz` of one.

    Ids and splits are the official ones in both layouts, see `fer_core.datasets.fer2013.identify`.

    Raises:
        DataError: There is no such data at `path`.
    """
    ids, labels, chips = [], [], []
    for name, encoded in _files(path):
        identity = identify(name.parent.name, name.name)
        if identity is not None:
            ids.append(identity[0])
            labels.append(identity[1])
            chips.append(read_chip(name, encoded))
    if not ids:
        raise DataError(
            f"no FER2013 images in {path}: expected train/<emotion>/*.jpg and test/ or "
            "validation/ next to it (Kaggle: msambare/fer2013)"
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
        raise DataError(f"no data at {path}: see 'Training' in README.md on how to get FER2013")
