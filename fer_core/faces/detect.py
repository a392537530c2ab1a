"""Coarse-to-fine face detection: a pass over the image proposes candidates, crops refine them.

YuNet alone misplaces the eyes of faces that are large, tilted, sideways or upside down, with high
confidence. It is accurate on upright faces of the right size, so each candidate is cropped, scaled
and rotated until it is upright, and detected again. docs/faces.md documents the constants below.
Points are px of the image, x to the right and y down. Angles are degrees, clockwise on the screen,
0 for an upright face.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from fer_core.faces import yunet
from fer_core.imaging.patches import (
    image_pyramid,
    pyramid_level,
    rotation_matrix,
    sample_patch,
)

MIN_SCORE = 0.7  # of an upright face
MIN_ROTATED_SCORE = 0.8  # of a face found sideways or upside down
COARSE_SCORE = 0.6  # of a candidate in the coarse pass
COARSE_SIDE = 320  # px; YuNet finds faces of up to about this size, and misplaces larger ones
MAX_FACES = 100  # per image, best first
MAX_COARSE_DETECTIONS = 5 * MAX_FACES  # before overlapping ones are dropped
# A crop takes 4 ms, and a crowd of sideways faces would need a thousand of them. An upright face
# needs two. Once MAX_ROTATED_CROPS are used up, each candidate gets one crop, without rotation.
MAX_ROTATED_CROPS = 120
MAX_CROPS = 220
MAX_OVERLAP = 0.4  # intersection over union; boxes that overlap more are the same face

CROP_SIDE = 256  # px
CROP_MARGIN = 1.5  # side of the crop relative to that of the face's box
EARLY_STOP_SCORE = 0.92  # sideways and upside-down faces score less: no other rotation is tried
MIN_ROTATION_GAIN = 0.02  # by which a rotated crop must beat the best one so far
TILT_GAIN = 1.4  # YuNet reports about 0.7 of a face's tilt
MAX_TILT_STEPS = 5
TILT_TOLERANCE = 3.0  # degrees


@dataclass(frozen=True)
class FaceDetection:
    """One detection of a face, in px of the image."""

    centre: np.ndarray  # (2,) px
    size: np.ndarray  # (2,) px, width and height of the upright face
    score: float
    angle: float  # by which the image was rotated back for this detection
    eyes: np.ndarray  # (2, 2) px, viewer's left first

    @property
    def tilt(self) -> float:
        """Angle of the eyes that is left after rotating back by `angle`, -180 to 180 degrees."""
        eye_vector = self.eyes[1] - self.eyes[0]
        return (
            math.degrees(math.atan2(eye_vector[1], eye_vector[0])) - self.angle + 180
        ) % 360 - 180

    @property
    def is_upright(self) -> bool:
        return round(self.angle / 90) % 4 == 0

    @property
    def corners(self) -> np.ndarray:
        """(4,) px: left, top, right, bottom."""
        is_sideways = round(self.angle / 90) % 2 == 1
        half = (self.size[::-1] if is_sideways else self.size) / 2
        return np.concatenate([self.centre - half, self.centre + half])


class CropBudget:
    """Number of crops used for one image."""

    used = 0

    @property
    def allows_rotation(self) -> bool:
        """Whether enough crops are left to rotate a candidate."""
        return self.used < MAX_ROTATED_CROPS

    def spend(self) -> bool:
        """Count one more crop; False once there have been MAX_CROPS."""
        self.used += 1
        return self.used <= MAX_CROPS


def detect_faces(image: np.ndarray, max_side: int) -> tuple[list[FaceDetection], bool]:
    """Detect every face of an image; where there is none, also at 90, 180 and 270 degrees.

    Args:
        image: (H, W, 3) uint8 RGB.
        max_side: longest side in px to which the image is reduced for the coarse pass.

    Returns:
        Detections that do not overlap, highest score first, at most MAX_FACES; and whether there
        are more.
    """
    pyramid, budget = image_pyramid(image, COARSE_SIDE), CropBudget()
    views = _views(pyramid, max_side)
    for angle in (0, 90, 180, 270):
        candidates = _suppress_overlaps(_coarse_pass(image, views, angle))
        refined = (_refine(pyramid, candidate, budget) for candidate in candidates)
        faces = _suppress_overlaps(face for face in refined if face is not None)
        if faces:
            return faces[:MAX_FACES], len(faces) > MAX_FACES
    return [], False


def _views(pyramid: list[np.ndarray], max_side: int) -> list[np.ndarray]:
    """The image in full, then reduced for large faces."""
    height, width = pyramid[0].shape[:2]
    longest = max(height, width)
    sides = {min(max(longest, COARSE_SIDE), max_side), min(COARSE_SIDE, max_side)}
    views = []
    for side in sorted(sides, reverse=True):
        size = (max(1, round(width * side / longest)), max(1, round(height * side / longest)))
        interpolation = cv2.INTER_AREA if side < longest else cv2.INTER_CUBIC
        level, _ = pyramid_level(pyramid, longest / side)
        views.append(cv2.resize(level, size, interpolation=interpolation))
    return views


def _coarse_pass(image: np.ndarray, views: list[np.ndarray], angle: int) -> Iterator[FaceDetection]:
    """Yield candidates in the views of an image, rotated back by `angle`."""
    height, width = image.shape[:2]
    for view in views:
        rotated = np.rot90(view, angle // 90)
        scale = np.array([width, height]) / view.shape[1::-1]
        to_image = scale[:, None] * rotation_matrix(angle)
        view_centre = np.array(rotated.shape[1::-1]) / 2
        rows = yunet.detect(rotated, COARSE_SCORE)
        for row in rows[np.argsort(-rows[:, 14], kind="stable")][:MAX_COARSE_DETECTIONS]:
            points = np.array([row[:2] + row[2:4] / 2, row[4:6], row[6:8]]) - view_centre
            centre, *eyes = points @ to_image.T + np.array([width, height]) / 2
            size = row[2:4] * max(height, width) / max(view.shape)
            yield FaceDetection(centre, size, row[14], angle, np.array(eyes))


def _refine(
    pyramid: list[np.ndarray], candidate: FaceDetection, budget: CropBudget
) -> FaceDetection | None:
    """Detect the candidate again, upright and at YuNet's best size; None where it is no face."""
    best = None
    for rotation in (0, 90, 180, 270):
        if rotation and not budget.allows_rotation:
            break
        face = _straighten(pyramid, candidate, rotation, budget)
        if face is None or face.score < (MIN_SCORE if face.is_upright else MIN_ROTATED_SCORE):
            continue
        if best is None or face.score > best.score + MIN_ROTATION_GAIN:
            best = face
        if best.score >= EARLY_STOP_SCORE:
            break
    return best


