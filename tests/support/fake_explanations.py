"""Made-up heat maps, for tests of Saliency without a framework."""

from collections.abc import Sequence

import numpy as np

from fer_core.explain import Explanation, Contribution
from fer_core.registry import MODELS

#: A map of nothing but the mouth.
HEAT = np.zeros((48, 48), np.float32)
HEAT[34:42, 16:32] = 1  # the mouth

#: What `explained` was asked, call by call.
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
    """Made-up maps: the mouth, but nothing for sad; composites have two parts."""
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
