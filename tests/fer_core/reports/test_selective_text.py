"""Sentences about thresholds and sets say on which faces and labels they were fitted."""

import pytest

from fer_core.emotions import EMOTIONS
from fer_core.evaluation import conformal
from fer_core.evaluation.evaluation_set import committed_set, user_set
from fer_core.registry import MODELS
from fer_core.reports import selective_text
from fer_core.reports.format import percent


@pytest.mark.parametrize(("name", "by_crowd"), [("ferplus", True), ("multiclass", False)])
def test_the_help_measures_by_what_the_model_was_taught(name: str, by_crowd: bool) -> None:
    text = selective_text.set_help(MODELS[name])
    assert ("ten annotators" in text) == by_crowd
    public, private = (
        committed_set(split, by_crowd=by_crowd).predictions(name)
        for split in ("PublicTest", "PrivateTest")
    )
    scores = conformal.set_scores(private, conformal.limits(public, 0.9))
    assert f"on PrivateTest it was {percent(scores.coverage, 1)}" in text
    of_all = f"the {scores.n:,} of {len(committed_set('PrivateTest')):,} faces"
    assert (of_all in text) == by_crowd
    assert "single precision" not in text
    assert "single precision" in selective_text.set_help(MODELS[name], "int8")


def test_every_kind_of_faces_has_its_note() -> None:
    mine = user_set("mine", {}, {})
    notes = [
        selective_text.fit_note(each)
        for each in (
            committed_set("PrivateTest"),
            committed_set("PrivateTest", "no_copy"),
            committed_set("PrivateTest", by_crowd=True),
            committed_set("PublicTest"),
            mine,
        )
    ]
    assert len(set(notes)) == len(notes)
    assert "approximate" in notes[0]
    assert "annotators' majorities" in notes[2]
    assert "like FER2013's only" in notes[4]


@pytest.mark.parametrize("split", ["PublicTest", "PrivateTest"])
def test_faces_without_a_copy_may_get_less_than_was_asked_for(split: str) -> None:
    note = selective_text.fit_note(committed_set(split, "no_copy"))
    assert "accuracy and coverage can be lower" in note
    assert "at least" not in note
    assert "at least" in selective_text.fit_note(committed_set("PublicTest"))


def test_on_other_faces_a_model_that_votes_taught_is_named() -> None:
    given = {
        name: committed_set("PrivateTest").predictions(name) for name in ("multiclass", "ferplus")
    }
    note = selective_text.fit_note(user_set("mine", given, MODELS))
    assert f"those of {MODELS['ferplus'].title} with the annotators' majorities" in note
    del given["ferplus"]
    assert "majorities" not in selective_text.fit_note(user_set("mine", given, MODELS))


def test_limits_per_emotion_say_on_how_many_faces_they_rest() -> None:
    public = committed_set("PublicTest").predictions("multiclass")
    disgusted = int((public.labels == EMOTIONS.index("disgust")).sum())
    assert f"{disgusted} disgust," in selective_text.calibration_note(public, per_emotion=True)
    assert f"{len(public):,} faces" in selective_text.calibration_note(public, per_emotion=False)
