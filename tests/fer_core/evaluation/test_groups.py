"""Metrics by group of a set, and the largest gap."""

import numpy as np
import pytest

from fer_core.artifacts.predictions import Predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import set_notes
from fer_core.evaluation.evaluation_set import EvaluationSet, committed_set, user_set
from fer_core.evaluation.groups import NO_GROUP, group_rows, largest_gap
from fer_core.evaluation.uncertainty import wilson_interval
from fer_core.registry import MODELS


def set_of(correct: dict[str, tuple[int, int]], label: int = 3) -> EvaluationSet:
    """A set with so many correct of so many faces in each group."""
    groups = [group for group, (_, n) in correct.items() for _ in range(n)]
    hits = [i < hit for hit, n in correct.values() for i in range(n)]
    answers = np.where(hits, label, (label + 1) % 7)
    predictions = Predictions(
        np.array([str(i) for i in range(len(hits))]), np.full(len(hits), label), np.eye(7)[answers]
    )
    return user_set("own", {"multiclass": predictions}, MODELS, groups={"age": np.array(groups)})


def test_rows_and_gap() -> None:
    evaluated = set_of({"a": (56, 70), "b": (48, 80), NO_GROUP: (1, 90), "tiny": (0, 2)})
    rows = group_rows(evaluated, "age", "multiclass")
    assert [(row.group, row.correct, row.n) for row in rows] == [
        ("b", 48, 80),
        ("a", 56, 70),
        ("tiny", 0, 2),
        (NO_GROUP, 1, 90),
    ]
    assert rows[1].accuracy.value == rows[1].balanced_accuracy.value == 0.8
    assert rows[1].accuracy.interval == wilson_interval(56, 70)
    assert rows[1].macro_f1.interval.low <= rows[1].macro_f1.value
    gap = largest_gap(rows)
    assert gap is not None
    assert (gap.high.group, gap.low.group) == ("a", "b")
    # Newcombe (1998), table II, (a): 56/70 - 48/80, method 10.
    assert gap.difference == pytest.approx(0.2)
    assert gap.interval == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert not gap.could_be_chance


def test_no_gap_without_two_large_groups() -> None:
    assert largest_gap(group_rows(set_of({"a": (9, 20), "b": (2, 3)}), "age", "multiclass")) is None
    equal = largest_gap(group_rows(set_of({"a": (5, 10), "b": (5, 10)}), "age", "multiclass"))
    assert equal is not None
    assert (equal.difference, equal.high is equal.low) == (0.0, False)
    assert equal.could_be_chance


def test_small_sets_are_said_to_be_small() -> None:
    small, large = set_of({"a": (20, 40)}), set_of({"a": (500, 1000)})
    assert set_notes.size_note(small) == (
        "40 faces are too few to say how good a model is: its accuracy is uncertain by 15 points "
        "to either side."
    )
    assert set_notes.size_note(large) is None
    assert set_notes.size_note(committed_set("PublicTest")) is None
    assert "1 face is" in (set_notes.size_note(set_of({"a": (1, 1)})) or "")


def test_missing_emotions_are_named() -> None:
    assert set_notes.missing_note(set_of({"a": (20, 20)})) == (
        "Every face is labelled happy: macro-F1 and balanced accuracy are of this emotion alone."
    )
    sad = np.array([EMOTIONS.index("happy"), EMOTIONS.index("sad")])
    given = Predictions(np.array(["0", "1"]), sad, np.eye(7)[sad])
    note = set_notes.missing_note(user_set("own", {"multiclass": given}, MODELS)) or ""
    assert "labelled angry, disgust, fear, neutral or surprise:" in note
    assert note.endswith("means of the other 2.")
    assert set_notes.missing_note(committed_set("PrivateTest")) is None


def test_the_purpose_is_said_where_nothing_was_chosen() -> None:
    assert set_notes.purpose_note(set_of({"a": (1, 1)})) == set_notes.PURPOSE_NOTE
    assert set_notes.purpose_note(committed_set("PublicTest")) is None
