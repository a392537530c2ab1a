"""Faces in the frames of a film: looked for near their last place first, which is much faster.

A close-up at the last place takes a few milliseconds for each face. The whole frame is looked at
once a second, and whenever a face is not where it was. Frames are not turned: a face that lies on
its side is found only while it is being followed.
"""

import math
from collections.abc import Sequence

import numpy as np

from fer_core.arrays import as_image
from fer_core.faces.align import Face, as_face
from fer_core.faces.detect import (
    MAX_OVERLAP,
    MIN_SCORE,
    CropBudget,
    FaceDetection,
    detect_faces,
    distinct,
    straighten,
)
from fer_core.faces.views import SMALL_SIDE
from fer_core.imaging.patches import image_pyramid

FULL_LOOK_SECONDS = 1.0  # between two looks at the whole frame
MAX_FOLLOWED = 12  # with more faces, the whole frame is looked at each time


class FaceFollower:
    """Detects the faces of one film, frame by frame; for one thread at a time."""

    def __init__(self) -> None:
        self._faces: list[FaceDetection] = []
        self._last_full_look = -math.inf

    def detect(self, image: np.ndarray, time: float) -> list[Face]:
        """Detect the faces of the next frame.

        Args:
            image: (H, W, 3) uint8 RGB.
            time: Of the frame, in seconds of the film. After a jump, back or by a second or more,
                the whole frame is looked at.

        Returns:
            At most 100 faces, in no order.

        Raises:
            TypeError: The image is no NumPy array.
            ValueError: It has another shape or type.
            WeightsError: The detector's model file is missing.
        """
        image = as_image(image)
        faces = None
        if self._faces and 0 <= time - self._last_full_look < FULL_LOOK_SECONDS:
            faces = _near(image, self._faces)
        if faces is None:
            faces, _ = detect_faces(image, small_faces=False, turned=False)
            self._last_full_look = time
        self._faces = faces
        height, width = image.shape[:2]
        return [as_face(face, width, height) for face in faces]


def _near(image: np.ndarray, before: Sequence[FaceDetection]) -> list[FaceDetection] | None:
    """The faces in close-ups at their last places; None if one of them is not there."""
    if len(before) > MAX_FOLLOWED:
        return None
    pyramid, budget = image_pyramid(image, SMALL_SIDE), CropBudget()
    followed = []
    for face in before:
        now = straighten(pyramid, face, 0, budget)
        if now is None or now.score < MIN_SCORE:
            return None
        followed.append(now)
    faces = distinct(followed, len(followed), MAX_OVERLAP)
    return faces if len(faces) == len(before) else None