def _straighten(
    pyramid: list[np.ndarray], candidate: FaceDetection, rotation: int, budget: CropBudget
) -> FaceDetection | None:
    """Detect in successive crops, each rotated by the tilt found in the one before."""
    face = _detect_in_crop(pyramid, candidate, rotation, budget)
    for _ in range(MAX_TILT_STEPS):
        if face is None or abs(face.tilt) < TILT_TOLERANCE or not budget.allows_rotation:
            break
        straighter = _detect_in_crop(pyramid, face, TILT_GAIN * face.tilt, budget)
        if straighter is None:
            break
        face = straighter
    return face


def _detect_in_crop(
    pyramid: list[np.ndarray], previous: FaceDetection, rotation: float, budget: CropBudget
) -> FaceDetection | None:
    """Detect the face of `previous` in a crop around it, rotated back by another `rotation`."""
    if not budget.spend():
        return None
    side = CROP_MARGIN * math.sqrt(previous.size.prod())
    angle = previous.angle + rotation
    level, reduction = pyramid_level(pyramid, side / CROP_SIDE)
    crop, to_level = sample_patch(
        level,
        previous.centre / reduction,
        side / reduction,
        angle,
        CROP_SIDE,
        border=yunet.BORDER_GREY,
    )
    to_image = to_level * reduction
    rows = yunet.detect(crop, COARSE_SCORE)
    if not len(rows):
        return None
    # Neighbouring faces may be in the crop as well: prefer the one near the centre.
    off_centre = np.hypot(*(rows[:, :2] + rows[:, 2:4] / 2 - CROP_SIDE / 2).T) / CROP_SIDE
    row = rows[np.argmax(rows[:, 14] - off_centre)]
    points = np.array([row[:2] + row[2:4] / 2, row[4:6], row[6:8]])
    points = points @ to_image[:, :2].T + to_image[:, 2]
    if (points[0] < 0).any() or (points[0] >= pyramid[0].shape[1::-1]).any():
        return None  # its centre is outside the image
    return FaceDetection(points[0], row[2:4] * side / CROP_SIDE, row[14], angle, points[1:])


def _suppress_overlaps(detections: Iterable[FaceDetection]) -> list[FaceDetection]:
    """Drop detections that overlap a better one; best first, at most one more than MAX_FACES."""
    distinct: list[FaceDetection] = []
    corners = np.empty((0, 4))
    for detection in sorted(detections, key=lambda d: -d.score):
        if (_iou(detection.corners, corners) < MAX_OVERLAP).all():
            distinct.append(detection)
            corners = np.vstack([corners, detection.corners])
        if len(distinct) > MAX_FACES:
            break
    return distinct


def _iou(box: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(N,) intersection over union of (left, top, right, bottom) with each of `others` (N, 4)."""
    sides = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
    intersection = np.prod(np.clip(sides, 0, None), axis=1)
    areas = np.prod(others[:, 2:] - others[:, :2], axis=1)
    iou: np.ndarray = intersection / (np.prod(box[2:] - box[:2]) + areas - intersection)
    return iou
