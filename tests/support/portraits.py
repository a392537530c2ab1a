"""What the tests of faces and of chips do with a portrait."""

import cv2
import numpy as np

from fer_core.faces.align import Face, detect


def likeness(a: np.ndarray, b: np.ndarray) -> float:
    """Correlation of two chips."""
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def only(image: np.ndarray, **options) -> Face:
    found = detect(image, **options)
    assert len(found) == 1, found
    return found[0]


def turned(image: np.ndarray, degrees: float) -> np.ndarray:
    """Counter-clockwise about the middle, the edge's colours drawn out."""
    h, w = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((w / 2, h / 2), degrees, 1)
    return cv2.warpAffine(image, matrix, (w, h), borderMode=cv2.BORDER_REPLICATE)
