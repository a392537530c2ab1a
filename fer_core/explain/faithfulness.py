"""Faithfulness of a heat map: the change in confidence when the marked regions are hidden.

Hidden means blurred: a black patch would be an edge that no training image had. The explained model
itself predicts all altered chips, in one batch.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from fer_core.arrays import as_chip, as_heat_map
from fer_core.explain.regions import FACE_AREA

#: Standard deviation of the Gaussian blur, in px of the chip: the smallest whole number at which no
#: network beats always predicting "happy" on 1,000 fully blurred PublicTest faces.
BLUR_SIGMA: Final = 4.0
HOT_FRACTION: Final = 0.2  # fraction of the pixels hidden for `confidence_drop`
RANDOM_DRAWS: Final = 20  # random regions of the same area within the face
CURVE_FRACTIONS: Final = np.linspace(0, 1, 21)  # fraction of the pixels at each point of the curves

#: (N, 48, 48) uint8 chips → (N, 7) probabilities; `load(name).predict_proba` is one.
Predict = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class Faithfulness:
    """Effect of hiding regions on the probability of the explained emotion, as fractions.

    `confidence_drop` is the decrease from `probability` when the hottest HOT_FRACTION of the pixels
    are blurred; `random_drops` (D,) the decreases for D random regions of the same area within the
    face. `deletion` (F,) is the probability with the hottest `fractions` (F,) of the pixels
    blurred, `insertion` (F,) that with all but these blurred (Petsiuk et al. 2018, "RISE",
    https://arxiv.org/abs/1806.07421). A faithful map has a confidence drop well above the random
    ones, a small deletion area and a large insertion area.
    """

    probability: float
    confidence_drop: float
    random_drops: np.ndarray
    deletion: np.ndarray
    insertion: np.ndarray
    fractions: np.ndarray

    @property
    def random_drop(self) -> float:
        """The mean of `random_drops`."""
        return float(self.random_drops.mean())

    @property
    def deletion_area(self) -> float:
        """Area under the deletion curve (trapezoidal rule), 0 to 1; lower is better."""
        return float(np.trapezoid(self.deletion, self.fractions))

    @property
    def insertion_area(self) -> float:
        """Area under the insertion curve, 0 to 1; higher is better."""
        return float(np.trapezoid(self.insertion, self.fractions))


def measure_faithfulness(
    chip: np.ndarray,
    heat: np.ndarray,
    predict: Predict,
    emotion: int,
    *,
    draws: int = RANDOM_DRAWS,
    fractions: np.ndarray = CURVE_FRACTIONS,
) -> Faithfulness:
    """Measure how faithful a map is.

    A random region is the hottest one of the map after the map was shifted with wrap-around and, in
    half of the draws, mirrored; only pixels of `FACE_AREA` are eligible. Without that limit, many
    random regions would hide hair and background, and any map with its heat on the face, even a
    fixed spot, would seem faithful. Scattered pixels would be too weak a comparison as well: their
    blur mixes with sharp neighbours and hides almost nothing. The random regions and the order of
    equally hot pixels are the same in every call. A flat map can be measured too; its pixels are in
    random order.

    Args:
        chip: (48, 48) uint8.
        heat: (48, 48), the map of the chip.
        predict: the explained model's `predict_proba`.
        emotion: column of the explained emotion.
        draws: number D of random regions.
        fractions: (F,) fractions of the pixels at which the curves are measured, 0 to 1.

    Returns:
        The confidence drops and both curves.

    Raises:
        TypeError: `chip` or `heat` is no NumPy array.
        ValueError: one of them has another shape or type, or `heat` is negative or not finite.
    """
    chip, heat = as_chip(chip), as_heat_map(heat)
    random = np.random.default_rng(0)
    rank = _rank(heat, random)
    deleted = [rank < fraction for fraction in fractions]
    controls = [_control_region(rank, random) for _ in range(draws)]
    no_pixel = np.zeros_like(rank, bool)
    hidden = [no_pixel, rank < HOT_FRACTION, *controls, *deleted, *(~mask for mask in deleted)]
    probabilities = _probabilities(chip, hidden, predict, emotion)
    before, after = probabilities[:2].tolist()
    random_after, deletion, insertion = np.split(probabilities[2:], [draws, draws + len(fractions)])
    return Faithfulness(
        before, before - after, before - random_after, deletion, insertion, fractions
    )


def _probabilities(
    chip: np.ndarray, hidden: list[np.ndarray], predict: Predict, emotion: int
) -> np.ndarray:
    """Predict the emotion's probability, float64, for each mask of hidden pixels."""
    blurred = cv2.GaussianBlur(chip, (0, 0), BLUR_SIGMA, borderType=cv2.BORDER_REFLECT_101)
    return predict(np.where(np.array(hidden), blurred, chip))[:, emotion].astype(np.float64)


def _rank(heat: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """(48, 48) fraction of the pixels that are hotter, 0 for the hottest; all values differ."""
    order = np.lexsort((random.random(heat.size), -heat.ravel()))
    rank = np.empty(heat.size)
    rank[order] = np.arange(heat.size) / heat.size
    return rank.reshape(heat.shape)


def _control_region(rank: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """(48, 48) bool: HOT_FRACTION of the pixels, the hottest within the face of the moved map."""
    mirrored = rank[:, ::-1] if random.random() < 0.5 else rank
    down, right = random.integers(0, rank.shape)
    moved = np.roll(mirrored, (int(down), int(right)), axis=(0, 1))
    order = np.argsort(np.where(FACE_AREA, moved, np.inf), axis=None)
    region = np.zeros(rank.size, bool)
    region[order[: int((rank < HOT_FRACTION).sum())]] = True
    return region.reshape(rank.shape)
