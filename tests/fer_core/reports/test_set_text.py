"""Sets as plain text."""

import numpy as np

from fer_core.artifacts.predictions import Predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation.evaluation_set import EvaluationSet, user_set
from fer_core.registry import MODELS
from fer_core.reports.set_text import set_lines

HAPPY, SAD = EMOTIONS.index("happy"), EMOTIONS.index("sad")


def grouped(sizes: dict[str, int], label: int = HAPPY) -> EvaluationSet:
    """Faces of one label in groups of these sizes, all of them answered as happy."""
    names = [group for group, n in sizes.items() for _ in range(n)]
    labels = np.full(len(names), label)
    ids = np.arange(len(names)).astype(str)
    given = Predictions(ids, labels, np.eye(7)[np.full(len(names), HAPPY)])
    return user_set("own", {"multiclass": given}, MODELS, groups={"age": np.array(names)})


def test_an_interval_that_the_faces_cannot_give_is_a_dash() -> None:
    text = "\n".join(set_lines(grouped({"old": 3}, SAD)))
    assert "0.0% (–)" in text
    assert "(0.0% to 0.0%)" not in text


def test_every_group_has_its_baseline() -> None:
    lines = list(set_lines(grouped({"old": 12, "young": 11})))
    assert "No-skill baseline (always happy): accuracy 100.0%" in lines
    assert lines.count("  No-skill baseline (always happy): accuracy 100.0%") == 2


def test_a_gap_that_was_picked_from_several_says_so() -> None:
    picked = "Each is the largest of 3 gaps between 3 groups"
    three = {"old": 12, "young": 11, "child": 10, "baby": 2}
    assert picked in "\n".join(set_lines(grouped(three)))
    assert "is the largest of" not in "\n".join(set_lines(grouped({"old": 12, "young": 11})))
