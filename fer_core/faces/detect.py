"""Looking for faces: a glance at the whole picture finds candidates, a close-up of each decides.

YuNet alone misplaces the eyes of faces that are large, tilted, on their side or upside down, and is
sure of itself all the same. At the right size and upright it does well, so a candidate is looked at
again until it is so. What the numbers below rest on is told in docs/faces.md.
Points are px of the picture, x to the right and y down; angles are degrees, clockwise on the
screen, 0 for an upright face.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from fer_core.faces import yunet
from fer_core.imaging.patches import pyramid_level, image_pyramid, rotation_matrix, sample_patch

SCORE = 0.7  # a face must reach this
TURNED_SCORE = 0.8  # and this when it was found on its side or upside down
GLANCE_SCORE = 0.6  # what is worth a close-up
GLANCE_SIDE = 320  # px; YuNet finds faces of up to about this size, and misplaces larger ones
MAX_FACES = 100  # candidates a glance, the best first
MAX_GLANCED = 5 * MAX_FACES  # of which the distinct ones are sought
# A close-up takes 4 ms, and a crowd of faces on their side would ask for a thousand. An upright one
# needs two a face. The first are thorough, after them a candidate gets one look as it is.
THOROUGH_LOOKS = 120
MAX_LOOKS = 220
OVERLAP = 0.4  # intersection over union above which two boxes are the same face

CLOSE_UP = 256  # px a side
CLOSE_UP_ROOM = 1.5  # side of the close-up over that of the face's box
SURE = 0.92  # faces on their side or upside down stay below this, so no other turn need be tried
TURN_GAIN = 0.02  # by how much a turned close-up must beat the upright one
TILT_GAIN = 1.4  # YuNet sees about 0.7 of a face's tilt
TILT_STEPS = 5
TILT_DONE = 3.0  # degrees


@dataclass(frozen=True)
class Sighting:
    """A face as one look at the picture shows it."""

    centre: np.ndarray  # (2,) px
    size: np.ndarray  # (2,) px, width and height as the upright face has them
    score: float
    angle: float  # by which the picture was turned back for this sighting
    eyes: np.ndarray  # (2, 2) px, viewer's left first

    @property
    def tilt(self) -> float:
        """What is left of the face's angle after `angle`, as its eyes tell, -180 to 180."""
        across = self.eyes[1] - self.eyes[0]
        return (math.degrees(math.atan2(across[1], across[0])) - self.angle + 180) % 360 - 180

    @property
    def upright(self) -> bool:
        return round(self.angle / 90) % 4 == 0

    @property
    def corners(self) -> np.ndarray:
        """(4,) px: left, top, right, bottom."""
        on_its_side = round(self.angle / 90) % 2 == 1
        half = (self.size[::-1] if on_its_side else self.size) / 2
        return np.concatenate([self.centre - half, self.centre + half])


class Looks:
    """How many close-ups were taken of one picture."""

    taken = 0

    @property
    def thorough(self) -> bool:
        """Whether there are enough left to turn a candidate about."""
        return self.taken < THOROUGH_LOOKS

    def take(self) -> bool:
        """Count one more; False when there have been MAX_LOOKS."""
        self.taken += 1
        return self.taken <= MAX_LOOKS


def look(image: np.ndarray, max_side: int) -> list[Sighting]:
    """Every face of `image` (H, W, 3) uint8 RGB, the surest first.

    The picture is looked at with its longest side reduced to `max_side` px. Where nothing is found,
    it is turned by 90, 180 and 270 degrees.
    """
    scales, looks = image_pyramid(image, GLANCE_SIDE), Looks()
    views = _views(scales, max_side)
    for angle in (0, 90, 180, 270):
        candidates = _distinct(_glance(image, views, angle))
        close = (_look_closely(scales, candidate, looks) for candidate in candidates)
        found = _distinct(sighting for sighting in close if sighting is not None)
        if found:
            return found
    return []


def _views(scales: list[np.ndarray], max_side: int) -> list[np.ndarray]:
    """The picture seen in full, then small for large faces."""
    height, width = scales[0].shape[:2]
    longest = max(height, width)
    sides = {min(max(longest, GLANCE_SIDE), max_side), min(GLANCE_SIDE, max_side)}
    views = []
    for side in sorted(sides, reverse=True):
        new = (max(1, round(width * side / longest)), max(1, round(height * side / longest)))
        how = cv2.INTER_AREA if side < longest else cv2.INTER_CUBIC
        views.append(cv2.resize(pyramid_level(scales, longest / side)[0], new, interpolation=how))
    return views


