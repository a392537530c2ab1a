"""Intervals against SciPy's bootstrap, the paired test against statsmodels."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import f1_score
from statsmodels.stats.contingency_tables import mcnemar

from fer_core.evaluation import classification, uncertainty


@pytest.fixture(scope="module")
def pair() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    labels = random.choice(7, 400, p=[0.2, 0.05, 0.1, 0.27, 0.18, 0.1, 0.1])
    return labels, np.where(random.random(400) < 0.6, labels, random.integers(0, 7, 400))


def test_accuracy_interval_is_the_bootstrap_over_images(
    pair: tuple[np.ndarray, np.ndarray],
) -> None:
    labels, predicted = pair
    found = uncertainty.interval(classification.matrix(labels, predicted), classification.accuracy)
    right = (labels == predicted).astype(float)
    expected = stats.bootstrap(
        (right,), np.mean, method="percentile", n_resamples=4000, random_state=0
    ).confidence_interval
    assert found == pytest.approx(tuple(expected), abs=0.006)
    assert found.low < right.mean() < found.high


def test_macro_f1_interval_too(pair: tuple[np.ndarray, np.ndarray]) -> None:
    found = uncertainty.interval(classification.matrix(*pair), classification.macro_f1)
    expected = stats.bootstrap(
        pair,
        lambda a, b: f1_score(a, b, average="macro", labels=range(7), zero_division=0),
        method="percentile",
        paired=True,
        vectorized=False,
        n_resamples=600,
        random_state=0,
    ).confidence_interval
    assert found == pytest.approx(tuple(expected), abs=0.015)


def test_the_same_interval_twice(pair: tuple[np.ndarray, np.ndarray]) -> None:
    counts = classification.matrix(*pair)
    draws = [uncertainty.interval(counts, classification.accuracy) for _ in range(2)]
    assert draws[0] == draws[1]


@pytest.mark.parametrize(("b", "c", "both"), [(30, 12, 200), (5, 5, 90), (1, 9, 40)])
def test_mcnemar_is_that_of_statsmodels(b: int, c: int, both: int) -> None:
    first = np.array([True] * b + [False] * c + [True] * both)
    second = np.array([False] * b + [True] * c + [True] * both)
    found = uncertainty.compare(first, second)
    expected = mcnemar([[both, b], [c, 0]], exact=True).pvalue
    assert found.p == pytest.approx(expected)
    assert (found.only_first, found.only_second) == (b, c)
    assert found.difference == pytest.approx(first.mean() - second.mean())
    assert found.could_be_chance == (expected >= 0.05)
    paired = stats.bootstrap(
        (first.astype(float), second.astype(float)),
        lambda x, y, axis: x.mean(axis) - y.mean(axis),
        paired=True,
        method="percentile",
        n_resamples=4000,
        random_state=0,
    ).confidence_interval
    assert found.interval == pytest.approx(tuple(paired), abs=1.01 / len(first))  # one image


def test_equal_answers_do_not_differ() -> None:
    right = np.array([True, False, True])
    found = uncertainty.compare(right, right)
    assert (found.p, found.difference, found.interval) == (1.0, 0.0, (0.0, 0.0))
    assert found.could_be_chance


@pytest.mark.parametrize("other", [np.ones(4, bool), np.ones((3, 1), bool)])
def test_unpaired_answers_are_refused(other: np.ndarray) -> None:
    with pytest.raises(ValueError, match="do not pair up"):
        uncertainty.compare(np.ones(3, bool), other)
    with pytest.raises(ValueError, match="do not pair up"):
        uncertainty.compare(np.ones(0, bool), np.ones(0, bool))
