"""Where eyes, nose and mouth lie on a FER2013 chip, and how a heat map spreads over them.

The boxes were drawn on Training's mean faces (`fer_core.datasets.fer2013_stats.scan_dataset`): over all
emotions the eyes
are dark spots in rows 15 to 20, the nose ends near row 30, the mouth reaches from row 33 to row 43
when it is open. FER2013 is roughly aligned, so a box fits the average face, not every one.
"""

from typing import Final

import numpy as np

#: Rows and columns of each box on the 48×48 chip: first, and first beyond.
BOXES: Final = {
    "eyes": ((11, 22), (8, 40)),  # with the brows
    "nose": ((22, 32), (17, 31)),
    "mouth": ((32, 44), (12, 36)),
}
RIM_WIDTH: Final = 4  # outermost pixels on all four sides: hair, ears, background, lower chin
MIN_DENSITY_RATIO: Final = 1.25  # times as much heat as an even map: from here on a region stands out
#: `face` is what is left: forehead, cheeks, chin.
REGIONS: Final = (*BOXES, "face", "rim")
REGION_TITLES: Final = {
    "eyes": "eyes and brows",
    "nose": "nose",
    "mouth": "mouth",
    "face": "forehead, cheeks and chin",
    "rim": "rim of the picture",
}


def _labels() -> np.ndarray:
    found = np.full((48, 48), REGIONS.index("rim"))
    found[RIM_WIDTH:-RIM_WIDTH, RIM_WIDTH:-RIM_WIDTH] = REGIONS.index("face")
    for name, (rows, columns) in BOXES.items():
        found[slice(*rows), slice(*columns)] = REGIONS.index(name)
    return found


#: (48, 48): index into `REGIONS` of every pixel. The boxes don't overlap.
PIXEL_REGIONS: Final = _labels()
PIXEL_REGIONS.flags.writeable = False
#: Share of the chip's area: what an even map, which knows nothing of faces, puts there.
AREA_FRACTIONS: Final = dict(zip(REGIONS, (np.bincount(PIXEL_REGIONS.ravel()) / PIXEL_REGIONS.size).tolist(), strict=True))


def heat_fractions(heat: np.ndarray) -> dict[str, float]:
    """Share of the heat of a map (48, 48) ≥ 0 in each region; they sum to 1.

    Raises `ValueError` for a map without any heat, or of another shape.
    """
    if heat.shape != PIXEL_REGIONS.shape or not heat.sum() > 0 or heat.min() < 0:
        raise ValueError(f"no heat map of a 48×48 chip: {heat.shape}, sum {heat.sum():.3g}")
    sums = np.bincount(PIXEL_REGIONS.ravel(), weights=heat.ravel().astype(float))
    return dict(zip(REGIONS, (sums / sums.sum()).tolist(), strict=True))


def dominant_region(heat: np.ndarray) -> str | None:
    """The region where the heat is densest: largest in its share of heat for its share of area.
    None where even that one has less than `CLEAR` times the heat of an even map."""
    found = heat_fractions(heat)
    densest = max(REGIONS, key=lambda name: found[name] / AREA_FRACTIONS[name])
    return densest if found[densest] >= MIN_DENSITY_RATIO * AREA_FRACTIONS[densest] else None
