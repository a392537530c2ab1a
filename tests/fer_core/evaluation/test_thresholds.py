"""Metrics on hand-made arrays, against sums done by hand."""

import numpy as np
import pytest

from fer_core.emotions import EMOTIONS
from fer_core.evaluation import metrics

# Three angry faces, one of each other emotion but neutral.
LABELS = np.array([0, 0, 0, 1, 2, 3, 5, 6])
PREDICTED = np.array([0, 0, 1, 1, 2, 3, 3, 6])
PROBABILITIES = np.eye(7)[PREDICTED]


def test_accuracy_and_baseline() -> None:
    found = metrics.summary(LABELS, PROBABILITIES)
    assert found["n"] == 8
    assert found["accuracy"] == pytest.approx(6 / 8)
    assert metrics.no_skill(LABELS) == pytest.approx(3 / 8)


def test_per_class_numbers() -> None:
    found = metrics.summary(LABELS, PROBABILITIES)["per_class"]
    assert found["angry"] == pytest.approx(
        {"precision": 1.0, "recall": 2 / 3, "f1": 0.8, "support": 3}
    )
    assert found["happy"] == pytest.approx(
        {"precision": 0.5, "recall": 1.0, "f1": 2 / 3, "support": 1}
    )
    assert found["neutral"]["support"] == 0
    assert found["sad"]["recall"] == 0


def test_balanced_accuracy_is_the_mean_recall_of_the_emotions_that_occur() -> None:
    found = metrics.summary(LABELS, PROBABILITIES)
    assert found["balanced_accuracy"] == pytest.approx((2 / 3 + 1 + 1 + 1 + 0 + 1) / 6)


def test_model_that_always_says_no_is_exposed() -> None:
    """The study's individual models: accuracy equal to no-skill, balanced accuracy of a coin."""
    scores = np.full((8, 7), 0.1)
    labels = np.array([0, 1, 2, 3, 4, 5, 6, 6])
    found = metrics.yes_no(labels, scores, dict.fromkeys(EMOTIONS, 0.5))
    for row in found.values():
        assert row["accuracy"] == row["no_skill"]
        assert row["balanced_accuracy"] == 0.5
        assert row["recall"] == 0
    assert found["surprise"]["no_skill"] == pytest.approx(6 / 8)


@pytest.mark.parametrize(
    ("faces", "chosen"),
    [
        # From 0.9 on: right for 94 of 100, balanced 0.70; 0.8: 92 and 0.78; 0.7: 79 and 0.84.
        ({0.9: (4, 0), 0.8: (2, 4), 0.7: (3, 16), 0.1: (1, 70)}, 0.8),
        # None keeps it: from 0.9 on balanced 0.60 and right for 92; 0.8: 0.66 and 76.
        ({0.9: (2, 0), 0.8: (3, 19), 0.1: (5, 71)}, 0.8),
    ],
)
def test_most_accurate_threshold_that_is_not_lazy(
    faces: dict[float, tuple[int, int]], chosen: float
) -> None:
    """`faces`: how many happy ones and others have that score."""
    labels = np.concatenate([[3] * yes + [0] * no for yes, no in faces.values()])
    scores = np.zeros((100, 7))
    scores[:, 3] = np.repeat(list(faces), [sum(counts) for counts in faces.values()])
    assert metrics.best_thresholds(labels, scores)["happy"] == pytest.approx(chosen)


def test_yes_no_numbers() -> None:
    labels = np.array([3, 3, 3, 0, 0, 0, 0, 0])
    scores = np.zeros((8, 7))
    scores[:, 3] = [0.9, 0.8, 0.4, 0.6, 0.3, 0.2, 0.1, 0.1]
    found = metrics.yes_no(labels, scores, dict.fromkeys(EMOTIONS, 0.4))["happy"]
    # From 0.4 on: 3 of 4 "yes" are right.
    assert found["f1"] == pytest.approx(6 / 7)
    assert found["recall"] == 1
    assert found["average_precision"] == pytest.approx((1 + 1 + 3 / 4) / 3)
