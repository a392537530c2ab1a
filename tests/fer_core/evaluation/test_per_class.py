"""Every emotion's numbers against scikit-learn, on predictions-up answers."""

import numpy as np
import pytest
from sklearn import metrics
from statsmodels.stats.proportion import proportion_confint

from fer_core.artifacts.predictions import Predictions, split_predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import areas, per_class
from fer_core.registry import MODELS


def made_up(n: int = 700, scores: bool = False) -> Predictions:
    """Labels all emotions share, and slightly informative probabilities; 6 is never predicted."""
    random = np.random.default_rng(5)
    labels = np.arange(n) % 7
    logits = random.normal(size=(n, 7)) + 1.5 * np.eye(7)[labels]
    logits[:, 6] = -9
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    ids = np.array([f"PublicTest_{i}" for i in range(n)])
    return Predictions(ids, labels, probabilities, random.random((n, 7)) if scores else None)


@pytest.mark.parametrize("scores", [False, True])
def test_rows_equal_scikit_learn(scores: bool) -> None:
    predictions = made_up(scores=scores)
    rows = per_class.rows(predictions)
    expected = metrics.precision_recall_fscore_support(
        predictions.labels, predictions.predicted, labels=range(7), zero_division=0
    )
    for i, row in enumerate(rows):
        truth, answer = predictions.labels == i, predictions.predicted == i
        score = (
            predictions.scores[:, i]
            if predictions.scores is not None
            else predictions.probabilities[:, i]
        )
        assert (row.precision, row.recall, row.f1, row.faces) == pytest.approx(
            tuple(column[i] for column in expected)
        )
        assert row.answers == answer.sum()
        assert row.specificity == pytest.approx(metrics.recall_score(~truth, ~answer))
        assert row.roc_area == pytest.approx(metrics.roc_auc_score(truth, score))
        assert row.average_precision == pytest.approx(metrics.average_precision_score(truth, score))
        assert row.baseline == pytest.approx(1 / 7)


@pytest.mark.slow
def test_intervals_are_wilsons_and_a_bootstrap_of_the_images() -> None:
    predictions = made_up()
    row = per_class.rows(predictions)[2]
    truth, answer = predictions.labels == 2, predictions.predicted == 2
    hits = (truth & answer).sum()
    for n, found in ((truth.sum(), row.recall_interval), (answer.sum(), row.precision_interval)):
        assert found == pytest.approx(proportion_confint(hits, n, method="wilson"), abs=1e-12)
    random = np.random.default_rng(1)
    drawn = [random.integers(0, len(predictions), len(predictions)) for _ in range(800)]
    expected = np.percentile([metrics.f1_score(truth[i], answer[i]) for i in drawn], [2.5, 97.5])
    assert row.f1_interval == pytest.approx(expected, abs=0.015)


def test_no_interval_where_there_is_none_to_give() -> None:
    never = per_class.rows(made_up())[6]
    assert (never.answers, never.recall, never.precision) == (0, 0, 0)
    assert never.precision_interval is never.f1_interval is None
    wilson = proportion_confint(0, never.faces, method="wilson")
    assert never.recall_interval == pytest.approx(wilson, abs=1e-12)
    perfect = made_up()
    perfect = Predictions(perfect.ids, perfect.labels, np.eye(7)[perfect.labels])
    assert all(row.f1_interval is None for row in per_class.rows(perfect))


def test_an_emotion_without_images_has_no_row() -> None:
    predictions = made_up()
    rows = per_class.rows(predictions.select(predictions.labels != 1))
    assert [row.emotion for row in rows] == [name for name in EMOTIONS if name != "disgust"]


def test_faces_of_one_emotion_have_neither_specificity_nor_areas() -> None:
    predictions = made_up()
    [row] = per_class.rows(predictions.select(predictions.labels == 1))
    assert row.specificity_interval is None
    assert np.isnan(row.roc_area)
    assert np.isnan(
        areas.emotion_area_intervals(predictions.select(predictions.labels == 1), "disgust").roc
    ).all()


@pytest.mark.parametrize("name", MODELS)
def test_the_emotion_with_the_lowest_recall_comes_first(name: str) -> None:
    found = per_class.rank_by_recall(split_predictions(name, "PrivateTest"))
    answers = split_predictions(name, "PrivateTest")
    expected = metrics.recall_score(
        answers.labels, answers.predicted, average=None, zero_division=0
    )
    assert [weak.recall for weak in found] == pytest.approx(sorted(expected))
    for weak in found:
        i = EMOTIONS.index(weak.emotion)
        predicted = answers.predicted[answers.labels == i]
        assert (weak.correct, weak.n) == ((predicted == i).sum(), len(predicted))
        wrong = np.bincount(predicted[predicted != i], minlength=7)
        assert weak.mistaken_for == EMOTIONS[wrong.argmax()]
