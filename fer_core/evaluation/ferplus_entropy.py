"""How much FER+'s annotators disagree about each face of the test splits.

The entropies are in `results/ferplus_entropy.npy`, written by `python -m training.ferplus`; the
votes themselves are not part of this repository.
"""

from pathlib import Path
from typing import Final

import numpy as np

from fer_core.artifacts import store
from fer_core.artifacts.npy import npy_bytes, read_npy
from fer_core.artifacts.store import artifacts, cached
from fer_core.datasets.fer2013_ids import TEST_ROWS, official_id
from fer_core.probability import entropy_bits

WRITER: Final = "ferplus"  # the `training` command that writes the file


def path() -> Path:
    """Path of the committed entropies."""
    return artifacts().results / "ferplus_entropy.npy"


def entropy(votes: np.ndarray) -> np.ndarray:
    """Shannon entropy of each face's votes: 0 where all agree, at most log2(10).

    Args:
        votes: (N, 10), see `ferplus_votes`.

    Returns:
        (N,) bits; NaN without votes.
    """
    bits = np.full(len(votes), np.nan)
    has_votes = votes.any(axis=1)
    bits[has_votes] = entropy_bits(votes[has_votes])
    return bits


def to_npy(votes: np.ndarray) -> bytes:
    """The content of the file, in half precision; `votes` are (7178, 10), of `TEST_ROWS`."""
    return npy_bytes(entropy(votes).astype(np.float16))


@cached
def load_entropies() -> dict[str, float]:
    """Id of a test image → entropy of its votes in bits, for the images with votes.

    Raises:
        ResultsError: The file is missing or damaged.
    """
    values = read_npy(path(), WRITER)
    if values.shape != (len(TEST_ROWS),):
        raise store.corrupted_error(path())
    known = zip(TEST_ROWS, values.tolist(), strict=True)
    return {official_id(row): bits for row, bits in known if not np.isnan(bits)}
