"""How much FER+'s annotators disagree about each face of the test splits.

The entropies are in `results/ferplus_entropy.npy`, written by `python -m training.ferplus`; the
votes themselves are not part of this repository.
"""

import io
from pathlib import Path
from typing import Final

import numpy as np

from fer_core.artifacts import store
from fer_core.artifacts.store import artifacts, cached
from fer_core.datasets.fer2013_ids import TEST_ROWS, official_id

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
    totals = votes.sum(axis=1, keepdims=True)
    shares = votes / np.maximum(totals, 1)
    bits = -(shares * np.log2(np.where(shares > 0, shares, 1))).sum(axis=1)
    return np.where(totals[:, 0] > 0, np.abs(bits), np.nan)  # never -0


def to_npy(votes: np.ndarray) -> bytes:
    """The content of the file, in half precision; `votes` are (7178, 10), of `TEST_ROWS`."""
    content = io.BytesIO()
    np.save(content, entropy(votes).astype(np.float16), allow_pickle=False)
    return content.getvalue()


@cached
def load_entropies() -> dict[str, float]:
    """Id of a test image → entropy of its votes in bits, for the images with votes.

    Raises:
        ResultsError: The file is missing or damaged.
    """
    content = store.read_verified(path(), WRITER)
    try:
        values = np.load(io.BytesIO(content), allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise store.corrupted_error(path()) from error
    if values.shape != (len(TEST_ROWS),):
        raise store.corrupted_error(path())
    known = zip(TEST_ROWS, values.tolist(), strict=True)
    return {official_id(row): bits for row, bits in known if not np.isnan(bits)}
