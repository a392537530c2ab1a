"""What models answered about the faces of a film, in order of time.

Frames are not independent of each other: a second of film shows nearly the same face many times. So
no interval and no test is computed from the number of frames.
"""

import math
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from fer_core.emotions import EMOTIONS
from fer_core.faces.align import CHIP_SIZE
from fer_core.video.frames import FrameAnswers
from fer_core.video.tracks import Doubt

MAX_OBSERVATIONS = 100_000  # faces of frames; two hours of one face at 15 frames a second
CHIP_SECONDS = 0.2  # between two chips that are kept of a face
_DOUBTS: tuple[Doubt | None, ...] = (None, "crossed", "gone")  # as stored


class Observation(NamedTuple):
    """One face in one frame, without the answers."""

    frame: int  # number of the frame, from 1
    time: float  # seconds
    track: int  # number of the face, from 1
    box: tuple[int, int, int, int]  # x, y, width and height in px
    score: float  # of the detector
    doubt: Doubt | None


class Series(NamedTuple):
    """What one model answered about one face, in order of time."""

    times: np.ndarray  # (N,) float64 seconds
    probabilities: np.ndarray  # (N, 7) float32
    step: float  # seconds between two frames of the film


@dataclass(eq=False)
class Timeline:
    """A film's faces and answers. It may be read in one thread while another one adds a frame.

    Attributes:
        title: Name of the file, or what the camera is called.
        width: Of the frames, in px; 0 while there is none.
        height: The same.
        models: Names of the models that have answered.
        error: Why the end is missing, one sentence for the user; None if nothing is.
    """

    title: str = ""
    width: int = 0
    height: int = 0
    models: list[str] = field(default_factory=list)
    error: str | None = None
    _frame_times: "array[float]" = field(default_factory=lambda: array("d"))
    _frames: "array[int]" = field(default_factory=lambda: array("l"))  # one for each observation
    _tracks: "array[int]" = field(default_factory=lambda: array("l"))
    _boxes: "array[int]" = field(default_factory=lambda: array("l"))  # 4 for each
    _scores: "array[float]" = field(default_factory=lambda: array("f"))
    _doubts: "array[int]" = field(default_factory=lambda: array("b"))
    #: By model, 7 for each observation; fewer observations where the model was left out at the end.
    _answers: "dict[str, array[float]]" = field(default_factory=dict)
    _chips: dict[int, dict[float, bytes]] = field(default_factory=dict)  # track → time → pixels

    def __len__(self) -> int:
        """Number of observations: faces of frames."""
        return len(self._doubts)

    @property
    def frame_count(self) -> int:
        """Number of frames, those without a face included."""
        return len(self._frame_times)

    @property
    def is_full(self) -> bool:
        """Whether no further frame is taken."""
        return max(len(self), self.frame_count) >= MAX_OBSERVATIONS

    @property
    def frame_times(self) -> np.ndarray:
        """(F,) float64 seconds of all frames, those without a face included."""
        return np.array(self._frame_times, float)

    @property
    def seconds(self) -> float:
        """Time from the first frame to the end of the last."""
        return self.end - self._frame_times[0] if self._frame_times else 0.0

    @property
    def last_time(self) -> float:
        """Time of the last frame, in seconds; of none, the smallest there is."""
        return self._frame_times[-1] if self._frame_times else -math.inf

    @property
    def step(self) -> float:
        """Usual time between two frames, in seconds; 0 if there are not two."""
        return float(np.median(np.diff(self._frame_times))) if self.frame_count > 1 else 0.0

    @property
    def end(self) -> float:
        """Time at which the last frame ends, in seconds; 0 if there is none."""
        return self.last_time + self.step if self.frame_count else 0.0

    @property
    def tracks(self) -> list[int]:
        """Numbers of the faces."""
        return sorted(set(self._tracks[: len(self)]))

    @property
    def memory_bytes(self) -> int:
        """Approximate memory use in bytes; for any thread to ask."""
        chips = sum(map(len, list(self._chips.values())))
        return 8 * self.frame_count + len(self) * (53 + 28 * len(self.models)) + 2_500 * chips

    def add(self, frame: FrameAnswers) -> None:
        """Add the next frame.

        Raises:
            ValueError: The timeline is full, or the frame is not later than the last one.
        """
        if self.is_full:
            raise ValueError("the timeline is full")
        if frame.time <= self.last_time:
            raise ValueError("a frame must be later than the one before")
        self.width, self.height = frame.width, frame.height
        self._frame_times.append(frame.time)
        for each in frame.faces:
            for name, answer in each.answers.items():
                self._row(name).extend(answer.probabilities.values())
            self._frames.append(self.frame_count)
            self._tracks.append(each.track)
            self._boxes.extend(each.face.box)
            self._scores.append(each.face.score or 0.0)
            self._keep_chip(each.track, frame.time, each.chip)
            self._doubts.append(_DOUBTS.index(each.doubt))  # last: the length counts these

    def observations(self) -> Iterator[Observation]:
        """Every face of every frame, in order of time."""
        for i in range(len(self)):
            yield self.observation(i)

    def observation(self, index: int) -> Observation:
        """The face with this index, counted from 0 over all frames."""
        frame = self._frames[index]
        x, y, width, height = self._boxes[4 * index : 4 * index + 4]
        return Observation(
            frame,
            self._frame_times[frame - 1],
            self._tracks[index],
            (x, y, width, height),
            self._scores[index],
            _DOUBTS[self._doubts[index]],
        )

    def probabilities(self, model_name: str) -> np.ndarray:
        """(N, 7) float32, one row for each observation; NaN where the model was not asked."""
        given = np.array(self._answers.get(model_name, ()), np.float32)
        rows = np.full((len(self), len(EMOTIONS)), np.nan, np.float32)
        count = min(len(given) // len(EMOTIONS), len(self))
        rows[:count] = given[: count * len(EMOTIONS)].reshape(-1, len(EMOTIONS))
        return rows

    def series(self, track: int, model_name: str) -> Series:
        """What one model answered about one face; empty if it was never asked."""
        rows = self.probabilities(model_name)
        tracks = np.array(self._tracks[: len(rows)])
        frames = np.array(self._frames[: len(rows)], int)
        is_given = (tracks == track) & ~np.isnan(rows[:, 0])
        return Series(self.frame_times[frames[is_given] - 1], rows[is_given], self.step)

    def chip_at(self, track: int, time: float) -> tuple[float, np.ndarray] | None:
        """The chip of a face that was kept nearest to `time`: its time and (48, 48) uint8 grey."""
        if not (chips := dict(self._chips.get(track, {}))):
            return None
        nearest = min(chips, key=lambda each: abs(each - time))
        return nearest, np.frombuffer(chips[nearest], np.uint8).reshape(CHIP_SIZE, CHIP_SIZE)

    def _row(self, model_name: str) -> "array[float]":
        """A model's answers, filled up with NaN to the current observation."""
        if model_name not in self._answers:
            self._answers[model_name] = array("f")
            self.models.append(model_name)
        row = self._answers[model_name]
        missing = len(self) * len(EMOTIONS) - len(row)
        row.extend([float("nan")] * missing)
        return row

    def _keep_chip(self, track: int, time: float, chip: np.ndarray) -> None:
        chips = self._chips.setdefault(track, {})
        if not chips or time - next(reversed(chips)) >= CHIP_SECONDS - 1e-6:
            chips[time] = chip.tobytes()
