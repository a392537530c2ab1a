"""Single arrays among the committed files, without pickled objects."""

import io
from pathlib import Path

import numpy as np

from fer_core.artifacts import store


def npy_bytes(array: np.ndarray) -> bytes:
    """The content of an .npy file."""
    content = io.BytesIO()
    np.save(content, array, allow_pickle=False)
    return content.getvalue()


def read_npy(path: Path, command: str | None) -> np.ndarray:
    """Read a committed .npy file and verify its checksum.

    Args:
        path: The file.
        command: As of `store.read_verified`.

    Raises:
        ResultsError: The file is missing or damaged.
    """
    content = store.read_verified(path, command)
    try:
        array: np.ndarray = np.load(io.BytesIO(content), allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise store.corrupted_error(path) from error
    return array
