"""Metrics on hand-made arrays, against sums done by hand."""

import numpy as np
import pytest

from fer_core import metrics
from fer_core.emotions import EMOTIONS

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


def test_threshold_of_greatest_f1() -> None:
    labels = np.array([3, 3, 3, 0, 0, 0, 0, 0])
    scores = np.zeros((8, 7))
    scores[:, 3] = [0.9, 0.8, 0.4, 0.6, 0.3, 0.2, 0.1, 0.1]
    chosen = metrics.best_thresholds(labels, scores)["happy"]
    # From 0.4 on: 3 of 4 "yes" are right, F1 6/7; from 0.8 on: 2 of 2, F1 0.8.
    assert chosen == pytest.approx(0.4)
    found = metrics.yes_no(labels, scores, dict.fromkeys(EMOTIONS, chosen))["happy"]
    assert found["f1"] == pytest.approx(6 / 7)
    assert found["recall"] == 1
    assert found["average_precision"] == pytest.approx((1 + 1 + 3 / 4) / 3)
