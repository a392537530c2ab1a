"""Portrait helpers for tests of faces and chips."""

import cv2
import numpy as np

from fer_core.faces.align import Face, detect


def likeness(a: np.ndarray, b: np.ndarray) -> float:
    """Correlation of two chips."""
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def only(image: np.ndarray, **options) -> Face:
    faces = detect(image, **options)
    assert len(faces) == 1, faces
    return faces[0]


def turned(image: np.ndarray, degrees: float) -> np.ndarray:
    """Rotate counter-clockwise about the centre, replicating the border."""
    h, w = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((w / 2, h / 2), degrees, 1)
    return cv2.warpAffine(image, matrix, (w, h), borderMode=cv2.BORDER_REPLICATE)
