"""Check the NumPy arrays that users pass to the library, in one place.

Each function returns an array that every engine accepts: C-contiguous and writable, a copy only
where the argument is not (a mirrored, transposed or read-only view, for example).
"""

from typing import Any

import numpy as np


def as_image(value: Any, name: str = "image") -> np.ndarray:
    """Check an RGB image.

    Args:
        value: expected: (H, W, 3) uint8 with at least one pixel.
        name: what the error calls it.

    Returns:
        (H, W, 3) uint8, C-contiguous and writable.

    Raises:
        TypeError: it is no NumPy array.
        ValueError: it has another shape or type.
    """
    return _checked(value, name, ("H", "W", 3))


def as_chips(value: Any) -> np.ndarray:
    """Check chips, (N, 48, 48) uint8, where N may be 0; returns and errors like `as_image`."""
    return _checked(value, "chips", ("N", 48, 48))


def as_chip(value: Any) -> np.ndarray:
    """Check one chip, (48, 48) uint8; returns and errors like `as_image`."""
    return _checked(value, "chip", (48, 48))


def as_heat_map(value: Any) -> np.ndarray:
    """Check a heat map, (48, 48) float ≥ 0 and finite; returns and errors like `as_image`."""
    heat = _checked(value, "heat map", (48, 48), np.floating)
    if not np.isfinite(heat).all() or heat.min() < 0:
        raise ValueError("heat map must have finite values of at least 0")
    return heat


def _checked(
    value: Any, name: str, shape: tuple[str | int, ...], dtype: type[np.generic] = np.uint8
) -> np.ndarray:
    """Check the shape, in which a letter stands for any length (0 only for N), and the type."""
    kind = "float" if dtype is np.floating else dtype.__name__
    expected = f"({', '.join(map(str, shape))}) {kind}"
    if not isinstance(value, np.ndarray):
        raise TypeError(f"{name} must be a NumPy array {expected}, not {type(value).__name__}")
    fits = value.ndim == len(shape) and all(
        length == wanted or (isinstance(wanted, str) and (length > 0 or wanted == "N"))
        for length, wanted in zip(value.shape, shape, strict=True)
    )
    if not fits or not np.issubdtype(value.dtype, dtype):
        raise ValueError(f"{name} must be {expected}, not {value.shape} {value.dtype}")
    return np.require(value, requirements=["C", "W"])
