"""From labelled photos and the models' answers to an evaluation set, one photo after the other.

The builder keeps chips and probabilities, never a photo.
"""

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from fer_core.answers import FaceAnswers, PhotoAnswers
from fer_core.artifacts.predictions import Predictions
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation.evaluation_set import EvaluationSet, user_set
from fer_core.evaluation.groups import NO_GROUP
from fer_core.own_sets import overlap
from fer_core.own_sets.labels import LabelMapping, Vocabulary
from fer_core.own_sets.overlap import Overlap
from fer_core.own_sets.sources import LabelledItem
from fer_core.registry import ModelSpec
from fer_core.text import counted, named

MAX_REASONS: Final = 10  # why photos are unreadable, one sentence each
#: Why a photo counts apart, with the end of the sentence that counts them; empty where it
#: depends on the photos.
_KINDS: Final = {
    "several faces": "with several faces, of which the largest was used",
    "no face": "without a face that was found, left out",
    "unreadable": "",
    "no emotion": "",
    "duplicate": "with the same face, pixel for pixel, as an earlier one; both are counted",
    "contradiction": "with the same face as an earlier one but another label",
}


class SetBuilder:
    """Collects labelled faces with the models' answers.

    Attributes:
        chips: The chip of each face so far, (48, 48) uint8 grey, in the order of the set.
        names: The name of each.
        sides: The longer side of each face's box in its photo, px.
        apart: Kind → names of the photos that were left out or need a word, see `sentences`.
    """

    def __init__(self, models: Mapping[str, ModelSpec], vocabulary: Vocabulary) -> None:
        """Begin with no face.

        Args:
            models: Name → record of the models that answer.
            vocabulary: What labels mean.
        """
        self._models, self._vocabulary = dict(models), vocabulary
        self.chips: list[np.ndarray] = []
        self.names: list[str] = []
        self.sides: list[int] = []
        self.apart: dict[str, list[str]] = {kind: [] for kind in _KINDS}
        self._pictures: list[np.ndarray] = []  # the whole photo of each as a chip, where known
        self._reasons: dict[str, str] = {}  # unreadable photo → why
        self._labels: list[int] = []
        self._groups: list[Mapping[str, str]] = []
        self._foreign: Counter[str] = Counter()
        self._probabilities = {name: array("d") for name in models}  # seven numbers per face
        self._scores = {name: array("d") for name in models}
        self._label_of: dict[bytes, int] = {}  # digest of a chip → label of the first face with it

    def __len__(self) -> int:
        return len(self.names)

    @property
    def mapping(self) -> LabelMapping:
        """What the labels so far stand for."""
        return self._vocabulary.mapping(self._foreign)

    def sort_out(self, items: Iterable[LabelledItem]) -> list[LabelledItem]:
        """Leave out photos whose label is no emotion; return those to ask models about."""
        known = []
        for item in items:
            if self._vocabulary.emotion(item.label) is None:
                self.leave_out(item)
            else:
                known.append(item)
        return known

    def leave_out(self, item: LabelledItem) -> None:
        """Count a photo whose label is no emotion, about which no model needs to be asked."""
        self._foreign[item.label] += 1
        self.apart["no emotion"].append(item.name)

    def add(self, item: LabelledItem, answers: PhotoAnswers) -> None:
        """Add the largest face of a photo, or count why it has none.

        Args:
            item: The photo and its label; as `leave_out` if the label is no emotion.
            answers: Of all models of the builder, with chips. Without the whole picture as a chip,
                images of FER2013 are found only where the whole picture was taken as the face.
        """
        emotion = self._vocabulary.emotion(item.label)
        if emotion is None:
            self.leave_out(item)
            return
        self._foreign[item.label] += 1
        if answers.error is not None:
            self.apart["unreadable"].append(item.name)
            self._reasons[item.name] = answers.error
        elif not answers.faces:
            self.apart["no face"].append(item.name)
        else:
            if len(answers.faces) > 1:
                self.apart["several faces"].append(item.name)
            face = largest_face(answers.faces)
            self._add_face(item, EMOTIONS.index(emotion), face)
            picture = answers.picture_chip
            self._pictures.append(face.chip if picture is None else picture)

    def _add_face(self, item: LabelledItem, label: int, face: FaceAnswers) -> None:
        digest = hashlib.sha256(face.chip.tobytes()).digest()
        if digest in self._label_of:
            same = self._label_of[digest] == label
            self.apart["duplicate" if same else "contradiction"].append(item.name)
        self._label_of.setdefault(digest, label)
        self.names.append(item.name)
        self.chips.append(face.chip)
        self.sides.append(max(face.face.box[2:]))
        self._labels.append(label)
        self._groups.append(item.groups)
        for name in self._models:
            answer = face.answers[name]
            self._probabilities[name].extend(answer.probabilities[e] for e in EMOTIONS)
            if answer.scores is not None:
                self._scores[name].extend(answer.scores[e] for e in EMOTIONS)

    def overlap(self) -> Overlap:
        """The faces so far that are in FER2013 too; raises `ResultsError` like `overlap.find`."""
        return overlap.find(self.names, self.chips, self._pictures)

    def sentences(self) -> list[str]:
        """What was left out or needs a word, counted and named."""
        lines = [
            f"{counted(len(names), 'photo')} {_KINDS[kind]}: {named(names)}."
            for kind, names in self.apart.items()
            if names and kind not in ("unreadable", "no emotion")  # these have their own below
        ]
        for reason, count in Counter(self._reasons.values()).most_common(MAX_REASONS):
            names = [name for name, why in self._reasons.items() if why == reason]
            lines.append(f"{counted(count, 'photo')} left out ({named(names)}): {reason}")
        return [*lines, *self.mapping.sentences()]

    def build(
        self,
        name: str,
        *,
        title: str = "",
        notes: Iterable[str] = (),
        with_overlap: bool = True,
    ) -> EvaluationSet:
        """The faces so far as an evaluation set.

        Args:
            name: Identifier.
            title: As shown to readers; the name by default.
            notes: Sentences that come before those of this builder, such as a source's.
            with_overlap: Whether to look for FER2013's images among the faces.

        Raises:
            ResultsError: There is no face, or the table of FER2013's fingerprints is damaged.
        """
        lines = [*notes, *self.sentences()]
        if not self.names:
            reasons = " ".join(lines) or "It has no photo."
            raise ResultsError(f"{title or name} has no labelled face to evaluate. {reasons}")
        chose_models = False
        if with_overlap:
            overlap = self.overlap()
            lines += overlap.sentences()
            chose_models = overlap.chose_models
        return user_set(
            name,
            {model: self._predictions(model) for model in self._models},
            self._models,
            title=title,
            chose_models=chose_models,
            groups=self._group_arrays(),
            notes=tuple(lines),
        )

    def _predictions(self, model_name: str) -> Predictions:
        scores = self._scores[model_name]
        return Predictions(
            np.array(self.names),
            np.array(self._labels, np.int64),
            _matrix(self._probabilities[model_name]),
            _matrix(scores) if scores else None,
        )

    def _group_arrays(self) -> dict[str, np.ndarray]:
        columns = dict.fromkeys(column for groups in self._groups for column in groups)
        return {
            column: np.array([groups.get(column) or NO_GROUP for groups in self._groups])
            for column in columns
        }


def largest_face(faces: Sequence[FaceAnswers]) -> FaceAnswers:
    """The face whose box has the largest area; of equal ones the first."""
    return max(faces, key=lambda face: face.face.box[2] * face.face.box[3])


def _matrix(numbers: "array[float]") -> np.ndarray:
    """(N, 7) float64, columns in the order of EMOTIONS."""
    return np.array(numbers, np.float64).reshape(-1, len(EMOTIONS))
