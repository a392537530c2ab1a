"""Is a heat map true? What becomes of the answer when the places that it marks are hidden.

To hide is to blur: a black patch would be an edge that no training picture had. The very model that
was explained is asked, about all altered pictures in one batch.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

#: Standard deviation of the Gaussian blur, in px of the 48 px chip: the smallest whole number at
#: which, on 1,000 PublicTest faces blurred all over, no network beats always answering "happy".
BLUR_SIGMA: Final = 4.0
HOT_FRACTION: Final = 0.2  # share of the pixels that `fall` hides
RANDOM_DRAWS: Final = 20  # how often the same area is hidden at random
CURVE_FRACTIONS: Final = np.linspace(0, 1, 21)  # share of the pixels at each point of the two curves

#: (N, 48, 48) uint8 chips → (N, 7) probabilities; `load(name).predict_proba` is one.
Predict = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class Faithfulness:
    """What hiding does to the probability of the emotion that was explained; all are fractions.

    `fall`: by how much it falls from `probability` when the hottest HOT of the pixels are blurred.
    `random_falls` (DRAWS,): the same with the same area elsewhere. `deletion` (21,): the
    probability with the hottest STEPS of the pixels blurred; `insertion` (21,): with everything
    blurred but these (Petsiuk et al. 2018, "RISE", https://arxiv.org/abs/1806.07421). A true map
    has a fall well above the random ones, a small deletion area and a large insertion area.
    """

    probability: float
    confidence_drop: float
    random_drops: np.ndarray
    deletion: np.ndarray
    insertion: np.ndarray

    @property
    def random_drop(self) -> float:
        """The mean of `random_falls`."""
        return float(self.random_drops.mean())

    @property
    def deletion_area(self) -> float:
        """Mean height of the deletion curve (trapezoid rule), 0 to 1; low is good."""
        return float(np.trapezoid(self.deletion, CURVE_FRACTIONS))

    @property
    def insertion_area(self) -> float:
        """Mean height of the insertion curve, 0 to 1; high is good."""
        return float(np.trapezoid(self.insertion, CURVE_FRACTIONS))


def measure_faithfulness(chip: np.ndarray, heat: np.ndarray, predict: Predict, emotion: int) -> Faithfulness:
    """How true the map `heat` (48, 48) of `chip` (48, 48) uint8 is, for column `emotion`.

    At random means the very shape of the hottest area, moved (what leaves on one side comes back on
    the other) and mirrored half of the time. Scattered pixels would be a straw man: their blur
    mixes with sharp neighbours and hides next to nothing. Draws and the order of equally hot pixels
    are the same in every call. A flat map is measured too, with its pixels in random order.
    """
    random = np.random.default_rng(0)
    rank = _rank(heat, random)
    deleted = [rank < share for share in CURVE_FRACTIONS]
    hidden = [*deleted, *(~mask for mask in deleted), *_hot_and_elsewhere(rank, random)]
    found = _probabilities(chip, hidden, predict, emotion)
    deletion, insertion, [after], random_after = np.split(found, np.cumsum([21, 21, 1]))
    before = float(deletion[0])  # nothing hidden
    return Faithfulness(before, before - float(after), before - random_after, deletion, insertion)


def measure_drops(
    chip: np.ndarray, heat: np.ndarray, predict: Predict, emotion: int
) -> tuple[float, float]:
    """`fall` and `random_fall` of `measure`, without its curves and so in a third of the time."""
    random = np.random.default_rng(0)
    rank = _rank(heat, random)
    hidden = [np.zeros_like(rank, bool), *_hot_and_elsewhere(rank, random)]
    before, after, *elsewhere = _probabilities(chip, hidden, predict, emotion).tolist()
    return before - after, before - float(np.mean(elsewhere))


def _hot_and_elsewhere(rank: np.ndarray, random: np.random.Generator) -> list[np.ndarray]:
    """Where the hottest pixels are, and DRAWS times the same area elsewhere."""
    hot = rank < HOT_FRACTION
    return [hot, *(_moved(hot, random) for _ in range(RANDOM_DRAWS))]


def _probabilities(
    chip: np.ndarray, hidden: list[np.ndarray], predict: Predict, emotion: int
) -> np.ndarray:
    """The emotion's probability, float64, for each mask of hidden pixels."""
    blurred = cv2.GaussianBlur(chip, (0, 0), BLUR_SIGMA, borderType=cv2.BORDER_REFLECT_101)
    return predict(np.where(np.array(hidden), blurred, chip))[:, emotion].astype(np.float64)


def _rank(heat: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """(48, 48): the share of the pixels that are hotter, 0 for the hottest; each value once."""
    order = np.lexsort((random.random(heat.size), -heat.ravel()))
    rank = np.empty(heat.size)
    rank[order] = np.arange(heat.size) / heat.size
    return rank.reshape(heat.shape)


def _moved(mask: np.ndarray, random: np.random.Generator) -> np.ndarray:
    mirrored = mask[:, ::-1] if random.random() < 0.5 else mask
    down, right = random.integers(0, mask.shape)
    return np.roll(mirrored, (int(down), int(right)), axis=(0, 1))
