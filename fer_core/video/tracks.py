"""Which face of a frame is which of the frames before: by place and size, never by identity.

A face keeps its number while it is near where it was and about as large. No feature of a person is
computed, so two people who cross may swap numbers: where that is possible, `Placed.doubt` says so.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from fer_core.errors import requires_extra

with requires_extra("evaluation", "Following faces needs"):
    from scipy.optimize import linear_sum_assignment

Box = tuple[int, int, int, int]  # x, y, width and height in px
#: Why a face may be another one than before: it crossed another, or was not seen for a while.
Doubt = Literal["crossed", "gone"]

FORGET_SECONDS = 5.0  # after which a face that is gone has a new number when it is back
GONE_SECONDS = 1.0  # from which a face that is back may be another one
MAX_STEP_RATIO = 2.0  # a longer pause between two frames is one in which a face may have gone
MAX_DISTANCE = 0.8  # sides of the face that it may move between two frames,
DISTANCE_PER_SECOND = 2.0  # more for every second between them,
MAX_DISTANCE_EVER = 2.0  # but never more than this
MAX_SIZE_RATIO = 2.0
MIN_SWAP_COST = 0.6  # sides of the face; if a swap of two faces costs less, it may be one
_IMPOSSIBLE = 1e6


class Placed(NamedTuple):
    """The number of a face, from 1, and why it may be wrong."""

    track: int
    doubt: Doubt | None


@dataclass
class _Track:
    number: int
    box: Box
    time: float


class Tracker:
    """Numbers the faces of one film, frame by frame; for one thread at a time."""

    def __init__(self) -> None:
        self._tracks: list[_Track] = []
        self._count = 0
        self._last_time = -math.inf  # of the frame before
        self._last_step = math.inf  # between the two frames before

    def place(self, boxes: Sequence[Box], time: float) -> list[Placed]:
        """Number the faces of the next frame.

        Args:
            boxes: Of the faces, in px.
            time: Of the frame, in seconds; where it goes back, all faces are new.

        Returns:
            One number for each box.
        """
        step = time - self._last_time
        is_steady = 0 <= step <= MAX_STEP_RATIO * self._last_step
        #: Since when a face was not seen although it could have been.
        since = self._last_time if is_steady else time
        self._tracks = [
            t
            for t in self._tracks
            if t.time <= time and (t.time >= since or time - t.time <= FORGET_SECONDS)
        ]
        self._last_time, self._last_step = time, step
        costs = np.array([[_cost(t, box, time) for box in boxes] for t in self._tracks])
        costs = costs.reshape(len(self._tracks), len(boxes))
        assigned = {
            int(box): int(track)
            for track, box in zip(*linear_sum_assignment(costs), strict=True)
            if costs[track, box] < _IMPOSSIBLE
        }
        placed = []
        for i, box in enumerate(boxes):
            if i not in assigned:
                self._count += 1
                self._tracks.append(_Track(self._count, box, time))
                placed.append(Placed(self._count, None))
                continue
            track = self._tracks[assigned[i]]
            doubt: Doubt | None = None
            if _may_be_swapped(costs, assigned, i):
                doubt = "crossed"
            elif track.time < since and time - track.time >= GONE_SECONDS:
                doubt = "gone"
            placed.append(Placed(track.number, doubt))
            track.box, track.time = box, time
        return placed


def _cost(track: _Track, box: Box, time: float) -> float:
    """How far a face is from a track, in sides of the face; a doubled size counts as 0.7 sides."""
    side, before = math.sqrt(box[2] * box[3]), math.sqrt(track.box[2] * track.box[3])
    x, y = (box[i] + box[i + 2] / 2 - track.box[i] - track.box[i + 2] / 2 for i in (0, 1))
    distance = math.hypot(x, y) / max(side, before)
    growth = abs(math.log(side / before))
    limit = min(MAX_DISTANCE + DISTANCE_PER_SECOND * (time - track.time), MAX_DISTANCE_EVER)
    is_possible = distance <= limit and growth <= math.log(MAX_SIZE_RATIO)
    return distance + growth if is_possible else _IMPOSSIBLE


def _may_be_swapped(costs: np.ndarray, assigned: dict[int, int], box: int) -> bool:
    """Whether another track could have this face at hardly more cost for both."""
    own = assigned[box]
    box_of = {track: other for other, track in assigned.items()}
    for rival in range(len(costs)):
        if rival == own:
            continue
        swapped, now = costs[rival, box], costs[own, box]
        if rival in box_of:
            swapped, now = swapped + costs[own, box_of[rival]], now + costs[rival, box_of[rival]]
        if swapped - now < MIN_SWAP_COST:
            return True
    return False
