"""A face in a corrupted photo: what the detector still finds, and the chip that the models get."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from fer_core import pipeline
from fer_core.corruptions.formulas import Box, square_of
from fer_core.corruptions.records import SEED, corrupt
from fer_core.faces.align import Face


class CorruptedFace(NamedTuple):
    """One face of a photo after the photo was corrupted and the detector looked again."""

    image: np.ndarray  # (H, W, 3) uint8 RGB, the corrupted photo
    chip: np.ndarray | None  # (48, 48) uint8; None if the detector no longer finds the face
    score: float | None  # the detector's, 0 to 1
    faces: int  # that it finds in the corrupted photo


def corrupt_face(
    image: np.ndarray,
    face: Face,
    amounts: Mapping[str, float],
    *,
    box: Box | None = None,
    seed: int = SEED,
) -> CorruptedFace:
    """Corrupt a photo and look for a face of it again.

    The face counts as found if the centre of a detected box lies within half a side of the face's
    square, of where the corruptions moved its centre.

    Args:
        image: (H, W, 3) uint8 RGB.
        face: The face in the photo as it was.
        amounts: As for `corrupt`.
        box: As for `corrupt`.
        seed: Of the noise.

    Returns:
        The corrupted photo and the face in it.
    """
    square = square_of(image, face)
    corrupted = corrupt(image, amounts, square, box=box, seed=seed)
    detected = pipeline.detect_faces(corrupted)
    expected = (square.x + amounts.get("shift", 0) * square.scale, square.y)
    nearest = nearest_face(detected.faces, expected, square.side / 2)
    if nearest is None:
        return CorruptedFace(corrupted, None, None, len(detected.faces))
    return CorruptedFace(
        corrupted, detected.chips[nearest], detected.faces[nearest].score, len(detected.faces)
    )


def nearest_face(
    faces: Sequence[Face], point: tuple[float, float], max_distance: float
) -> int | None:
    """Index of the face whose box's centre is nearest to a point; None if none is near.

    Args:
        faces: Faces of one image.
        point: (x, y) in px.
        max_distance: In px.
    """
    distances = [math.dist(centre(face), point) for face in faces]
    nearest = min(range(len(faces)), key=distances.__getitem__, default=None)
    return None if nearest is None or distances[nearest] > max_distance else nearest


def hidden_area(amounts: Mapping[str, float], box: Box | None = None) -> np.ndarray:
    """(48, 48) bool: the part of the chip that `corrupt` hides with these amounts and this box."""
    covers = {name: amount for name, amount in amounts.items() if name.startswith("hide_")}
    area: np.ndarray = corrupt(np.zeros((48, 48), np.uint8), covers, box=box) > 0
    return area


def centre(face: Face) -> tuple[float, float]:
    """The centre (x, y) of a face's box, in px."""
    x, y, width, height = face.box
    return x + width / 2, y + height / 2
