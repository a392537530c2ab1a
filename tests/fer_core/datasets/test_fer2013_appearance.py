"""Brightness, contrast and sharpness of chips, and the committed table of them."""

from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from fer_core.datasets import fer2013_appearance
from fer_core.errors import ResultsError
from training.appearance import measure_by_row
from training.engine.data import FerData


def test_measures_are_those_of_scipy(chips: np.ndarray) -> None:
    values = fer2013_appearance.measure(chips)
    for chip, (brightness, contrast, sharpness) in zip(chips.astype(float), values, strict=True):
        assert brightness == pytest.approx(chip.sum() / chip.size)
        assert contrast == pytest.approx(np.sqrt(((chip - brightness) ** 2).mean()))
        # OpenCV mirrors a picture at the pixels of its border, which SciPy calls "mirror".
        assert sharpness == pytest.approx(ndimage.laplace(chip, mode="mirror").var())


def test_the_committed_table_is_measured(fer2013: FerData) -> None:
    table = fer2013_appearance.load_appearance()
    np.testing.assert_allclose(list(table.values()), measure_by_row(fer2013), rtol=1e-3)


def test_a_damaged_table_is_named(copied_results: Path) -> None:
    (copied_results / "fer2013_appearance.npy").write_bytes(b"x")
    with pytest.raises(ResultsError, match=r"fer2013_appearance\.npy"):
        fer2013_appearance.load_appearance()


def test_percentiles_are_shares_of_training(fer2013: FerData) -> None:
    training = fer2013_appearance.measure(fer2013.split("Training").chips)
    rows = training[:50]
    below = (training[None] < rows[:, None]).mean(axis=1)
    np.testing.assert_allclose(fer2013_appearance.percentiles(rows), 100 * below, atol=0.11)


def test_percentiles_are_bounded() -> None:
    ends = fer2013_appearance.percentiles(np.array([[-1.0, -1, -1], [256, 256, 1e9]]))
    np.testing.assert_array_equal(ends, [[0, 0, 0], [100, 100, 100]])
