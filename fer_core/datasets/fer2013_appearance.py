"""Brightness, contrast and sharpness of faces, and those of FER2013's images.

`python -m training.appearance` measures the images and writes two tables in `fer_core/results/`, so
that the images themselves are not needed: `fer2013_appearance.npy` with three numbers per test
image, and `fer2013_training_quantiles.npy` with those of Training's distribution.
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
#: Parts into which Training's distribution of each measure is divided.
PARTS: Final = 1000


def appearance_path() -> Path:
    """Path of the committed table of the test images."""
    return artifacts().results / "fer2013_appearance.npy"


def quantiles_path() -> Path:
    """Path of the committed quantiles of Training."""
    return artifacts().results / "fer2013_training_quantiles.npy"


def measure(chips: np.ndarray | Sequence[np.ndarray]) -> np.ndarray:
    """Measure chips.

    Args:
        chips: (N, 48, 48) uint8 grey.

    Returns:
        (N, 3) float64, columns as in `MEASURES`.
    """
    rows = [(chip.mean(), chip.std(), cv2.Laplacian(chip, cv2.CV_64F).var()) for chip in chips]
    return np.array(rows, np.float64).reshape(-1, len(MEASURES))


def write_appearance(test: np.ndarray, training: np.ndarray) -> None:
    """Write the two tables.

    Args:
        test: (7178, 3) in the order of `TEST_ROWS`, written in half precision.
        training: (N, 3) of Training's images, written as quantiles in single precision.
    """
    quantiles = np.quantile(training, np.linspace(0, 1, PARTS + 1), axis=0)
    store.write_files(
        {
            appearance_path(): npy_bytes(test.astype(np.float16)),
            quantiles_path(): npy_bytes(quantiles.astype(np.float32)),
        }
    )


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


def percentiles(values: np.ndarray) -> np.ndarray:
    """Compare measures with those of the faces that the models learned from, FER2013's Training.

    Args:
        values: (N, 3), columns as in `MEASURES`.

    Returns:
        (N, 3) float64, 0 to 100: how many percent of Training measure less, to a tenth of a
        percent; those that measure the same count half.

    Raises:
        ResultsError: The committed quantiles are missing or damaged.
    """
    columns = zip(np.asarray(values, np.float64).T, _load_quantiles().T, strict=True)
    parts = [
        (np.searchsorted(quantiles, column) + np.searchsorted(quantiles, column, "right") - 1) / 2
        for column, quantiles in columns
    ]
    shares: np.ndarray = np.clip(np.stack(parts, axis=1), 0, PARTS) * 100 / PARTS
    return shares


@cached
def _load_quantiles() -> np.ndarray:
    quantiles = read_npy(quantiles_path(), COMMAND)
    if quantiles.shape != (PARTS + 1, len(MEASURES)) or not (np.diff(quantiles, axis=0) >= 0).all():
        raise store.corrupted_error(quantiles_path())
    return quantiles.astype(np.float64)
