"""What is known of one heat map: the map, how strong it was before scaling, what it is made of."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from fer_core.explain.methods import Method

#: A raw map whose coldest place has more than this share of its hottest says nothing about where.
MAX_UNIFORMITY = 0.9


class Contribution(NamedTuple):
    """One network's contribution to the map of an ensemble or of stacking.

    `member` is the variant that the network belongs to; of a yes/no member `emotion` names the
    model and `says` the answer that its map speaks for. `share` is the part's share in the
    decision; a face's shares sum to 1. `map` (48, 48) float32 is on the scale of the whole: the
    parts' maps sum to it.
    """

    member: str
    share: float
    map: np.ndarray
    emotion: str | None = None
    answer: Literal["yes", "no"] | None = None


@dataclass(frozen=True, eq=False)
class Explanation:
    """Where in a chip a variant found what speaks for `emotion` (rather than for `against`).

    `map` (48, 48) float32: 0 is no evidence, 1 the strongest of this map; all 0 when `flat`.
    `strength` is the largest value of the raw map, in the method's `unit`. In logits it is how
    far the explained logit would move if the whole face were like the hottest place: comparable
    between faces, emotions and depths, with care between variants. `depth` is that of the layer, 1
    early to 4 late. `parts` are those of a composite variant, the largest share first.
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
    """Whether a raw map (48, 48) shows nothing: too weak (`Method.faint`) or the same everywhere.

    How the limits were found: docs/saliency.md.
    """
    strongest = float(raw.max())
    return strongest < method.min_peak or float(raw.min()) > MAX_UNIFORMITY * strongest


def scale_map(raw: np.ndarray, method: Method) -> tuple[np.ndarray, float, bool]:
    """A raw map (48, 48) ≥ 0 → (map in [0, 1], strength, flat): divided by its largest value, and
    never stretched from its smallest; all 0 when flat."""
    flat = is_flat(raw, method)
    strength = float(raw.max())
    return (np.zeros_like(raw) if flat else raw / strength), strength, flat
