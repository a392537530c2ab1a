"""FER2013 as arrays, from either Kaggle layout or the archive."""

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


def soft_labels(data: FerData, votes: float = 0.0) -> np.ndarray:
    """(N, 7) float32, rows that sum to 1: what each image is to be called.

    That is FER2013's own label; `votes` is the share given to how ten people's votes for the seven
    emotions fall (FER+, see `fer_core.datasets.ferplus`), where an image has any. Raises
    `DataError` where
    `votes` is not 0 and the file of the votes is not beside the data.
    """
    own: np.ndarray = np.eye(len(EMOTIONS), dtype=np.float32)[data.labels]
    if not votes:
        return own
    found = find_votes()
    if found is None:
        raise DataError(f"this recipe learns from votes, and {VOTES} is not beside FER2013")
    cast = found.for_images(data.ids)[:, : len(EMOTIONS)].astype(np.float32)
    total = cast.sum(axis=1, keepdims=True)
    people = np.where(total, cast / np.maximum(total, 1), own)
    mixed: np.ndarray = (1 - votes) * own + votes * people
    return mixed


def load_data(path: Path = DEFAULT_DATA) -> FerData:
    """Read `path`: a folder in either Kaggle layout, or the `.tar.xz` of one.

    Names and splits are the official ones in both, see `fer_core.datasets.fer2013.identify`. Raises
    `DataError` where there is no such data.
    """
    ids, labels, chips = [], [], []
    for name, encoded in _files(path):
        known = identify(name.parent.name, name.name)
        if known is not None:
            ids.append(known[0])
            labels.append(known[1])
            chips.append(read_chip(name, encoded))
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
