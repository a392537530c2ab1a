"""Regions and heat fractions, on made-up maps."""

import numpy as np
import pytest

from fer_core.explain import regions


def test_every_pixel_is_in_one_region() -> None:
    assert sum(regions.AREA_FRACTIONS.values()) == pytest.approx(1)
    covered = np.zeros((48, 48), int)
    for (above, below), (left, right) in regions.BOXES.values():
        assert regions.RIM_WIDTH <= above < below <= 48 - regions.RIM_WIDTH
        assert regions.RIM_WIDTH <= left < right <= 48 - regions.RIM_WIDTH
        covered[above:below, left:right] += 1
    assert covered.max() == 1
    assert regions.AREA_FRACTIONS["mouth"] == pytest.approx(12 * 24 / 48**2)
    assert regions.AREA_FRACTIONS["rim"] == pytest.approx(1 - 40**2 / 48**2)


def test_an_even_map_has_as_much_heat_as_area() -> None:
    even = np.full((48, 48), 0.3)
    assert regions.heat_fractions(even) == pytest.approx(regions.AREA_FRACTIONS)
    assert regions.dominant_region(even) is None
    even[regions.REGIONS.index("nose") == regions.PIXEL_REGIONS] = (
        0.36  # some 1.2 times the even share
    )
    assert regions.dominant_region(even) is None
    even[regions.REGIONS.index("nose") == regions.PIXEL_REGIONS] = 0.45
    assert regions.dominant_region(even) == "nose"


@pytest.mark.parametrize(
    ("row", "column", "name"),
    [
        (17, 15, "eyes"),
        (17, 32, "eyes"),
        (27, 24, "nose"),
        (38, 24, "mouth"),
        (7, 24, "face"),
        (27, 12, "face"),
        (0, 0, "rim"),
        (45, 24, "rim"),
    ],
)
def test_one_hot_pixel_is_in_its_region(row: int, column: int, name: str) -> None:
    heat = np.zeros((48, 48), np.float32)
    heat[row, column] = 0.5
    assert regions.heat_fractions(heat) == pytest.approx(
        dict.fromkeys(regions.REGIONS, 0) | {name: 1}
    )
    assert regions.dominant_region(heat) == name


def test_shares_on_a_hand_made_map() -> None:
    heat = np.zeros((48, 48))
    heat[40, 20:23] = 1  # mouth
    heat[25, 20] = 1  # nose
    found = regions.heat_fractions(heat)
    assert found["mouth"] == pytest.approx(0.75)
    assert found["nose"] == pytest.approx(0.25)
    # A quarter of the heat on 6 % of the area is denser than on 12.5 %, three quarters are not.
    assert regions.dominant_region(heat) == "mouth"
    heat[25, 20:23] = 1
    assert regions.dominant_region(heat) == "nose"


@pytest.mark.parametrize("heat", [np.zeros((48, 48)), np.ones((24, 24)), -np.ones((48, 48))])
def test_what_is_no_map_is_refused(heat: np.ndarray) -> None:
    with pytest.raises(ValueError, match="heat map"):
        regions.heat_fractions(heat)
