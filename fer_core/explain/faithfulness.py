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

#: Standard deviation of the Gaussian blur, in px of the chip: the smallest whole number at which no
#: network beats always predicting "happy" on 1,000 fully blurred PublicTest faces.
BLUR_SIGMA: Final = 4.0
HOT_FRACTION: Final = 0.2  # fraction of the pixels hidden for `confidence_drop`
RANDOM_DRAWS: Final = 20  # random regions of the same area
CURVE_FRACTIONS: Final = np.linspace(0, 1, 21)  # fraction of the pixels at each point of the curves

#: (N, 48, 48) uint8 chips → (N, 7) probabilities; `load(name).predict_proba` is one.
Predict = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class Faithfulness:
    """Effect of hiding regions on the probability of the explained emotion, as fractions.

    `confidence_drop` is the decrease from `probability` when the hottest HOT_FRACTION of the pixels
    are blurred; `random_drops` (RANDOM_DRAWS,) the decreases for random regions of the same area.
    `deletion` (21,) is the probability with the hottest CURVE_FRACTIONS of the pixels blurred,
    `insertion` (21,) that with all but these blurred (Petsiuk et al. 2018, "RISE",
    https://arxiv.org/abs/1806.07421). A faithful map has a confidence drop well above the random
    ones, a small deletion area and a large insertion area.
    """

    probability: float
    confidence_drop: float
    random_drops: np.ndarray
    deletion: np.ndarray
    insertion: np.ndarray

    @property
    def random_drop(self) -> float:
        """The mean of `random_drops`."""
        return float(self.random_drops.mean())

    @property
    def deletion_area(self) -> float:
        """Area under the deletion curve (trapezoidal rule), 0 to 1; lower is better."""
        return float(np.trapezoid(self.deletion, CURVE_FRACTIONS))

    @property
    def insertion_area(self) -> float:
        """Area under the insertion curve, 0 to 1; higher is better."""
        return float(np.trapezoid(self.insertion, CURVE_FRACTIONS))


def measure_faithfulness(
    chip: np.ndarray, heat: np.ndarray, predict: Predict, emotion: int
) -> Faithfulness:
    """Measure how faithful a map is.

    A random region has the shape of the hottest one, shifted with wrap-around and mirrored half of
    the time. Scattered pixels would be too weak a comparison: their blur mixes with sharp
    neighbours and hides almost nothing. The random regions and the order of equally hot pixels are
    the same in every call. A flat map can be measured too; its pixels are in random order.

    Args:
        chip: (48, 48) uint8.
        heat: (48, 48), the map of the chip.
        predict: the explained model's `predict_proba`.
        emotion: column of the explained emotion.

    Returns:
        The confidence drops and both curves.

    Raises:
        TypeError: `chip` or `heat` is no NumPy array.
        ValueError: one of them has another shape or type, or `heat` is negative or not finite.
    """
    chip, heat = as_chip(chip), as_heat_map(heat)
    random = np.random.default_rng(0)
    rank = _rank(heat, random)
    deleted = [rank < fraction for fraction in CURVE_FRACTIONS]
    hidden = [*deleted, *(~mask for mask in deleted), *_hot_and_random_masks(rank, random)]
    probabilities = _probabilities(chip, hidden, predict, emotion)
    deletion, insertion, [after], random_after = np.split(probabilities, np.cumsum([21, 21, 1]))
    before = float(deletion[0])  # nothing hidden
    return Faithfulness(before, before - float(after), before - random_after, deletion, insertion)


def measure_drops(
    chip: np.ndarray, heat: np.ndarray, predict: Predict, emotion: int
) -> tuple[float, float]:
    """Measure only `confidence_drop` and `random_drop`, in a third of the time.

    The arguments are those of `measure_faithfulness`.
    """
    chip, heat = as_chip(chip), as_heat_map(heat)
    random = np.random.default_rng(0)
    rank = _rank(heat, random)
    hidden = [np.zeros_like(rank, bool), *_hot_and_random_masks(rank, random)]
    before, after, *random_after = _probabilities(chip, hidden, predict, emotion).tolist()
    return before - after, before - float(np.mean(random_after))


def _hot_and_random_masks(rank: np.ndarray, random: np.random.Generator) -> list[np.ndarray]:
    """Mask of the hottest pixels, then RANDOM_DRAWS masks of the same shape elsewhere."""
    hot = rank < HOT_FRACTION
    return [hot, *(_shifted(hot, random) for _ in range(RANDOM_DRAWS))]


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


def _shifted(mask: np.ndarray, random: np.random.Generator) -> np.ndarray:
    mirrored = mask[:, ::-1] if random.random() < 0.5 else mask
    down, right = random.integers(0, mask.shape)
    return np.roll(mirrored, (int(down), int(right)), axis=(0, 1))
