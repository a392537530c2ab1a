"""One record per corruption, and several applied one after the other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from fer_core.corruptions import formulas
from fer_core.corruptions.formulas import CHIP_SQUARE, Box, FaceSquare

SEED = 0  # of the noise

#: (H, W) or (H, W, 3) uint8, amount, square and random generator → the same shape and type.
Formula = Callable[[np.ndarray, float, FaceSquare, np.random.Generator], np.ndarray]
Severities = tuple[float, float, float, float, float]


@dataclass(frozen=True)
class Corruption:
    """One fault; `apply` of the amount `none` changes nothing."""

    name: str
    title: str
    unit: str
    none: float  # the amount without effect
    severities: tuple[float, float, float, float, float]
    limits: tuple[float, float]  # smallest and largest amount of a slider
    formula: Formula
    step: float = 1.0  # of a slider

    def apply(
        self,
        image: np.ndarray,
        amount: float,
        square: FaceSquare = CHIP_SQUARE,
        *,
        seed: int = SEED,
    ) -> np.ndarray:
        """Corrupt an image.

        Args:
            image: (H, W) or (H, W, 3) uint8: a chip or a photo.
            amount: In `unit`.
            square: Where the face is; all of the image for a chip.
            seed: Of the noise; the same seed gives the same image.

        Returns:
            A new image of the same shape and type; `image` itself if the amount is `none`.
        """
        if amount == self.none:
            return image
        return self.formula(image, amount, square, np.random.default_rng(seed))


AREAS: Final[Severities] = (20, 40, 60, 80, 100)
GREYS: Final[Severities] = (40, 80, 110, 140, 170)


def _hide(region: str, title: str) -> Corruption:
    formula = partial(formulas.hide_region, region)
    return Corruption(f"hide_{region}", title, "% of the region", 0, AREAS, (0, 100), formula, 5)


_RECORDS: Final = (
    _hide("eyes", "Hidden eyes and brows"),
    _hide("brows", "Hidden brows"),
    _hide("mouth", "Hidden mouth"),
    Corruption(
        "rotation", "Rotation", "degrees", 0, (10, 20, 30, 45, 60), (-90, 90), formulas.rotate, 5
    ),
    Corruption(
        "shift", "Shift", "px to the right", 0, (3, 6, 10, 14, 18), (-24, 24), formulas.shift
    ),
    Corruption("darker", "Darkness", "grey values", 0, GREYS, (0, 250), formulas.darken, 5),
    Corruption(
        "brighter", "Brightness", "grey values", 0, GREYS, (-250, 250), formulas.brighten, 5
    ),
    Corruption(
        "contrast",
        "Low contrast",
        "% of the contrast",
        100,
        (50, 30, 20, 15, 10),
        (5, 100),
        formulas.reduce_contrast,
    ),
    Corruption("gamma", "Gamma", "exponent", 1, (2, 3, 4, 5, 6), (0.2, 6), formulas.gamma, 0.1),
    Corruption("blur", "Blur", "px", 0, (0.4, 0.7, 1, 1.4, 2), (0, 6), formulas.blur, 0.1),
    Corruption(
        "resolution",
        "Low resolution",
        "px per face",
        48,
        (36, 28, 22, 17, 12),
        (4, 48),
        formulas.reduce_resolution,
    ),
    Corruption(
        "noise", "Noise", "grey values", 0, (3, 6, 10, 15, 22), (0, 100), formulas.add_noise
    ),
    Corruption("jpeg", "JPEG", "quality", 100, (60, 30, 15, 8, 4), (1, 100), formulas.compress),
)
#: Corruptions by name, in the order in which several are applied: what happens at the face, then at
#: the camera, then in the file.
CORRUPTIONS: Final = {record.name: record for record in _RECORDS}


def corrupt(
    image: np.ndarray,
    amounts: Mapping[str, float],
    square: FaceSquare = CHIP_SQUARE,
    *,
    box: Box | None = None,
    seed: int = SEED,
) -> np.ndarray:
    """Corrupt an image in several ways, one after the other in the order of `CORRUPTIONS`.

    Args:
        image: (H, W) or (H, W, 3) uint8: a chip or a photo.
        amounts: Name of a corruption → amount; those left out are not applied.
        square: Where the face is; all of the image for a chip.
        box: A box of the chip that is hidden before everything else.
        seed: Of the noise.

    Returns:
        The corrupted image, of the same shape and type.
    """
    if box is not None:
        image = formulas.hide(image, box, square)
    for name, corruption in CORRUPTIONS.items():
        if name in amounts:
            image = corruption.apply(image, amounts[name], square, seed=seed)
    return image