def _glance(image: np.ndarray, views: list[np.ndarray], angle: int) -> Iterator[Sighting]:
    """Candidates in the views of a picture, turned back by `angle`."""
    height, width = image.shape[:2]
    for view in views:
        turned = np.rot90(view, angle // 90)
        scale = np.array([width, height]) / view.shape[1::-1]
        back = scale[:, None] * rotation_matrix(angle)
        middle = np.array(turned.shape[1::-1]) / 2
        rows = yunet.detect(turned, GLANCE_SCORE)
        for row in rows[np.argsort(-rows[:, 14], kind="stable")][:MAX_GLANCED]:
            points = (np.array([row[:2] + row[2:4] / 2, row[4:6], row[6:8]]) - middle) @ back.T
            centre, *eyes = points + np.array([width, height]) / 2
            size = row[2:4] * max(height, width) / max(view.shape)
            yield Sighting(centre, size, row[14], angle, np.array(eyes))


def _look_closely(scales: list[np.ndarray], glance: Sighting, looks: Looks) -> Sighting | None:
    """The candidate seen upright and at the size YuNet knows best; None when that is no face."""
    best = None
    for turn in (0, 90, 180, 270):
        if turn and not looks.thorough:
            break
        seen = _straighten(scales, glance, turn, looks)
        if seen is None or seen.score < (SCORE if seen.upright else TURNED_SCORE):
            continue
        if best is None or seen.score > best.score + TURN_GAIN:
            best = seen
        if best.score >= SURE:
            break
    return best


def _straighten(
    scales: list[np.ndarray], glance: Sighting, turn: int, looks: Looks
) -> Sighting | None:
    """Close-ups from `turn` degrees on, each turned by the tilt that the one before showed."""
    seen = _close_up(scales, glance, turn, looks)
    for _ in range(TILT_STEPS):
        if seen is None or abs(seen.tilt) < TILT_DONE or not looks.thorough:
            break
        straighter = _close_up(scales, seen, TILT_GAIN * seen.tilt, looks)
        if straighter is None:
            break
        seen = straighter
    return seen


def _close_up(
    scales: list[np.ndarray], last: Sighting, turn: float, looks: Looks
) -> Sighting | None:
    """The face of `last` in a patch around it, turned back by `turn` degrees more."""
    if not looks.take():
        return None
    side = CLOSE_UP_ROOM * math.sqrt(last.size.prod())
    angle = last.angle + turn
    image, shrunk = pyramid_level(scales, side / CLOSE_UP)
    patch, back = sample_patch(
        image, last.centre / shrunk, side / shrunk, angle, CLOSE_UP, border=yunet.BORDER_GREY
    )
    back = back * shrunk
    rows = yunet.detect(patch, GLANCE_SCORE)
    if not len(rows):
        return None
    # Neighbours may be in the patch as well: the face that is meant is near the middle.
    off_centre = np.hypot(*(rows[:, :2] + rows[:, 2:4] / 2 - CLOSE_UP / 2).T) / CLOSE_UP
    row = rows[np.argmax(rows[:, 14] - off_centre)]
    points = np.array([row[:2] + row[2:4] / 2, row[4:6], row[6:8]]) @ back[:, :2].T + back[:, 2]
    if (points[0] < 0).any() or (points[0] >= scales[0].shape[1::-1]).any():
        return None  # more of it lies outside the picture than inside
    return Sighting(points[0], row[2:4] * side / CLOSE_UP, row[14], angle, points[1:])


def _distinct(sightings: Iterable[Sighting]) -> list[Sighting]:
    """Without those that overlap a better one; best first, at most MAX_FACES."""
    kept: list[Sighting] = []
    corners = np.empty((0, 4))
    for sighting in sorted(sightings, key=lambda s: -s.score):
        if (_overlap(sighting.corners, corners) < OVERLAP).all():
            kept.append(sighting)
            corners = np.vstack([corners, sighting.corners])
        if len(kept) == MAX_FACES:
            break
    return kept


def _overlap(one: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(N,) intersection over union of (left, top, right, bottom) with each of `others` (N, 4)."""
    sides = np.minimum(one[2:], others[:, 2:]) - np.maximum(one[:2], others[:, :2])
    both = np.prod(np.clip(sides, 0, None), axis=1)
    areas = np.prod(others[:, 2:] - others[:, :2], axis=1)
    overlaps: np.ndarray = both / (np.prod(one[2:] - one[:2]) + areas - both)
    return overlaps
