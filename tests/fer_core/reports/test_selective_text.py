"""Sentences about thresholds and sets say on which faces and labels they were fitted."""

import pytest

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
