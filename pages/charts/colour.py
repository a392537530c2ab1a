"""Interpolated colours, and readable text colours on them."""

from collections.abc import Sequence

import numpy as np

INKS = ("#000000", "#FFFFFF")  # text colours; the one with the higher contrast to its cell is used


def colour_at(scale: Sequence[str], fraction: float) -> tuple[float, ...]:
    """Red, green and blue (0 to 255) of a scale of '#RRGGBB' at `fraction`, from 0 to 1."""
    stops = np.array([[int(colour[k : k + 2], 16) for k in (1, 3, 5)] for colour in scale])
    positions = np.linspace(0, 1, len(scale))
    return tuple(float(np.interp(fraction, positions, stops[:, k])) for k in range(3))


def ink_on(colour: tuple[float, ...]) -> str:
    """The one of `INKS` with the higher contrast on this colour."""
    return max(INKS, key=lambda ink: contrast(colour_at([ink], 0), colour))


def contrast(first: tuple[float, ...], second: tuple[float, ...]) -> float:
    """WCAG 2 contrast ratio, 1 to 21, of two colours (red, green, blue, 0 to 255)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: tuple[float, ...]) -> float:
    channels = np.array(colour) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))
