"""Detected faces of an image and the 48×48 grey chip cropped from each.

The detector is YuNet (Wu, Peng and Yu, "YuNet: A Tiny Millisecond-level Face Detector", Machine
Intelligence Research 2023). docs/faces.md describes how it is used and how chips are cropped.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from fer_core.arrays import as_image
from fer_core.faces.detect import FaceDetection, detect_faces
from fer_core.imaging.patches import rotation_matrix, sample_patch

CHIP_SIZE = 48  # px per side, as in FER2013


@dataclass(frozen=True)
class Face:
    """One face in an image.

    `box` is (x, y, width, height) in px and lies inside the image. `score` is the detector's
    confidence, 0 to 1. `eyes` are two (x, y) points in px; the first is on the viewer's left once
    the face is upright. Score and eyes are None where the full image is taken as the face.
    """

    box: tuple[int, int, int, int]
    score: float | None = None
    eyes: tuple[tuple[float, float], tuple[float, float]] | None = None


@dataclass(frozen=True)
class CropGeometry:
    """Geometry of the square that becomes the chip.

    The side of the square is `scale` × sqrt(box width × height). Its centre lies `vertical_offset`
    sides below the centre of the box. Where only the eyes are used, the side is
    `eye_distance_scale` × the distance between them, and the centre lies `eye_vertical_offset`
    sides below their midpoint. The defaults were chosen on PublicTest with
    `python -m training.crop_framing`.
    """

    scale: float = 1.05
    vertical_offset: float = 0.0
    eye_distance_scale: float = 2.57
    eye_vertical_offset: float = 0.13


CROP_GEOMETRY = CropGeometry()


def detect(image: np.ndarray) -> list[Face]:
    """Detect the faces of an image, at most 100, in reading order; see `detect_capped`."""
    return detect_capped(image)[0]


def detect_capped(image: np.ndarray, *, small_faces: bool = True) -> tuple[list[Face], bool]:
    """Detect the faces of an image. Thread-safe.

    Args:
        image: (H, W, 3) uint8 RGB.
        small_faces: Whether to look for small faces beside larger ones too, which takes as long
            again in photos of more than 1280 px.

    Returns:
        The 100 surest faces at most, in reading order, and whether there were more.

    Raises:
        TypeError: the image is no NumPy array.
        ValueError: it has another shape or type.
        WeightsError: the detector's model file is missing.
    """
    image = as_image(image)
    height, width = image.shape[:2]
    detections, more_faces = detect_faces(image, small_faces=small_faces)
    faces = [as_face(detection, width, height) for detection in detections]
    return reading_order(faces), more_faces


def reading_order(faces: Sequence[Face]) -> list[Face]:
    """Sort faces row by row, and each row from left to right.

    A face belongs to a row if its centre is less than half a face below that of the row's first.
    """
    rows: list[list[Face]] = []
    for face in sorted(faces, key=lambda face: (_centre(face), face.box)):
        if rows and _centre(face) - _centre(rows[-1][0]) < rows[-1][0].box[3] / 2:
            rows[-1].append(face)
        else:
            rows.append([face])
    return [face for row in rows for face in sorted(row, key=lambda face: face.box)]


def _centre(face: Face) -> float:
    return face.box[1] + face.box[3] / 2


def full_image_face(image: np.ndarray) -> Face:
    """Take all of `image`, (H, W, 3) uint8 RGB, as one face; errors as of `detect_capped`."""
    height, width = as_image(image).shape[:2]
    return Face((0, 0, width, height))


def crop_chip(image: np.ndarray, face: Face, geometry: CropGeometry = CROP_GEOMETRY) -> np.ndarray:
    """Crop a face to a chip.

    With eye points, the face is turned upright and framed as in FER2013. Without them, the chip is
    the largest centred square of the box.

    Args:
        image: (H, W, 3) uint8 RGB.
        face: the face to crop.
        geometry: size and position of the crop relative to the face.

    Returns:
        (48, 48) uint8 grey (ITU-R 601 luma).

    Raises:
        TypeError: the image is no NumPy array.
        ValueError: it has another shape or type.
    """
    image = as_image(image)
    x, y, width, height = face.box
    if face.eyes is None:
        side = min(width, height)
        left, top = x + (width - side) // 2, y + (height - side) // 2
        crop = _grey(image[top : top + side, left : left + side])
        interpolation = cv2.INTER_AREA if side > CHIP_SIZE else cv2.INTER_CUBIC
        return cv2.resize(crop, (CHIP_SIZE, CHIP_SIZE), interpolation=interpolation)
    centre, crop_side, angle = crop_square(face, image.shape[1], image.shape[0], geometry)
    patch, _ = sample_patch(image, centre, crop_side, angle, 2 * CHIP_SIZE)
    return cv2.resize(_grey(patch), (CHIP_SIZE, CHIP_SIZE), interpolation=cv2.INTER_AREA)


def crop_square(
    face: Face, width: int, height: int, geometry: CropGeometry = CROP_GEOMETRY
) -> tuple[np.ndarray, float, float]:
    """Compute the square that becomes the chip of a face with eyes.

    Args:
        face: a face whose `eyes` are known.
        width: width of the image in px.
        height: height of the image in px.
        geometry: size and position of the crop relative to the face.

    Returns:
        Centre (2,) in px, side in px and angle in degrees.
    """
    x, y, w, h = face.box
    eyes = np.array(face.eyes)
    eye_vector = eyes[1] - eyes[0]
    angle = math.degrees(math.atan2(eye_vector[1], eye_vector[0]))
    down = rotation_matrix(angle) @ (0, 1)
    side = geometry.scale * math.sqrt(w * h)
    if not is_cut_by_edge(face, width, height):
        return (x + w / 2, y + h / 2) + geometry.vertical_offset * side * down, side, angle
    # A box that is cut off is too small, and off-centre.
    side = max(side, geometry.eye_distance_scale * math.hypot(*eye_vector))
    return eyes.mean(axis=0) + geometry.eye_vertical_offset * side * down, side, angle


def is_cut_by_edge(face: Face, width: int, height: int) -> bool:
    """Whether a face's box touches the edge of an image of this size in px, and may be cut off."""
    x, y, w, h = face.box
    return x <= 0 or y <= 0 or x + w >= width or y + h >= height


def as_face(detection: FaceDetection, width: int, height: int) -> Face:
    """A detection as a face, its box rounded to whole px and clipped to the image."""
    left, top, right, bottom = np.rint(detection.corners).astype(int).tolist()
    left, top = min(max(left, 0), width - 1), min(max(top, 0), height - 1)
    right, bottom = max(min(right, width), left + 1), max(min(bottom, height), top + 1)
    (x1, y1), (x2, y2) = detection.eyes.tolist()
    return Face(
        (left, top, right - left, bottom - top), float(detection.score), ((x1, y1), (x2, y2))
    )


def _grey(image: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_RGB2GRAY)
