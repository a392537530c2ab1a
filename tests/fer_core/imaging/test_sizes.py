"""Sizes of resized images."""

import pytest

from fer_core.imaging.sizes import scaled_size


@pytest.mark.parametrize(
    ("size", "factor", "expected"),
    [((4000, 3000), 0.32, (1280, 960)), ((1, 1241), 0.5, (1, 620)), ((60_000, 20), 0.01, (600, 1))],
)
def test_no_side_vanishes(size: tuple[int, int], factor: float, expected: tuple[int, int]) -> None:
    assert scaled_size(*size, factor) == expected
