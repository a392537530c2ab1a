"""Answering only when sure: the curve, its area and thresholds against plain recomputations."""

import numpy as np
import pytest

from fer_core.artifacts.predictions import Predictions, split_predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import selective


def predictions(confidences: list[float], correct: list[bool]) -> Predictions:
    """Answers of the emotion 0 with these confidences; the label is 0 where they are right."""
    top = np.array(confidences)
    probabilities = np.repeat((1 - top[:, None]) / 6, 7, axis=1)
    probabilities[:, 0] = top
    labels = np.where(correct, 0, 1)
    return Predictions(np.array([f"a_{i}" for i in range(len(top))]), labels, probabilities)


@pytest.mark.parametrize("name", ["multiclass", "ferplus"])
def test_the_area_is_the_mean_risk_at_each_face_s_coverage(name: str) -> None:
    given = split_predictions(name, "PrivateTest")
    confidence, wrong = given.probabilities.max(axis=1), ~given.correct
    risks = [wrong[confidence >= each].mean() for each in confidence]
    area = selective.area(given)
    assert area.value == pytest.approx(np.mean(risks))
    assert area.random == pytest.approx(1 - given.correct.mean())
    assert area.best < area.value < area.random
    curve = selective.risk_coverage(given)
    steps = np.diff(curve.coverage, prepend=0)
    assert (steps * curve.risk).sum() == pytest.approx(area.value)
    assert curve.risk[-1] == pytest.approx(area.random)


def test_the_interval_is_that_of_faces_drawn_one_by_one() -> None:
    given = split_predictions("keras_cnn", "PublicTest")
    random, values = np.random.default_rng(5), []
    for _ in range(300):
        drawn = given.select(random.integers(0, len(given), len(given)))
        confidence, wrong = drawn.probabilities.max(axis=1), ~drawn.correct
        order = np.argsort(-confidence)
        ends = np.searchsorted(-confidence[order], -confidence[order], side="right")
        values.append((wrong[order].cumsum()[ends - 1] / ends).mean())
    assert selective.area(given).interval == pytest.approx(
        np.percentile(values, (2.5, 97.5)), abs=0.003
    )


def test_the_best_order_has_all_wrong_answers_last() -> None:
    given = predictions([0.9, 0.8, 0.7, 0.6], [True, False, True, False])
    ordered = predictions([0.9, 0.8, 0.7, 0.6], [True, True, False, False])
    assert selective.area(given).best == pytest.approx(selective.area(ordered).value)
    assert selective.area(ordered).excess == pytest.approx(0)
    assert selective.area(given).excess > 0.1


def test_faces_of_equal_confidence_are_answered_together() -> None:
    """Their order in the file must not matter, as it would if they were sorted one by one."""
    correct = [True, False, True, False, False]
    for order in ([0, 1, 2, 3, 4], [1, 0, 2, 4, 3]):
        given = predictions([0.9, 0.9, 0.8, 0.4, 0.4], [correct[i] for i in order])
        curve = selective.risk_coverage(given)
        assert curve.thresholds.tolist() == [0.9, 0.8, 0.4]
        assert curve.coverage.tolist() == pytest.approx([0.4, 0.6, 1])
        assert curve.risk.tolist() == pytest.approx([1 / 2, 1 / 3, 3 / 5])
        expected = 0.4 / 2 + 0.2 / 3 + 0.4 * 3 / 5
        assert selective.area(given).value == pytest.approx(expected)


def test_a_threshold_includes_the_faces_at_it() -> None:
    given = predictions([0.9, 0.8, 0.8, 0.4], [True, True, False, False])
    selected = selective.select(given, 0.8)
    assert (selected.n, selected.answered, selected.correct) == (4, 3, 2)
    low, high = selected.accuracy_interval or (1, 0)
    assert low < 2 / 3 < high
    nobody = selective.select(given, 0.95)
    assert (nobody.coverage, nobody.accuracy, nobody.accuracy_interval) == (0, None, None)


def test_emotions_add_up_and_absent_ones_are_left_out() -> None:
    given = split_predictions("multiclass", "PrivateTest")
    by_emotion = selective.select_by_emotion(given, 0.7)
    assert list(by_emotion) == list(EMOTIONS)
    for index in (0, 1, 2):
        total = sum(row[index] for row in by_emotion.values())
        assert total == selective.select(given, 0.7)[index]
    assert list(selective.select_by_emotion(predictions([0.9], [True]), 0.5)) == [EMOTIONS[0]]


def test_the_threshold_for_an_accuracy_has_the_largest_coverage() -> None:
    given = split_predictions("resnet101", "PublicTest")
    threshold = selective.threshold_for(given, 0.9)
    assert threshold is not None
    confidence = given.probabilities.max(axis=1)
    reached = [t for t in np.unique(confidence) if given.correct[confidence >= t].mean() >= 0.9]
    assert threshold == min(reached)
    assert selective.threshold_for(predictions([0.9, 0.8], [False, False]), 0.5) is None
