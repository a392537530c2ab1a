"""What models answered about the faces of a photo."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fer_core.errors import ResultsError
from fer_core.faces.align import Face
from fer_core.imaging.photo_file import FileStamp
from fer_core.models.precision import Precision
from fer_core.quality import FaceQuality, face_quality

DEFAULT_THRESHOLD = 0.5  # of a yes/no model without a threshold chosen on PublicTest


@dataclass(frozen=True)
class Answer:
    """The prediction of one model for one face."""

    probabilities: dict[str, float]  # per emotion, in the order of EMOTIONS; sum to 1
    #: Per face: the model's time, its members' included, divided by the faces it got at once.
    milliseconds: float
    scores: dict[str, float] | None = None  # seven independent yes/no scores (`individual`)
    precision: Precision = "fp32"  # in which the networks computed

    @property
    def emotion(self) -> str:
        """The emotion with the highest probability."""
        return max(self.probabilities, key=lambda name: self.probabilities[name])

    @property
    def confidence(self) -> float:
        """The highest probability."""
        return max(self.probabilities.values())

    def positive_emotions(self, thresholds: Mapping[str, float]) -> list[str]:
        """Emotions whose yes/no model says yes, by descending score.

        Args:
            thresholds: Score from which a model says yes, per emotion; `DEFAULT_THRESHOLD` where
                missing.

        Returns:
            Emotion names; empty if the model has no yes/no scores.
        """
        scores = self.scores or {}
        ranked = sorted(scores, key=lambda name: -scores[name])
        return [name for name in ranked if scores[name] >= thresholds.get(name, DEFAULT_THRESHOLD)]

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON-serialisable data, as the command line prints it."""
        row: dict[str, Any] = {
            "emotion": self.emotion,
            "probabilities": {name: round(p, 6) for name, p in self.probabilities.items()},
            "ms": round(self.milliseconds, 3),
            "precision": self.precision,
        }
        if self.scores is not None:
            row["scores"] = {name: round(p, 6) for name, p in self.scores.items()}
        return row


@dataclass(frozen=True)
class FaceAnswers:
    """One face of a photo, its chip and the answers of the models, by model name."""

    face: Face
    chip: np.ndarray  # (48, 48) uint8 grey
    answers: dict[str, Answer] = field(default_factory=dict)
    quality: FaceQuality | None = None  # where the chip was left out after it was measured

    def as_dict(self) -> dict[str, Any]:
        """The face and its answers as JSON-serialisable data."""
        return {
            "box": list(self.face.box),
            "eyes": self.face.eyes and [[round(x, 1), round(y, 1)] for x, y in self.face.eyes],
            "score": None if self.face.score is None else round(self.face.score, 4),
            "results": {name: answer.as_dict() for name, answer in self.answers.items()},
        }


@dataclass(frozen=True)
class PhotoAnswers:
    """Faces and answers of one photo, or the reason why it could not be read."""

    name: str
    width: int | None = None  # of the photo in pixels; None if unreadable
    height: int | None = None
    faces: tuple[FaceAnswers, ...] = ()
    error: str | None = None  # one sentence, for the user
    more_faces: bool = False  # whether the photo has more faces than `faces`, the surest ones
    picture_count: int = 1  # frames or pages in the file; only the first is looked at
    stamp: FileStamp | None = None  # of a file that was read from a disk
    picture_chip: np.ndarray | None = None  # the whole picture as a chip, where it was asked for

    def quality_of(self, face: FaceAnswers) -> FaceQuality | None:
        """How good the picture of one of its faces is.

        Args:
            face: One of `faces`.

        Returns:
            The quality; None where neither it nor the chip is there, or the committed numbers of
            FER2013's Training are missing or damaged, as `quality.missing_numbers` says.
        """
        if face.quality or not face.chip.size or self.width is None or self.height is None:
            return face.quality
        try:
            return face_quality(face.face, face.chip, self.width, self.height)
        except ResultsError:
            return None

    def as_dict(self) -> dict[str, Any]:
        """The photo and its answers as JSON-serialisable data."""
        stamp = self.stamp or FileStamp(self.name)
        return {
            "path": stamp.path,
            "bytes": stamp.size,
            "modified": stamp.modified,
            "width": self.width,
            "height": self.height,
            "faces": [face.as_dict() for face in self.faces],
            "more_faces": self.more_faces,
            "picture_count": self.picture_count,
            "error": self.error,
        }
