"""Coarse-to-fine face detection: a pass over the image proposes candidates, crops refine them.

A large image is also looked at in tiles, for its small faces (`fer_core.faces.views`).

YuNet alone misplaces the eyes of faces that are large, tilted, sideways or upside down, with high
confidence. It is accurate on upright faces of the right size, so each candidate is cropped, scaled
and rotated until it is upright, and detected again. docs/faces.md documents the constants below.
Points are px of the image, x to the right and y down. Angles are degrees, clockwise on the screen,
0 for an upright face.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from fer_core.faces import yunet
from fer_core.faces.views import SMALL_SIDE, View, full_views, tiles
from fer_core.imaging.patches import image_pyramid, pyramid_level, rotation_matrix, sample_patch

MIN_SCORE = 0.7  # of an upright face
MIN_ROTATED_SCORE = 0.8  # of a face found sideways or upside down
MIN_TILE_SCORE = 0.88  # of a face found only in a tile, where more of the background looks alike
COARSE_SCORE = 0.6  # of a candidate in the coarse pass
MAX_FACES = 100  # per image, best first
MAX_CANDIDATES = 2 * MAX_FACES  # per coarse pass, best first
MAX_VIEW_DETECTIONS = 5 * MAX_FACES  # of one view, before overlapping ones are dropped
# A crop takes 4 ms, and a crowd of sideways faces would need a thousand of them. An upright face
# needs two. Once MAX_ROTATED_CROPS are used up, each candidate gets one crop, without rotation.
MAX_ROTATED_CROPS = 120
MAX_CROPS = 220
MAX_OVERLAP = 0.4  # intersection over union; boxes that overlap more are the same face
MAX_CONTAINMENT = 0.7  # intersection over the smaller box, which is then a part of the larger one

CROP_SIDE = 256  # px
CROP_MARGIN = 1.5  # side of the crop relative to that of the face's box
EARLY_STOP_SCORE = 0.92  # sideways and upside-down faces score less: no other rotation is tried
MIN_ROTATION_GAIN = 0.02  # by which a rotated crop must beat the best one so far
TILT_GAIN = 1.4  # YuNet reports about 0.7 of a face's tilt
MAX_TILT_STEPS = 5
# A first look at a small image that shows a face, and nothing unsure or large, needs no second one.
SURE_SCORE = 0.9
SURE_SIDE = 300  # px in the view, the largest faces that YuNet was trained on
MAX_SURE_VIEW = 640  # px; in a larger view a large face may be no candidate at all
TILT_TOLERANCE = 3.0  # degrees


@dataclass(frozen=True)
class FaceDetection:
    """One detection of a face, in px of the image."""

    centre: np.ndarray  # (2,) px
    size: np.ndarray  # (2,) px, width and height of the upright face
    score: float
    angle: float  # by which the image was rotated back for this detection
    eyes: np.ndarray  # (2, 2) px, viewer's left first
    min_score: float = MIN_SCORE  # that a close-up of this candidate must reach

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
    def is_exceeded(self) -> bool:
        """Whether a candidate could not be looked at."""
        return self.used > MAX_CROPS

    @property
    def allows_rotation(self) -> bool:
        """Whether enough crops are left to rotate a candidate."""
        return self.used < MAX_ROTATED_CROPS

    def spend(self) -> bool:
        """Count one more crop; False once there have been MAX_CROPS."""
        self.used += 1
        return not self.is_exceeded


def detect_faces(
    image: np.ndarray, *, small_faces: bool = True, turned: bool = True
) -> tuple[list[FaceDetection], bool]:
    """Detect the faces of an image; where there is none, also at 90, 180 and 270 degrees.

    Args:
        image: (H, W, 3) uint8 RGB, C-contiguous.
        small_faces: Whether to look for small faces beside larger ones too.
        turned: Whether to turn the image, and look for small faces, where there is no face.

    Returns:
        At most MAX_FACES detections that do not overlap, highest score first, and whether there
        are more, or so many candidates that some were not looked at.
    """
    pyramid, budget = image_pyramid(image, SMALL_SIDE), CropBudget()
    views = full_views(pyramid)
    for angle in (0, 90, 180, 270) if turned else (0,):
        candidates = list(_coarse_pass(views[:1], angle))
        if not _is_sure(candidates, views[0]):
            candidates += _coarse_pass(views[1:], angle)
        candidates = _best_first(candidates)
        # YuNet proposes sideways faces too: the tiles need not be rotated.
        if angle == 0 and small_faces:
            candidates += _best_first(_coarse_pass(tiles(pyramid), angle))
        candidates = distinct(candidates, MAX_CANDIDATES, MAX_OVERLAP)
        refined = (_refine(pyramid, candidate, budget) for candidate in candidates)
        faces = _best_first(face for face in refined if face is not None)
        faces = distinct(faces, MAX_FACES + 1, MAX_OVERLAP, MAX_CONTAINMENT)
        if faces:
            return faces[:MAX_FACES], len(faces) > MAX_FACES or budget.is_exceeded
    return ([], False) if small_faces or not turned else detect_faces(image)


def _is_sure(candidates: list[FaceDetection], view: View) -> bool:
    """Whether the first look at a small image needs no second one for large faces.

    YuNet sees a face that is too large for it as an unsure or a large candidate.
    """
    max_size = SURE_SIDE * view.scale.max()
    return (
        max(view.pixels.shape) <= MAX_SURE_VIEW
        and bool(candidates)
        and all(c.score >= SURE_SCORE and c.size.max() <= max_size for c in candidates)
    )


def _coarse_pass(views: list[View], angle: int) -> Iterator[FaceDetection]:
    """Yield candidates in the views of an image, rotated back by `angle`."""
    for view in views:
        rotated = np.rot90(view.pixels, angle // 90)
        to_image = view.scale[:, None] * rotation_matrix(angle)
        view_centre = view.origin + view.scale * view.pixels.shape[1::-1] / 2
        rotated_centre = np.array(rotated.shape[1::-1]) / 2
        reduction = (view.scale * view.pixels.shape[1::-1]).max() / max(view.pixels.shape)
        min_score = MIN_SCORE if view.max_face is None else MIN_TILE_SCORE
        rows = yunet.detect(rotated, COARSE_SCORE)
        for row in rows[np.argsort(-rows[:, 14], kind="stable")][:MAX_VIEW_DETECTIONS]:
            size = row[2:4] * reduction
            if view.max_face is not None and size.max() > view.max_face:
                continue
            points = np.array([row[:2] + row[2:4] / 2, row[4:6], row[6:8]]) - rotated_centre
            centre, *eyes = points @ to_image.T + view_centre
            yield FaceDetection(centre, size, row[14], angle, np.array(eyes), min_score)


def _refine(
    pyramid: list[np.ndarray], candidate: FaceDetection, budget: CropBudget
) -> FaceDetection | None:
    """Detect the candidate again, upright and at YuNet's best size; None where it is no face."""
    best = None
    for rotation in (0, 90, 180, 270):
        if rotation and not budget.allows_rotation:
            break
        face = straighten(pyramid, candidate, rotation, budget)
        if face is None or face.score < candidate.min_score:
            continue
        if not face.is_upright and face.score < MIN_ROTATED_SCORE:
            continue
        if best is None or face.score > best.score + MIN_ROTATION_GAIN:
            best = face
        if best.score >= EARLY_STOP_SCORE:
            break
    return best


def straighten(
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


def _best_first(detections: Iterable[FaceDetection]) -> list[FaceDetection]:
    return sorted(detections, key=lambda detection: -detection.score)


def distinct(
    detections: Iterable[FaceDetection],
    limit: int,
    max_overlap: float,
    max_containment: float = math.inf,
) -> list[FaceDetection]:
    """Non-maximum suppression: drop detections of a face that an earlier one shows.

    Args:
        detections: in order of preference.
        limit: stop after this many distinct ones.
        max_overlap: intersection over union from which two boxes are the same face.
        max_containment: intersection over the smaller box from which it is a part of the other.
    """
    distinct: list[FaceDetection] = []
    boxes = np.empty((0, 4))
    for detection in detections:
        box = detection.corners
        sides = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
        intersection = np.prod(np.clip(sides, 0, None), axis=1)
        area, areas = np.prod(box[2:] - box[:2]), np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
        overlap = intersection / (area + areas - intersection)
        containment = intersection / np.minimum(area, areas)
        if (overlap < max_overlap).all() and (containment < max_containment).all():
            distinct.append(detection)
            boxes = np.vstack([boxes, box])
        if len(distinct) == limit:
            break
    return distinct
