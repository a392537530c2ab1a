"""Faces in a picture, and the 48×48 grey chip each of them gives.

The detector is YuNet (Wu, Peng and Yu, "YuNet: A Tiny Millisecond-level Face Detector", Machine
Intelligence Research 2023); how it is used, and how chips are framed, is told in docs/faces.md.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from fer_core.faces.detect import Sighting, look
from fer_core.imaging.patches import rotation_matrix, sample_patch

CHIP_SIZE = 48  # px a side: what FER2013 holds


@dataclass(frozen=True)
class Face:
    """One face of a picture.

    `box` is (x, y, width, height) in px, inside the picture. `score` is the detector's, 0 to 1, and
    `eyes` are two (x, y) points in px, first the one on the viewer's left once the face is upright;
    both are None where the whole picture is taken as the face.
    """

    box: tuple[int, int, int, int]
    score: float | None = None
    eyes: tuple[tuple[float, float], tuple[float, float]] | None = None


@dataclass(frozen=True)
class CropGeometry:
    """The square that becomes the chip, chosen on PublicTest by `python -m training.crop_framing`.

    Its side is `side` times sqrt(box width × height), and its middle lies `drop` sides below the
    box's. The same from the eyes alone: `eyes_side` distances between them, `eyes_drop` sides below
    their midpoint.
    """

    scale: float = 1.05
    vertical_offset: float = 0.0
    eye_distance_scale: float = 2.57
    eye_vertical_offset: float = 0.13


CROP_GEOMETRY = CropGeometry()


def detect(image: np.ndarray, max_side: int = 1280) -> list[Face]:
    """Faces of `image` (H, W, 3) uint8 RGB, from left to right; at most 100.

    The picture is looked at with its longest side reduced to `max_side` px; faces are found
    from about 10 px there. Safe to call from many threads at once. Raises `WeightsError`
    when the detector's model file is missing.
    """
    height, width = image.shape[:2]
    faces = [_face(sighting, width, height) for sighting in look(image, max_side)]
    return sorted(faces, key=lambda face: face.box)


def full_image_face(image: np.ndarray) -> Face:
    """All of `image` (H, W, 3) as the face."""
    height, width = image.shape[:2]
    return Face((0, 0, width, height))


def crop_chip(image: np.ndarray, face: Face, geometry: CropGeometry = CROP_GEOMETRY) -> np.ndarray:
    """The face in `image` (H, W, 3) uint8 RGB as a (48, 48) uint8 grey chip (ITU-R 601 luma).

    With eye points the face is turned upright and framed as FER2013 frames faces; without, the chip
    is the largest square in the middle of the box.
    """
    x, y, width, height = face.box
    if face.eyes is None:
        edge = min(width, height)
        left, top = x + (width - edge) // 2, y + (height - edge) // 2
        cut = _grey(image[top : top + edge, left : left + edge])
        how = cv2.INTER_AREA if edge > CHIP_SIZE else cv2.INTER_CUBIC
        return cv2.resize(cut, (CHIP_SIZE, CHIP_SIZE), interpolation=how)
    centre, side, angle = crop_square(face, image.shape[1], image.shape[0], geometry)
    patch, _ = sample_patch(image, centre, side, angle, 2 * CHIP_SIZE)
    return cv2.resize(_grey(patch), (CHIP_SIZE, CHIP_SIZE), interpolation=cv2.INTER_AREA)


def crop_square(
    face: Face, width: int, height: int, framing: CropGeometry = CROP_GEOMETRY
) -> tuple[np.ndarray, float, float]:
    """Middle (px), side (px) and angle (degrees) of the square that becomes the chip of a face with
    eyes, in a picture of `width` × `height` px."""
    x, y, w, h = face.box
    eyes = np.array(face.eyes)
    across = eyes[1] - eyes[0]
    angle = math.degrees(math.atan2(across[1], across[0]))
    down = rotation_matrix(angle) @ (0, 1)
    side = framing.scale * math.sqrt(w * h)
    if x > 0 and y > 0 and x + w < width and y + h < height:
        return (x + w / 2, y + h / 2) + framing.vertical_offset * side * down, side, angle
    # The picture's edge may have cut the box: then it is too small, and its middle not the face's.
    side = max(side, framing.eye_distance_scale * math.hypot(*across))
    return eyes.mean(axis=0) + framing.eye_vertical_offset * side * down, side, angle


def _face(sighting: Sighting, width: int, height: int) -> Face:
    """With the box in whole px, cut where it leaves the picture."""
    left, top, right, bottom = np.rint(sighting.corners).astype(int).tolist()
    left, top = min(max(left, 0), width - 1), min(max(top, 0), height - 1)
    right, bottom = max(min(right, width), left + 1), max(min(bottom, height), top + 1)
    (x1, y1), (x2, y2) = sighting.eyes.tolist()
    return Face(
        (left, top, right - left, bottom - top), float(sighting.score), ((x1, y1), (x2, y2))
    )


def _grey(image: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_RGB2GRAY)
