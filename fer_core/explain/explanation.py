"""An explanation: one heat map, its peak before scaling, and the contributions to it."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from fer_core.explain.methods import Method

#: A raw map is flat where its minimum is more than this fraction of its maximum.
MAX_UNIFORMITY = 0.9


class Contribution(NamedTuple):
    """Contribution of one network to the map of an ensemble or of stacking.

    `member` is the name of the member that the network belongs to. For a yes/no model, `emotion` is
    its emotion and `answer` the answer its map is evidence for. `share` is the network's share in
    the decision; the shares sum to 1. `map` (48, 48) float32 is on the scale of the ensemble's map;
    the maps sum to it.
    """

    member: str
    share: float
    map: np.ndarray
    emotion: str | None = None
    answer: Literal["yes", "no"] | None = None


@dataclass(frozen=True, eq=False)
class Explanation:
    """Heat map of a model's evidence in a chip for `emotion` (rather than for `contrast`).

    `map` (48, 48) float32: 0 is no evidence, 1 the strongest in this map. A `flat` map shows no
    location (see `is_flat`) and is all 0. `peak` is the maximum of the raw map, in the method's
    `unit`. In logits, it is how far the explained logit would move if the whole face were like the
    hottest location: comparable between faces, emotions and depths, and roughly between models.
    `method` and `model_name` are names in the registries, `depth` is 1 (early layer) to 4 (late).
    `contributions` are those of an ensemble's networks, largest share first.
    """

    map: np.ndarray
    peak: float
    flat: bool
    emotion: str
    contrast: str | None
    method: str
    model_name: str
    depth: int
    contributions: tuple[Contribution, ...] = ()


def is_flat(raw: np.ndarray, method: Method) -> bool:
    """Whether a raw map (48, 48) shows no location: weaker than `min_peak`, or nearly uniform.

    docs/saliency.md explains both limits.
    """
    peak = float(raw.max())
    return peak < method.min_peak or float(raw.min()) > MAX_UNIFORMITY * peak


def scale_map(raw: np.ndarray, method: Method) -> tuple[np.ndarray, float, bool]:
    """Divide a raw map by its maximum; its minimum is not stretched to 0.

    Args:
        raw: (48, 48), ≥ 0.
        method: the method that computed it.

    Returns:
        The map in [0, 1] (all 0 when flat), the maximum of `raw`, and whether the map is flat.
    """
    flat = is_flat(raw, method)
    peak = float(raw.max())
    return (np.zeros_like(raw) if flat else raw / peak), peak, flat
