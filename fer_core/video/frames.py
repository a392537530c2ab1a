"""One frame after the other: its faces, followed from the frame before, and the models' answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from fer_core import pipeline
from fer_core.answers import Answer
from fer_core.faces.align import Face, crop_chip
from fer_core.faces.follow import FaceFollower
from fer_core.models.precision import PrecisionChoice
from fer_core.video.tracks import Doubt, Tracker


@dataclass(frozen=True)
class TrackedFace:
    """One face of a frame."""

    track: int  # its number in the film, from 1
    doubt: Doubt | None  # why the number may be wrong
    face: Face
    chip: np.ndarray  # (48, 48) uint8 grey
    answers: dict[str, Answer]  # by model name


@dataclass(frozen=True)
class FrameAnswers:
    """What models answered about the faces of one frame."""

    number: int  # among the frames that were analysed, from 1
    time: float  # seconds of the film
    width: int  # px
    height: int
    faces: tuple[TrackedFace, ...]  # by track


@dataclass
class FrameAnalyser:
    """Analyses the frames of one film in their order; for one thread at a time.

    Attributes:
        precision: As of `predictors.load`.
    """

    precision: PrecisionChoice = "fp32"
    _follower: FaceFollower = field(default_factory=FaceFollower)
    _tracker: Tracker = field(default_factory=Tracker)
    _count: int = 0

    def analyse(self, image: np.ndarray, time: float, model_names: Sequence[str]) -> FrameAnswers:
        """Find the faces of the next frame and classify each of them.

        Args:
            image: (H, W, 3) uint8 RGB.
            time: Of the frame, in seconds of the film.
            model_names: Names of registered models; they may differ from frame to frame.

        Returns:
            The faces with one answer for each model.

        Raises:
            TypeError: The image is no NumPy array.
            ValueError: It has another shape or type.
            NotTrainedError: A model has no weights yet.
            WeightsError: The weights of a model or of the detector are missing or damaged.
        """
        faces = self._follower.detect(image, time)
        placed = self._tracker.place([face.box for face in faces], time)
        chips = np.array([crop_chip(image, face) for face in faces], np.uint8).reshape(-1, 48, 48)
        answers = pipeline.classify_chips(chips, model_names, precision=self.precision)
        self._count += 1
        tracked = [
            TrackedFace(number, doubt, face, chip, answer)
            for (number, doubt), face, chip, answer in zip(
                placed, faces, chips, answers, strict=True
            )
        ]
        tracked.sort(key=lambda each: each.track)
        height, width = image.shape[:2]
        return FrameAnswers(self._count, time, width, height, tuple(tracked))
