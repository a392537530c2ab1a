"""Synthetic heat maps, for tests of Saliency without torch or Keras."""

from collections.abc import Sequence

import numpy as np

from fer_core.explain import Contribution, Explanation
from fer_core.registry import MODELS

#: A map with heat on the mouth only.
HEAT = np.zeros((48, 48), np.float32)
HEAT[34:42, 16:32] = 1

#: Arguments of the calls of `explained`.
asked: list[tuple[object, ...]] = []


def explained(
    variant: str,
    chips: np.ndarray,
    emotion: Sequence[str],
    method: str,
    *,
    contrast: str | None,
    depth: int | None,
) -> list[Explanation]:
    """Maps with heat on the mouth, flat for sad; ensembles have two parts."""
    asked.append((variant, tuple(emotion), method, contrast, depth))
    parts = (
        Contribution("individual", 0.75, HEAT * 0.75, "happy", "yes"),
        Contribution("individual", 0.25, HEAT * 0.25, "sad", "no"),
    )
    return [
        Explanation(
            HEAT * (name != "sad"),
            3.0,
            name == "sad",
            name,
            contrast,
            method,
            variant,
            depth or 4,
            parts if MODELS[variant].members else (),
        )
        for name in emotion
    ]
