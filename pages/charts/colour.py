"""Colours between two others, and ink that can be read on them."""

from collections.abc import Sequence

import numpy as np

INKS = ("#000000", "#FFFFFF")  # for the numbers, whichever stands out more from its cell


def colour_at(scale: Sequence[str], share: float) -> tuple[float, ...]:
    """Red, green and blue (0 to 255) of a scale of '#RRGGBB' at `share`, from 0 to 1."""
    stops = np.array([[int(colour[k : k + 2], 16) for k in (1, 3, 5)] for colour in scale])
    where = np.linspace(0, 1, len(scale))
    return tuple(float(np.interp(share, where, stops[:, k])) for k in range(3))


def ink_on(colour: tuple[float, ...]) -> str:
    """Of `INKS` the one with the higher contrast on that colour."""
    return max(INKS, key=lambda ink: contrast(colour_at([ink], 0), colour))


def contrast(first: tuple[float, ...], second: tuple[float, ...]) -> float:
    """Contrast ratio of two colours (red, green, blue, 0 to 255), 1 to 21, as WCAG 2 defines it."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: tuple[float, ...]) -> float:
    parts = np.array(colour) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))
