"""What is known of FER2013 as a data set: its class balance, its twins, its mean faces.

The facts are recorded in `results/fer2013.json` (by `python -m training.dataset_stats`), so they
are there without the pictures; with the pictures they can be counted again.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from fer_core.artifacts import store
from fer_core.artifacts.store import artifacts, cached
from fer_core.datasets.fer2013 import SPLITS, Fer2013Dataset
from fer_core.emotions import EMOTIONS


@dataclass(frozen=True)
class DatasetStats:
    """Counts of images. A group is a set of two or more images with the very same pixels."""

    counts: dict[str, dict[str, int]]  # split → emotion → images
    groups: int
    images_in_groups: int
    groups_across_splits: int
    groups_with_conflicting_labels: int
    train_duplicates: tuple[str, ...]  # ids of the PrivateTest images that are in Training too, sorted

    def total(self, split: str) -> int:
        """Images of a split."""
        return sum(self.counts[split].values())

    def most_frequent(self, split: str) -> str:
        """The split's most frequent emotion."""
        counts = self.counts[split]
        return max(counts, key=lambda emotion: counts[emotion])

    def shares(self, split: str) -> dict[str, float]:
        """Each emotion's share of a split's images."""
        return {name: n / self.total(split) for name, n in self.counts[split].items()}

    def widest_gap(self) -> float:
        """By how much an emotion's share differs most between two splits, a fraction."""
        shares = np.array([[self.shares(split)[name] for name in EMOTIONS] for split in SPLITS])
        return float((shares.max(axis=0) - shares.min(axis=0)).max())

    def different_fields(self, other: "Facts") -> list[str]:
        """Names of the fields in which two counts differ."""
        names = [field.name for field in fields(DatasetStats)]
        return [name for name in names if getattr(self, name) != getattr(other, name)]


#: How often people give the label of FER2013, and how far off that may be, fractions (Goodfellow et
#: al. 2013, "Challenges in representation learning").
HUMAN_AGREEMENT = 0.65, 0.05
WRITER = "dataset_stats"  # the command of `training` that writes the file


def path() -> Path:
    """Where the committed facts lie."""
    return artifacts().results / "fer2013.json"


@cached
def load_stats() -> DatasetStats:
    """The committed facts; `ResultsError` where the file is missing or damaged."""
    saved = store.read_json(path(), WRITER)
    try:
        del saved["made"]
        return DatasetStats(**saved | {"twins": tuple(saved["twins"])})
    except (ValueError, KeyError, TypeError) as error:
        raise store.corrupted_error(path()) from error


def to_json(facts: DatasetStats, made: dict[str, Any]) -> str:
    """The text of `results/fer2013.json`; `made` says where and with what it was counted."""
    return json.dumps(asdict(facts) | {"made": made}, indent=1) + "\n"


def compute_stats(ids: np.ndarray, labels: np.ndarray, chips: Iterable[np.ndarray]) -> DatasetStats:
    """Count: `ids` (N,) such as `PublicTest_1218`, `labels` (N,) indices into EMOTIONS, and N
    `chips` (48, 48) uint8, one after the other."""
    return count_images(ids, labels, [fingerprint(chip) for chip in chips])


def fingerprint(chip: np.ndarray) -> bytes:
    """The same for the same pixels, another for others."""
    return hashlib.blake2b(chip.tobytes(), digest_size=16).digest()


def count_images(ids: np.ndarray, labels: np.ndarray, fingerprints: list[bytes]) -> DatasetStats:
    """`measure` of chips known by their `fingerprint`."""
    if not len(ids) == len(labels) == len(fingerprints):
        raise ValueError(f"{len(ids)} ids, {len(labels)} labels, {len(fingerprints)} pictures")
    splits = [image.partition("_")[0] for image in ids]
    counts = {split: dict.fromkeys(EMOTIONS, 0) for split in SPLITS}
    same: dict[bytes, list[int]] = {}
    for i, mark in enumerate(fingerprints):
        counts[splits[i]][EMOTIONS[labels[i]]] += 1
        same.setdefault(mark, []).append(i)
    groups = [members for members in same.values() if len(members) > 1]
    across = [members for members in groups if len({splits[i] for i in members}) > 1]
    taught = [members for members in across if any(splits[i] == "Training" for i in members)]
    return DatasetStats(
        counts=counts,
        groups=len(groups),
        images_in_groups=sum(map(len, groups)),
        groups_across_splits=len(across),
        groups_with_conflicting_labels=sum(
            len({int(labels[i]) for i in members}) > 1 for members in groups
        ),
        train_duplicates=tuple(
            sorted(str(ids[i]) for members in taught for i in members if splits[i] == "PrivateTest")
        ),
    )


@dataclass(frozen=True)
class DatasetScan:
    """What one look at every picture tells."""

    stats: DatasetStats
    mean_faces: np.ndarray  # (7, 48, 48) float64, grey 0 to 255, mean over Training's images


_scans: WeakKeyDictionary[Fer2013Dataset, DatasetScan] = WeakKeyDictionary()


def cached_scan(faces: Fer2013Dataset) -> DatasetScan | None:
    """The survey of these faces, if there has been one since the app started."""
    return _scans.get(faces)


def scan_dataset(faces: Fer2013Dataset, progress: Callable[[float], object] = lambda share: None) -> DatasetScan:
    """Look at every picture once, about 15 s; `progress` hears the share done.

    Kept until the folder changes. `DataError` where a picture cannot be read. An emotion without an
    image has a mean face of NaN.
    """
    sums = np.zeros((len(EMOTIONS), 48, 48))
    marks = []
    for i in range(len(faces)):
        chip = faces.chip_at(i)
        marks.append(fingerprint(chip))
        if faces.ids[i].startswith("Training"):
            sums[faces.labels[i]] += chip
        if i % 500 == 0:
            progress(i / len(faces))
    facts = count_images(faces.ids, faces.labels, marks)
    n = np.array([facts.counts["Training"][emotion] for emotion in EMOTIONS], float)
    with np.errstate(invalid="ignore"):
        done = DatasetScan(facts, sums / n[:, None, None])
    _scans[faces] = done
    return done
