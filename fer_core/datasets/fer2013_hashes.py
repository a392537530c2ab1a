"""A fingerprint of every FER2013 image, by which copies of it are recognised without the images.

`python -m training.image_hashes` computes them and writes `fer2013_hashes.npy` in
`fer_core/results/`. No image can be made from a fingerprint of 64 bits.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from fer_core.artifacts import store
from fer_core.artifacts.npy import npy_bytes, read_npy
from fer_core.artifacts.store import artifacts, cached
from fer_core.datasets.fer2013_ids import ROWS

COMMAND: Final = "image_hashes"  # the `training` command that writes the file
#: Fingerprints that differ in at most so many of 64 bits belong to copies of one image. Chosen on
#: Training against PublicTest (docs/own_test_set.md).
MAX_DISTANCE: Final = 6
#: A chip with a lower standard deviation, in grey levels, shows nothing and has no fingerprint.
FLAT: Final = 1.0
SIDE: Final = 32  # px, to which a chip is reduced
FREQUENCIES: Final = 8  # kept per direction, without the constant ones
_AT_ONCE: Final = 128  # chips compared with all images together: 37 MB


def hashes_path() -> Path:
    """Path of the table of fingerprints."""
    return artifacts().results / "fer2013_hashes.npy"


def fingerprints(chips: np.ndarray | Sequence[np.ndarray]) -> np.ndarray:
    """Compute the perceptual hash (pHash, Zauner 2010) of chips.

    Each bit says whether one of the 64 lowest frequencies of the cosine transform is above their
    median. Brightness and contrast do not matter.

    Args:
        chips: (N, 48, 48) uint8 grey.

    Returns:
        (N,) uint64.
    """
    hashes = np.zeros(len(chips), np.uint64)
    for i, chip in enumerate(chips):
        small = cv2.resize(chip, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
        low = cv2.dct(small)[1 : FREQUENCIES + 1, 1 : FREQUENCIES + 1].ravel()
        hashes[i] = np.packbits(low > np.median(low)).view(">u8")[0]
    return hashes


def nearest(hashes: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the nearest known fingerprint of each.

    Args:
        hashes: (N,) uint64.
        known: (M,) uint64, M ≥ 1.

    Returns:
        (N,) index into `known`, the first of equally near ones, and (N,) distance in bits.
    """
    indices, distances = np.empty(len(hashes), np.int64), np.empty(len(hashes), np.int64)
    for start in range(0, len(hashes), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        bits = np.bitwise_count(hashes[part, None] ^ known[None])
        indices[part] = bits.argmin(axis=1)
        distances[part] = bits.min(axis=1)
    return indices, distances


def is_flat(chip: np.ndarray) -> bool:
    """Whether a chip, (48, 48) uint8, shows too little for a fingerprint."""
    return float(chip.std()) < FLAT


def write_hashes(hashes: np.ndarray) -> None:
    """Write the table of fingerprints, (35887,) uint64 by row of fer2013.csv."""
    store.write_files({hashes_path(): npy_bytes(hashes)})


@cached
def load_hashes() -> np.ndarray:
    """Read the fingerprints, (35887,) uint64 by row of fer2013.csv, read-only.

    Raises:
        ResultsError: The table is missing or damaged.
    """
    hashes = read_npy(hashes_path(), COMMAND)
    if hashes.shape != (ROWS,) or hashes.dtype != np.uint64:
        raise store.corrupted_error(hashes_path())
    hashes.flags.writeable = False
    return hashes
