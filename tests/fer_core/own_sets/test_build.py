"""Labelled photos and answers become an evaluation set."""

from collections.abc import Mapping

import numpy as np
import pytest

from fer_core.answers import Answer, FaceAnswers, PhotoAnswers
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.faces.align import Face
from fer_core.imaging.photo_file import PhotoFile
from fer_core.own_sets.build import SetBuilder
from fer_core.own_sets.labels import Vocabulary
from fer_core.own_sets.sources import LabelledItem
from fer_core.registry import MODELS

NAMES = ("individual", "multiclass")


def answer(emotion: str, *, scores: bool = False) -> Answer:
    values = {name: 0.7 if name == emotion else 0.05 for name in EMOTIONS}
    return Answer(values, 1.0, values if scores else None)


def face(emotion: str, seed: int, side: int = 100) -> FaceAnswers:
    chip = np.random.default_rng(seed).integers(0, 255, (48, 48)).astype(np.uint8)
    answers = {"individual": answer(emotion, scores=True), "multiclass": answer(emotion)}
    return FaceAnswers(Face((0, 0, side, side)), chip, answers)


def item(name: str, label: str, groups: Mapping[str, str] | None = None) -> LabelledItem:
    return LabelledItem(name, PhotoFile(name, name), label, groups or {})


def builder() -> SetBuilder:
    return SetBuilder({name: MODELS[name] for name in NAMES}, Vocabulary())


def notes_with(evaluated: EvaluationSet, word: str) -> list[str]:
    return [note for note in evaluated.notes if word in note]


def test_every_photo_is_used_or_counted() -> None:
    made = builder()
    made.add(item("one", "joy", {"age": "old"}), PhotoAnswers("one", 9, 9, (face("happy", 1),)))
    crowd = (face("sad", 2, 50), face("fear", 3, 80), face("sad", 4, 60))
    made.add(item("crowd", "sadness"), PhotoAnswers("crowd", 9, 9, crowd))
    made.add(item("nobody", "sad"), PhotoAnswers("nobody", 9, 9))
    made.add(item("broken", "sad"), PhotoAnswers("broken", error="It is damaged."))
    made.add(item("scorn", "contempt"), PhotoAnswers("scorn", 9, 9, (face("sad", 5),)))
    made.leave_out(item("odd", "confused"))
    evaluated = made.build("own", title="Mine", notes=["First."])
    assert evaluated.title == "Mine"
    predictions = evaluated.predictions("individual")
    assert predictions.ids.tolist() == ["one", "crowd"]
    assert [EMOTIONS[i] for i in predictions.labels] == ["happy", "sad"]
    assert predictions.labels.dtype == np.int64
    assert predictions.probabilities.dtype == np.float64
    assert [EMOTIONS[i] for i in predictions.predicted] == ["happy", "fear"]  # the largest face
    assert predictions.scores is not None
    assert evaluated.predictions("multiclass").scores is None
    assert evaluated.groups["age"].tolist() == ["old", "(not given)"]
    assert evaluated.notes[0] == "First."
    for word in ("crowd", "nobody", "It is damaged.", "contempt (1)", "confused (1)"):
        assert len(notes_with(evaluated, word)) == 1, word
    assert sum(len(names) for names in made.apart.values()) == 5
    assert len(made.chips) == len(made) == 2
    assert made.sides == [100, 80]


def test_the_same_face_twice_is_said() -> None:
    made = builder()
    for name, label, seed in (("a", "joy", 1), ("b", "joy", 1), ("c", "sad", 1), ("d", "sad", 2)):
        made.add(item(name, label), PhotoAnswers(name, 9, 9, (face("happy", seed),)))
    assert (made.apart["duplicate"], made.apart["contradiction"]) == (["b"], ["c"])
    assert [line for line in made.sentences() if "both are counted: b." in line]
    assert len(made.build("own")) == 4


def test_without_a_face_the_error_says_why() -> None:
    with pytest.raises(ResultsError, match="no labelled face"):
        builder().build("own")
    made = builder()
    made.add(item("nobody", "sad"), PhotoAnswers("nobody", 9, 9))
    with pytest.raises(ResultsError, match="nobody"):
        made.build("own")


def test_one_face_is_a_set() -> None:
    made = builder()
    made.add(item("a", "joy"), PhotoAnswers("a", 9, 9, (face("happy", 1),)))
    evaluated = made.build("own")
    assert len(evaluated) == 1
    assert len(evaluated.missing_emotions) == 6
    assert evaluated.compare(*NAMES).n == 1
