"""One-vs-rest curves and the counts at a threshold."""

import numpy as np
import pytest
from sklearn import metrics as sk

from fer_core.artifacts.predictions import Predictions, split_predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import thresholds


@pytest.fixture(scope="module")
def case() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(4)
    truth = random.random(500) < 0.2
    return truth, np.round(np.clip(random.normal(0.3 + 0.3 * truth, 0.2), 0, 1), 2)  # with ties


def test_areas(case: tuple[np.ndarray, np.ndarray]) -> None:
    roc, pr = thresholds.roc(*case), thresholds.precision_recall(*case)
    assert roc.area == pytest.approx(sk.auc(roc.x, roc.y))
    assert roc.area == pytest.approx(sk.roc_auc_score(*case))
    assert pr.area == pytest.approx(sk.average_precision_score(*case))
    assert (np.diff(roc.x) >= 0).all()
    assert (np.diff(pr.x) >= 0).all()


@pytest.mark.parametrize("threshold", [0.0, 0.31, 0.5, 1.0, 1.1])
def test_a_threshold_is_scikit_learns(
    case: tuple[np.ndarray, np.ndarray], threshold: float
) -> None:
    truth, scores = case
    yes = scores >= threshold
    found = thresholds.counts_at_threshold(truth, scores, threshold)
    tn, fp, fn, tp = sk.confusion_matrix(truth, yes, labels=[False, True]).ravel()
    assert tuple(found) == (tp, fp, fn, tn)
    assert found.recall == pytest.approx(sk.recall_score(truth, yes))
    assert found.precision == pytest.approx(sk.precision_score(truth, yes, zero_division=0))
    assert found.f1 == pytest.approx(sk.f1_score(truth, yes, zero_division=0))
    assert found.specificity == pytest.approx(sk.recall_score(~truth, ~yes))
    assert found.accuracy == pytest.approx(sk.accuracy_score(truth, yes))
    assert found.balanced_accuracy == pytest.approx(sk.balanced_accuracy_score(truth, yes))


def test_always_no_scores_like_no_skill(case: tuple[np.ndarray, np.ndarray]) -> None:
    """As in the study: it reaches the baseline accuracy and detects nothing."""
    never = thresholds.counts_at_threshold(*case, threshold=1.1)
    assert never.accuracy == never.baseline == 1 - case[0].mean()
    assert never.recall == 0
    assert never.balanced_accuracy == 0.5


def test_the_point_lies_on_both_curves(case: tuple[np.ndarray, np.ndarray]) -> None:
    found = thresholds.counts_at_threshold(*case, threshold=0.5)
    roc, pr = thresholds.roc(*case), thresholds.precision_recall(*case)
    assert np.interp(1 - found.specificity, roc.x, roc.y) == pytest.approx(found.recall, abs=1e-6)
    # Points between two others of the same recall are left out: the line passes through them.
    there = pr.y[np.isclose(pr.x, found.recall)]
    assert there.min() <= found.precision <= there.max()


def test_model_that_always_says_no_is_exposed() -> None:
    """As in the study: accuracy equals the baseline, balanced accuracy is at chance level."""
    scores = np.full((8, 7), 0.1)
    labels = np.array([0, 1, 2, 3, 4, 5, 6, 6])
    found = thresholds.yes_no_summary(labels, scores, dict.fromkeys(EMOTIONS, 0.5))
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
def test_most_accurate_threshold_with_enough_balanced_accuracy(
    faces: dict[float, tuple[int, int]], chosen: float
) -> None:
    """`faces`: score → number of happy faces and of others."""
    labels = np.concatenate([[3] * yes + [0] * no for yes, no in faces.values()])
    scores = np.zeros((100, 7))
    scores[:, 3] = np.repeat(list(faces), [sum(counts) for counts in faces.values()])
    assert thresholds.best_thresholds(labels, scores)["happy"] == pytest.approx(chosen)


def test_yes_no_numbers() -> None:
    labels = np.array([3, 3, 3, 0, 0, 0, 0, 0])
    scores = np.zeros((8, 7))
    scores[:, 3] = [0.9, 0.8, 0.4, 0.6, 0.3, 0.2, 0.1, 0.1]
    found = thresholds.yes_no_summary(labels, scores, dict.fromkeys(EMOTIONS, 0.4))["happy"]
    # From 0.4 on: 3 of 4 "yes" are right.
    assert found["f1"] == pytest.approx(6 / 7)
    assert found["recall"] == 1
    assert found["average_precision"] == pytest.approx((1 + 1 + 3 / 4) / 3)


@pytest.mark.parametrize("seed", range(3))
def test_yes_no_numbers_are_scikit_learns(seed: int) -> None:
    random = np.random.default_rng(seed)
    labels, scores = random.integers(0, 7, 300), random.random((300, 7))
    found = thresholds.yes_no_summary(labels, scores, dict.fromkeys(EMOTIONS, 0.8))
    for i, name in enumerate(EMOTIONS):
        truth, yes = labels == i, scores[:, i] >= 0.8
        assert found[name] == pytest.approx(
            {
                "accuracy": sk.accuracy_score(truth, yes),
                "no_skill": (~truth).mean(),
                "balanced_accuracy": sk.balanced_accuracy_score(truth, yes),
                "recall": sk.recall_score(truth, yes),
                "f1": sk.f1_score(truth, yes),
                "average_precision": sk.average_precision_score(truth, scores[:, i]),
            }
        )


def test_a_question_is_of_one_emotion() -> None:
    probabilities = np.eye(7)[[0, 3, 3]]
    made = Predictions(np.array(list("abc")), np.array([0, 3, 0]), probabilities)
    question = thresholds.one_vs_rest(made, "happy")
    assert question.truth.tolist() == [False, True, False]
    assert question.scores.tolist() == [0, 1, 1]
    own = Predictions(made.ids, made.labels, probabilities, np.full((3, 7), 0.3))
    assert thresholds.one_vs_rest(own, "happy").scores.tolist() == [0.3] * 3


def test_a_sweep_ends_where_nobody_is_called_yes() -> None:
    found = thresholds.threshold_sweep(split_predictions("individual", "PrivateTest"), "angry")
    question = thresholds.one_vs_rest(split_predictions("individual", "PrivateTest"), "angry")
    assert found.thresholds[0] == 0
    assert found.thresholds[-1] > question.scores.max()
    assert found.balanced_accuracy[0] == found.balanced_accuracy[-1] == 0.5
    assert found.accuracy[0] == pytest.approx(question.truth.mean())
    assert found.accuracy[-1] == pytest.approx(1 - question.truth.mean())
    middle = len(found.thresholds) // 2
    yes = question.scores >= found.thresholds[middle]
    assert found.accuracy[middle] == pytest.approx(sk.accuracy_score(question.truth, yes))


def test_a_score_of_one_does_not_spoil_the_right_end() -> None:
    scores = np.zeros((4, 7))
    scores[:, 0] = [0.2, 1.0, 0.6, 0.1]
    predictions = Predictions(np.array(list("abcd")), np.array([1, 0, 0, 1]), scores)
    found = thresholds.threshold_sweep(predictions, "angry")
    assert found.accuracy[-1] == found.balanced_accuracy[-1] == 0.5
    assert found.accuracy.max() == 1
