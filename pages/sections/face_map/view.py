"""What the map shows: the faces of a test set, the network, and what is known of each face."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fer_core.artifacts.predictions import SPLITS, Predictions
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation.evaluation_set import EvaluationSet, committed_set
from fer_core.evaluation.face_map import FaceMap
from fer_core.evaluation.ferplus_entropy import load_entropies
from fer_core.evaluation.ferplus_majorities import load_majorities
from fer_core.registry import ModelSpec
from fer_core.reports.format import percent

NO_MAJORITY = -1
UNCLEAR = "no clear majority"


@dataclass(frozen=True, eq=False)
class View:
    """A test set of FER2013 on a network's map; faces are numbered as in the set."""

    evaluation_set: EvaluationSet
    model: ModelSpec
    face_map: FaceMap

    @cached_property
    def predictions(self) -> Predictions:
        """What the network answers; raises `ResultsError` if that is missing or damaged."""
        return self.evaluation_set.predictions(self.model.name)

    @cached_property
    def answers(self) -> np.ndarray:
        """(N,) index into EMOTIONS of what the network answers."""
        return self.predictions.predicted

    @cached_property
    def ids(self) -> list[str]:
        """Id of each face of the set."""
        ids: list[str] = self.predictions.ids.tolist()
        return ids

    @cached_property
    def map_rows(self) -> np.ndarray:
        """(N,) rows of the set's faces on the map."""
        rows = {face: row for row, face in enumerate(self.face_map.ids)}
        return np.array([rows[face] for face in self.ids])

    @cached_property
    def points(self) -> np.ndarray:
        """(N, 2) places of the set's faces."""
        places: np.ndarray = self.face_map.coordinates[self.map_rows]
        return places

    @cached_property
    def majorities(self) -> np.ndarray:
        """(N,) index into EMOTIONS of the annotators' clear majority, or `NO_MAJORITY`."""
        by_id = _majorities(self.evaluation_set.split)
        return np.array([by_id.get(face, NO_MAJORITY) for face in self.ids])

    @cached_property
    def disagreement(self) -> np.ndarray:
        """(N,) entropy of the annotators' votes in bits; NaN where they are unknown."""
        try:
            by_id = load_entropies()
        except ResultsError:
            by_id = {}
        return np.array([by_id.get(face, np.nan) for face in self.ids])

    def number(self, face_id: str) -> int | None:
        """The number of the face with this id; None if the set lacks it."""
        return self.ids.index(face_id) if face_id in self.ids else None

    def of_map_rows(self, rows: np.ndarray) -> Predictions:
        """What the network answers to some faces of the map, of both splits, by FER2013's label."""
        ids = [self.face_map.ids[row] for row in rows.tolist()]
        both = [committed_set(split).predictions(self.model.name) for split in SPLITS]
        places = {face: (i, j) for i, each in enumerate(both) for j, face in enumerate(each.ids)}
        parts = [both[i].select(np.array([j])) for i, j in (places[face] for face in ids)]
        return Predictions(
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in ("ids", "labels", "probabilities")
            )
        )

    def crowd_of(self, face_id: str) -> str:
        """The annotators' clear majority for a test face, in words."""
        majority = _majorities(face_id.split("_")[0]).get(face_id)
        return UNCLEAR if majority is None else EMOTIONS[majority]

    def caption(self, face: int) -> str:
        """A face's label, answer and majority: plain text, the first line for the label."""
        answer = int(self.answers[face])
        probability = percent(float(self.predictions.probabilities[face, answer]))
        label = EMOTIONS[int(self.predictions.labels[face])]
        measured = "majority" if self.evaluation_set.by_crowd else "labelled"
        lines = [f"{measured} {label}", f"answer: {EMOTIONS[answer]} {probability}"]
        if not self.evaluation_set.by_crowd:
            lines.append(f"crowd: {self.crowd_of(self.ids[face])}")
        return "\n".join(lines)


def _majorities(split: str) -> dict[str, int]:
    try:
        return load_majorities(split)
    except ResultsError:  # a notice at the top of the page names the file
        return {}
