"""The clear majorities of FER+'s annotators for the faces of both test splits.

They are in `results/ferplus_majorities.npz`, written by `python -m training.ferplus`; the votes
themselves are not part of this repository.
"""

import io
import zipfile
from pathlib import Path

import numpy as np

from fer_core.artifacts import store
from fer_core.artifacts.predictions import npz_bytes
from fer_core.artifacts.store import artifacts, cached
from fer_core.emotions import EMOTIONS
from fer_core.evaluation.ferplus_votes import majority

WRITER = "ferplus"  # the `training` command that writes the file


def path() -> Path:
    """Path of the committed majorities."""
    return artifacts().results / "ferplus_majorities.npz"


def to_npz(ids: np.ndarray, votes: np.ndarray) -> bytes:
    """The content of the file.

    Args:
        ids: (N,) str, ids of FER2013's images.
        votes: (N, 10), see `ferplus_votes`.
    """
    majorities = majority(votes)
    clear = majorities >= 0
    return npz_bytes({"ids": ids[clear], "majorities": majorities[clear].astype(np.int8)})


@cached
def load_majorities(split: str) -> dict[str, int]:
    """Image id → index into EMOTIONS of the clear majority, for the images that have one.

    Args:
        split: `PublicTest` or `PrivateTest`.

    Raises:
        ResultsError: The file is missing or damaged.
    """
    content = store.read_verified(path(), WRITER)
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            ids, majorities = file["ids"].tolist(), file["majorities"].tolist()
        by_id = dict(zip(ids, majorities, strict=True))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise store.corrupted_error(path()) from error
    if not all(0 <= answer < len(EMOTIONS) for answer in by_id.values()):
        raise store.corrupted_error(path())
    return {image_id: answer for image_id, answer in by_id.items() if image_id.startswith(split)}
