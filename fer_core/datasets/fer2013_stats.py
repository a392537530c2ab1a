"""Statistics of FER2013: class balance, duplicate images and mean faces.

The statistics are committed in `results/fer2013.json` (written by `python -m
training.dataset_stats`), so they are available without the images; with the images they can be
recomputed.
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
from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.datasets.fer2013_ids import SPLITS
from fer_core.emotions import EMOTIONS


@dataclass(frozen=True)
class DatasetStats:
    """Image counts. A group is a set of two or more pixel-identical images."""

    counts: dict[str, dict[str, int]]  # split → emotion → images
    groups: int
    images_in_groups: int
    groups_across_splits: int
    groups_with_conflicting_labels: int
    train_duplicates: tuple[str, ...]  # PrivateTest ids whose pixels are in Training too, sorted

    def total(self, split: str) -> int:
        """Number of images in a split."""
        return sum(self.counts[split].values())

    def most_frequent(self, split: str) -> str:
        """The split's most frequent emotion."""
        counts = self.counts[split]
        return max(counts, key=lambda emotion: counts[emotion])

    def shares(self, split: str) -> dict[str, float]:
        """Emotion → its share of the split's images, a fraction."""
        return {emotion: n / self.total(split) for emotion, n in self.counts[split].items()}

    def widest_gap(self) -> float:
        """The largest difference in an emotion's share between two splits, a fraction."""
        shares = np.array(
            [[self.shares(split)[emotion] for emotion in EMOTIONS] for split in SPLITS]
        )
        return float((shares.max(axis=0) - shares.min(axis=0)).max())

    def different_fields(self, other: "DatasetStats") -> list[str]:
        """Names of the fields in which two sets of statistics differ."""
        names = [field.name for field in fields(DatasetStats)]
        return [name for name in names if getattr(self, name) != getattr(other, name)]


#: Human accuracy on FER2013 and its uncertainty, fractions: a small experiment by one author
#: (Goodfellow et al. 2013, "Challenges in representation learning").
HUMAN_AGREEMENT = 0.65, 0.05
WRITER = "dataset_stats"  # the `training` command that writes the file


def path() -> Path:
    """Path of the committed statistics."""
    return artifacts().results / "fer2013.json"


@cached
def load_stats() -> DatasetStats:
    """Load the committed statistics; raises `ResultsError` if the file is missing or damaged."""
    values = store.read_json(path(), WRITER)
    try:
        del values["provenance"]
        duplicates = tuple(values["train_duplicates"])
        return DatasetStats(**values | {"train_duplicates": duplicates})
    except (ValueError, KeyError, TypeError) as error:
        raise store.corrupted_error(path()) from error


def to_json(stats: DatasetStats, provenance: dict[str, Any]) -> str:
    """The content of `results/fer2013.json`, provenance included."""
    return json.dumps(asdict(stats) | {"provenance": provenance}, indent=1) + "\n"


def compute_stats(ids: np.ndarray, labels: np.ndarray, chips: Iterable[np.ndarray]) -> DatasetStats:
    """Compute the statistics of N images.

    Args:
        ids: (N,) str, such as `PublicTest_1218`.
        labels: (N,) integers into EMOTIONS.
        chips: N arrays (48, 48) uint8, which are consumed one by one.

    Returns:
        The statistics.

    Raises:
        ValueError: The lengths differ.
    """
    return count_images(ids, labels, [fingerprint(chip) for chip in chips])


def fingerprint(chip: np.ndarray) -> bytes:
    """A 16-byte hash of the pixels."""
    return hashlib.blake2b(chip.tobytes(), digest_size=16).digest()


def count_images(ids: np.ndarray, labels: np.ndarray, fingerprints: list[bytes]) -> DatasetStats:
    """Like `compute_stats`, with the images given by their fingerprints."""
    if not len(ids) == len(labels) == len(fingerprints):
        raise ValueError(f"{len(ids)} ids, {len(labels)} labels, {len(fingerprints)} images")
    splits = [image_id.partition("_")[0] for image_id in ids]
    counts = {split: dict.fromkeys(EMOTIONS, 0) for split in SPLITS}
    indices: dict[bytes, list[int]] = {}
    for i, digest in enumerate(fingerprints):
        counts[splits[i]][EMOTIONS[labels[i]]] += 1
        indices.setdefault(digest, []).append(i)
    groups = [group for group in indices.values() if len(group) > 1]
    across = [group for group in groups if len({splits[i] for i in group}) > 1]
    in_training = [i for group in across if "Training" in {splits[i] for i in group} for i in group]
    return DatasetStats(
        counts=counts,
        groups=len(groups),
        images_in_groups=sum(map(len, groups)),
        groups_across_splits=len(across),
        groups_with_conflicting_labels=sum(
            len({int(labels[i]) for i in group}) > 1 for group in groups
        ),
        train_duplicates=tuple(
            sorted(str(ids[i]) for i in in_training if splits[i] == "PrivateTest")
        ),
    )


@dataclass(frozen=True)
class DatasetScan:
    """The results of reading every image once."""

    stats: DatasetStats
    mean_faces: np.ndarray  # (7, 48, 48) float64, grey 0 to 255, means over Training's images


_scans: WeakKeyDictionary[Fer2013Dataset, DatasetScan] = WeakKeyDictionary()


def cached_scan(dataset: Fer2013Dataset) -> DatasetScan | None:
    """The scan of this dataset, if there has been one since the app started."""
    return _scans.get(dataset)


def scan_dataset(
    dataset: Fer2013Dataset, progress: Callable[[float], object] = lambda fraction: None
) -> DatasetScan:
    """Read every image once, which takes about 15 s; the scan is cached until the folder changes.

    Args:
        dataset: The images.
        progress: Called with the fraction done.

    Returns:
        The statistics and mean faces; the mean face of an emotion without images is NaN.

    Raises:
        DataError: An image cannot be read.
    """
    sums = np.zeros((len(EMOTIONS), 48, 48))
    fingerprints = []
    for i in range(len(dataset)):
        chip = dataset.chip_at(i)
        fingerprints.append(fingerprint(chip))
        if dataset.ids[i].startswith("Training"):
            sums[dataset.labels[i]] += chip
        if i % 500 == 0:
            progress(i / len(dataset))
    stats = count_images(dataset.ids, dataset.labels, fingerprints)
    n = np.array([stats.counts["Training"][emotion] for emotion in EMOTIONS], float)
    with np.errstate(invalid="ignore"):
        scan = DatasetScan(stats, sums / n[:, None, None])
    _scans[dataset] = scan
    return scan
