"""Everybody's answers to the labelled faces: annotators, models, FER2013's label, the crowd."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from fer_core.artifacts import weights_file
from fer_core.artifacts.predictions import split_predictions
from fer_core.artifacts.summaries import evaluated_models
from fer_core.datasets.ferplus import find_votes
from fer_core.emotions import EMOTIONS
from fer_core.errors import DataError, ResultsError
from fer_core.evaluation import agreement, annotators, ferplus_votes
from fer_core.evaluation.annotators import MISSING, Match
from fer_core.registry import MODELS
from fer_core.reports.label_studio import LabelledFace
from pages.session import annotations, photos, selection, work
from pages.session.annotations import AnnotatedFace, Choice
from pages.session.photo import Label

LABEL, CROWD = "FER2013's label", "The crowd's majority"


@dataclass(frozen=True, eq=False)
class Rated:
    """One face with everybody's answers."""

    face: AnnotatedFace
    name: str  # 'Photo 2, face 1', or FER2013's id
    labels: dict[str, Label]  # by annotator
    models: dict[str, tuple[str, float]]  # by model name: emotion and its probability
    references: dict[str, str]  # `LABEL`, `CROWD` → emotion, where there is one

    @property
    def leaders(self) -> tuple[str, ...]:
        """The models' most frequent answer; several if they are tied, none without models."""
        told = [emotion for emotion, _ in self.models.values()]
        return agreement.consensus(told).leaders if told else ()

    @property
    def annotators_differ(self) -> bool:
        """Whether two annotators gave two emotions."""
        return len({label.emotion for label in self.labels.values() if label.emotion}) > 1

    def as_labelled(self) -> LabelledFace:
        """The same for the downloads."""
        return LabelledFace(
            self.face.file,
            self.face.index + 1,
            self.face.label,
            {name: (label.emotion, label.seconds) for name, label in self.labels.items()},
            self.models,
        )


def rate(faces: Sequence[AnnotatedFace], choice: Choice) -> list[Rated]:
    """The faces that somebody has labelled, in the order shown; models answer only here.

    For FER2013 the committed predictions are taken; what is missing is said on the page.
    """
    labelled = [face for face in faces if face.labels]
    if choice.split:
        return _rate_fer2013(labelled, choice.split)
    ready = [name for name, model in MODELS.items() if weights_file.is_ready(model)]
    models = work.run_models(ready) if ready else []
    album = photos.album()
    numbers = {album[key].name: number for number, key in enumerate(selection.photo_keys(), 1)}
    rated = []
    for face in labelled:
        assert face.photo is not None
        told = face.photo.answers
        answers = {name: told[name][face.index] for name in models if name in told}
        rows = {name: (a.emotion, a.probabilities[a.emotion]) for name, a in answers.items()}
        name = selection.face_name(numbers[face.file], face.index)
        rated.append(Rated(face, name, face.labels, rows, {}))
    return rated


def _rate_fer2013(faces: Sequence[AnnotatedFace], split: str) -> list[Rated]:
    ids = [face.file for face in faces]
    models: list[dict[str, tuple[str, float]]] = [{} for _ in faces]
    for model in evaluated_models():
        try:
            predictions = split_predictions(model.name, split)
        except ResultsError as error:
            st.warning(str(error))
            continue
        rows = {image_id: row for row, image_id in enumerate(predictions.ids.tolist())}
        for told, image_id in zip(models, ids, strict=True):
            if image_id in rows:
                row = predictions.probabilities[rows[image_id]]
                told[model.name] = EMOTIONS[int(row.argmax())], float(row.max())
    crowd = _crowd(ids)
    return [
        Rated(face, face.file, face.labels, told, {LABEL: face.label} | voted)
        for face, told, voted in zip(faces, models, crowd, strict=True)
    ]


def _crowd(ids: Sequence[str]) -> list[dict[str, str]]:
    """The crowd's majority for each image where the votes are here and it is clear."""
    try:
        votes = find_votes()
    except DataError as error:
        st.warning(str(error))
        votes = None
    if votes is None:
        return [{} for _ in ids]
    majorities = ferplus_votes.majority(votes.for_images(ids)).tolist()
    return [{} if i == MISSING else {CROWD: EMOTIONS[i]} for i in majorities]


def of_annotator(rated: Sequence[Rated], name: str) -> np.ndarray:
    """(N,) indices into EMOTIONS; `MISSING` where the face is unclear or not labelled."""
    return _indices(each.labels[name].emotion if name in each.labels else None for each in rated)


def others(rated: Sequence[Rated], annotator: str) -> dict[str, np.ndarray]:
    """Whose answers an annotator's are compared with → (N,) indices, as of `of_annotator`.

    Models by name first, then the references, then the other annotators.
    """
    models = [name for name in MODELS if any(name in each.models for each in rated)]
    found = {
        name: _indices(each.models[name][0] if name in each.models else None for each in rated)
        for name in models
    }
    for name in (LABEL, CROWD):
        if any(name in each.references for each in rated):
            found[name] = _indices(each.references.get(name) for each in rated)
    people = [name for name in labellers(rated) if name != annotator]
    return found | {f"Annotator {name}": of_annotator(rated, name) for name in people}


def labellers(rated: Sequence[Rated]) -> list[str]:
    """The annotators who have labelled some of these faces."""
    return [name for name in annotations.annotators() if any(name in r.labels for r in rated)]


def matches(rated: Sequence[Rated], annotator: str) -> dict[str, Match]:
    """How often the annotator agrees with each of `others` who has answered the same faces."""
    own = of_annotator(rated, annotator)
    found = {name: annotators.match(own, told) for name, told in others(rated, annotator).items()}
    return {name: match for name, match in found.items() if match is not None}


def _indices(emotions: Iterable[str | None]) -> np.ndarray:
    return np.array([MISSING if e is None else EMOTIONS.index(e) for e in emotions], np.int64)
