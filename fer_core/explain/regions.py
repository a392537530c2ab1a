"""Facial regions of a FER2013 chip, and how the heat of a map is distributed over them.

The boxes were chosen on the mean faces of Training (see `fer_core.datasets.fer2013_stats`): over
all emotions, the eyes are dark spots in rows 15 to 20, the nose ends near row 30, and an open mouth
reaches from row 33 to row 43. FER2013 is roughly aligned, so a box fits the average face, not every
single one.
"""

from typing import Final

import numpy as np

from fer_core.arrays import as_heat_map

#: Rows and columns of each box on the 48×48 chip, as half-open ranges.
BOXES: Final = {
    "eyes": ((11, 22), (8, 40)),  # with the eyebrows
    "nose": ((22, 32), (17, 31)),
    "mouth": ((32, 44), (12, 36)),
}
RIM_WIDTH: Final = 4  # outermost pixels on all four sides: hair, ears, background, lower chin
MIN_DENSITY_RATIO: Final = (
    1.25  # fraction of heat ÷ fraction of area, from which a region stands out
)
#: `face` is the rest: forehead, cheeks, chin.
REGIONS: Final = (*BOXES, "face", "rim")
REGION_TITLES: Final = {
    "eyes": "eyes and brows",
    "nose": "nose",
    "mouth": "mouth",
    "face": "forehead, cheeks and chin",
    "rim": "edge of the image",
}


def _pixel_regions() -> np.ndarray:
    regions = np.full((48, 48), REGIONS.index("rim"))
    regions[RIM_WIDTH:-RIM_WIDTH, RIM_WIDTH:-RIM_WIDTH] = REGIONS.index("face")
    for name, (rows, columns) in BOXES.items():
        regions[slice(*rows), slice(*columns)] = REGIONS.index(name)
    return regions


#: (48, 48): index into `REGIONS` of each pixel. The boxes do not overlap.
PIXEL_REGIONS: Final = _pixel_regions()
PIXEL_REGIONS.flags.writeable = False
#: Fraction of the chip's area, which is also the fraction of heat of a uniform map.
AREA_FRACTIONS: Final = dict(
    zip(REGIONS, (np.bincount(PIXEL_REGIONS.ravel()) / PIXEL_REGIONS.size).tolist(), strict=True)
)


def _face_area() -> np.ndarray:
    rows, columns = np.mgrid[:48, :48] - 23.5
    area: np.ndarray = (rows / 22) ** 2 + (columns / 18) ** 2 <= 1
    return area


#: (48, 48) bool: the ellipse of the average face, 44 px high and 36 px wide, 54 % of the chip.
FACE_AREA: Final = _face_area()
FACE_AREA.flags.writeable = False


def heat_fractions(heat: np.ndarray) -> dict[str, float]:
    """Compute the fraction of a map's heat in each region.

    Args:
        heat: (48, 48), ≥ 0.

    Returns:
        Region → fraction; the fractions sum to 1.

    Raises:
        TypeError: the map is no NumPy array.
        ValueError: it is all 0, negative or not finite, or has another shape or type.
    """
    heat = as_heat_map(heat)
    if not heat.any():
        raise ValueError("the heat map is flat: all its values are 0")
    sums = np.bincount(PIXEL_REGIONS.ravel(), weights=heat.ravel().astype(float))
    return dict(zip(REGIONS, (sums / sums.sum()).tolist(), strict=True))


def dominant_region(heat: np.ndarray) -> str | None:
    """Find the region with the densest heat, relative to its area.

    Args:
        heat: (48, 48), ≥ 0.

    Returns:
        A name in REGIONS; None where even the densest region has less than MIN_DENSITY_RATIO times
        the heat of a uniform map.
    """
    fractions = heat_fractions(heat)
    densest = max(REGIONS, key=lambda name: fractions[name] / AREA_FRACTIONS[name])
    return densest if fractions[densest] >= MIN_DENSITY_RATIO * AREA_FRACTIONS[densest] else None
