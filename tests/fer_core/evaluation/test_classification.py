"""Confusion matrices and their rates, against scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics as sk

from fer_core.artifacts.predictions import split_predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import classification

COLUMNS = range(len(EMOTIONS))


@pytest.fixture(params=range(3))
def pair(request: pytest.FixtureRequest) -> tuple[np.ndarray, np.ndarray]:
    """Labels and answers of 300 images; in the last case one emotion is never answered."""
    random = np.random.default_rng(request.param)
    labels = random.choice(7, 300, p=[0.2, 0.02, 0.1, 0.3, 0.18, 0.1, 0.1])
    predicted = np.where(random.random(300) < 0.5, labels, random.integers(0, 7, 300))
    if request.param == 2:
        predicted[predicted == 1] = 3
    return labels, predicted


def test_rows_are_labels() -> None:
    counts = classification.confusion_matrix(np.array([0, 0, 3]), np.array([0, 6, 3]))
    assert counts[0, 6] == counts[0, 0] == counts[3, 3] == 1
    assert counts.sum() == 3


def test_rates_are_those_of_scikit_learn(pair: tuple[np.ndarray, np.ndarray]) -> None:
    counts = classification.confusion_matrix(*pair)
    p, r, f, _ = sk.precision_recall_fscore_support(*pair, labels=COLUMNS, zero_division=0)
    assert classification.precision(counts) == pytest.approx(p)
    assert classification.recall(counts) == pytest.approx(r)
    assert classification.f1(counts) == pytest.approx(f)
    assert classification.accuracy(counts) == pytest.approx(sk.accuracy_score(*pair))
    assert classification.macro_f1(counts) == pytest.approx(np.mean(f[np.unique(pair[0])]))
    assert classification.balanced_accuracy(counts) == pytest.approx(
        sk.balanced_accuracy_score(*pair)
    )
    flags = sk.multilabel_confusion_matrix(*pair, labels=COLUMNS)  # [[tn, fp], [fn, tp]] each
    expected = flags[:, 0, 0] / flags[:, 0].sum(axis=1)
    assert classification.specificity(counts) == pytest.approx(expected)


def test_a_stack_of_matrices_is_its_matrices(pair: tuple[np.ndarray, np.ndarray]) -> None:
    one = classification.confusion_matrix(*pair)
    stack = np.stack([one, np.diag(one.diagonal()), one.T])
    for rate in (
        classification.accuracy,
        classification.precision,
        classification.recall,
        classification.f1,
        classification.specificity,
        classification.macro_f1,
        classification.balanced_accuracy,
    ):
        assert rate(stack) == pytest.approx(np.stack([rate(each) for each in stack]))


def test_scales(pair: tuple[np.ndarray, np.ndarray]) -> None:
    counts = classification.confusion_matrix(*pair)
    assert (classification.normalize_matrix(counts, "count") == counts).all()
    row = sk.confusion_matrix(*pair, labels=COLUMNS, normalize="true")
    assert classification.normalize_matrix(counts, "row") == pytest.approx(row)
    with np.errstate(invalid="ignore"):
        column = np.nan_to_num(counts / counts.sum(axis=0))
    assert classification.normalize_matrix(counts, "column") == pytest.approx(column)


def test_largest_mistakes_go_by_share() -> None:
    counts = np.zeros((7, 7), int)
    counts[3, 3], counts[3, 4] = 900, 100  # a tenth of happy is called neutral
    counts[1, 1], counts[1, 0] = 5, 5  # and half of disgust is called angry
    first, second = classification.largest_mistakes(counts, 5)  # no zeros, no diagonal
    assert (first.label, first.answer, first.n, first.share) == ("disgust", "angry", 5, 0.5)
    assert (second.label, second.answer, second.share) == ("happy", "neutral", 0.1)


def test_nothing_to_divide_by_is_zero_not_a_warning() -> None:
    empty = np.zeros((7, 7), int)
    with np.errstate(all="raise"):
        assert classification.accuracy(empty) == 0
        assert not classification.f1(empty).any()


# Three angry faces, one of each other emotion but neutral.
LABELS = np.array([0, 0, 0, 1, 2, 3, 5, 6])
PREDICTED = np.array([0, 0, 1, 1, 2, 3, 3, 6])
PROBABILITIES = np.eye(7)[PREDICTED]


def test_summary_counts() -> None:
    found = classification.compute_metrics(LABELS, PROBABILITIES)
    assert found["n"] == 8
    assert found["accuracy"] == pytest.approx(6 / 8)


def test_per_class_numbers() -> None:
    found = classification.compute_metrics(LABELS, PROBABILITIES)["per_class"]
    assert found["angry"] == pytest.approx(
        {"precision": 1.0, "recall": 2 / 3, "f1": 0.8, "support": 3}
    )
    assert found["happy"] == pytest.approx(
        {"precision": 0.5, "recall": 1.0, "f1": 2 / 3, "support": 1}
    )
    assert found["neutral"]["support"] == 0
    assert found["sad"]["recall"] == 0


def test_balanced_accuracy_is_the_mean_recall_of_the_emotions_that_occur() -> None:
    found = classification.compute_metrics(LABELS, PROBABILITIES)
    assert found["balanced_accuracy"] == pytest.approx((2 / 3 + 1 + 1 + 1 + 0 + 1) / 6)


def test_summary_is_scikit_learns() -> None:
    random = np.random.default_rng(2)
    labels, probabilities = random.integers(0, 7, 300), random.random((300, 7))
    predicted = probabilities.argmax(axis=1)
    found = classification.compute_metrics(labels, probabilities)
    assert found["accuracy"] == pytest.approx(sk.accuracy_score(labels, predicted))
    assert found["macro_f1"] == pytest.approx(sk.f1_score(labels, predicted, average="macro"))
    assert found["balanced_accuracy"] == pytest.approx(
        sk.balanced_accuracy_score(labels, predicted)
    )
    expected = sk.precision_recall_fscore_support(labels, predicted)
    for i, name in enumerate(EMOTIONS):
        row = found["per_class"][name]
        assert tuple(row.values()) == pytest.approx(tuple(column[i] for column in expected))


def test_a_splits_matrix_is_kept_and_cannot_be_changed() -> None:
    found = classification.matrix_of(split_predictions("multiclass", "PrivateTest"))
    assert found is classification.matrix_of(split_predictions("multiclass", "PrivateTest"))
    with pytest.raises(ValueError, match="read-only"):
        found[0, 0] = 1
