"""Brightness, contrast and sharpness of faces, and those of FER2013's test images.

`python -m training.appearance` measures the test images and writes `fer2013_appearance.npy` in
`fer_core/results/`, three numbers per image, so that the images themselves are not needed.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from fer_core.artifacts import store
from fer_core.artifacts.npy import npy_bytes, read_npy
from fer_core.artifacts.store import artifacts, cached
from fer_core.datasets.fer2013_ids import TEST_ROWS, official_id

COMMAND: Final = "appearance"  # the `training` command that writes the file
#: What is measured, in the order of the columns, all of the grey levels 0 to 255: their mean, their
#: standard deviation, and the variance of their Laplacian (Pech-Pacheco et al. 2000).
MEASURES: Final = ("brightness", "contrast", "sharpness")


def appearance_path() -> Path:
    """Path of the committed table."""
    return artifacts().results / "fer2013_appearance.npy"


def measure(chips: np.ndarray | Sequence[np.ndarray]) -> np.ndarray:
    """Measure chips.

    Args:
        chips: (N, 48, 48) uint8 grey.

    Returns:
        (N, 3) float64, columns as in `MEASURES`.
    """
    rows = [(chip.mean(), chip.std(), cv2.Laplacian(chip, cv2.CV_64F).var()) for chip in chips]
    return np.array(rows, np.float64).reshape(-1, len(MEASURES))


def write_appearance(values: np.ndarray) -> None:
    """Write the table in half precision, (7178, 3) in the order of `TEST_ROWS`."""
    store.write_files({appearance_path(): npy_bytes(values.astype(np.float16))})


@cached
def load_appearance() -> dict[str, np.ndarray]:
    """Read the table.

    Returns:
        Id of a test image → (3,) float64, as in `MEASURES`.

    Raises:
        ResultsError: The table is missing or damaged.
    """
    values = read_npy(appearance_path(), COMMAND)
    if values.shape != (len(TEST_ROWS), len(MEASURES)) or not np.isfinite(values).all():
        raise store.corrupted_error(appearance_path())
    return {official_id(row): values[i].astype(np.float64) for i, row in enumerate(TEST_ROWS)}
