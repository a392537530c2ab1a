"""Intervals against SciPy's bootstrap, the paired test against statsmodels."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import f1_score
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from fer_core.evaluation import classification, uncertainty


@pytest.fixture(scope="module")
def pair() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    labels = random.choice(7, 400, p=[0.2, 0.05, 0.1, 0.27, 0.18, 0.1, 0.1])
    return labels, np.where(random.random(400) < 0.6, labels, random.integers(0, 7, 400))


@pytest.mark.parametrize(
    ("hits", "n"), [(0, 1), (1, 1), (0, 40), (40, 40), (1, 3589), (2587, 3589), (36, 55)]
)
def test_a_share_has_wilsons_interval(hits: int, n: int) -> None:
    low, high = proportion_confint(hits, n, method="wilson")
    assert uncertainty.wilson_interval(hits, n) == pytest.approx((low, high), abs=1e-12)
    exact = stats.binomtest(hits, n).proportion_ci(method="wilson")
    assert uncertainty.wilson_interval(hits, n) == pytest.approx((exact.low, exact.high), abs=1e-12)


@pytest.mark.parametrize(("hits", "n"), [(0, 0), (-1, 4), (5, 4)])
def test_invalid_shares_have_no_interval(hits: int, n: int) -> None:
    with pytest.raises(ValueError, match="is not a share"):
        uncertainty.wilson_interval(hits, n)


def test_the_level_is_that_of_its_quantile() -> None:
    assert stats.norm.ppf((1 + uncertainty.LEVEL) / 2) == pytest.approx(uncertainty.Z, abs=1e-12)


def test_a_means_interval_is_the_bootstrap_over_values() -> None:
    values = np.random.default_rng(5).normal(size=300)
    expected = stats.bootstrap(
        (values,), np.mean, method="percentile", n_resamples=4000, random_state=0
    ).confidence_interval
    assert uncertainty.mean_interval(values) == pytest.approx(tuple(expected), abs=0.01)


def test_values_that_occur_often_may_be_counted() -> None:
    values = np.random.default_rng(6).integers(0, 10, 900) / 10
    expected = uncertainty.mean_interval(values)
    found = uncertainty.mean_interval(*np.unique(values, return_counts=True))
    assert found == pytest.approx(expected, abs=0.002)


def test_a_bootstrap_interval_is_the_bootstrap_over_images(
    pair: tuple[np.ndarray, np.ndarray],
) -> None:
    labels, predicted = pair
    found = uncertainty.bootstrap_interval(
        classification.confusion_matrix(labels, predicted), classification.accuracy
    )
    right = (labels == predicted).astype(float)
    expected = stats.bootstrap(
        (right,), np.mean, method="percentile", n_resamples=4000, random_state=0
    ).confidence_interval
    assert found == pytest.approx(tuple(expected), abs=0.006)
    assert found.low < right.mean() < found.high


def test_macro_f1_interval_too(pair: tuple[np.ndarray, np.ndarray]) -> None:
    found = uncertainty.bootstrap_interval(
        classification.confusion_matrix(*pair), classification.macro_f1
    )
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
    counts = classification.confusion_matrix(*pair)
    draws = [uncertainty.bootstrap_interval(counts, classification.accuracy) for _ in range(2)]
    assert draws[0] == draws[1]


@pytest.mark.parametrize(("b", "c", "both"), [(30, 12, 200), (5, 5, 90), (1, 9, 40)])
def test_mcnemar_is_that_of_statsmodels(b: int, c: int, both: int) -> None:
    first = np.array([True] * b + [False] * c + [True] * both)
    second = np.array([False] * b + [True] * c + [True] * both)
    found = uncertainty.compare(first, second)
    expected = mcnemar([[both, b], [c, 0]], exact=True).pvalue
    assert found.p_value == pytest.approx(expected)
    assert (found.only_first, found.only_second) == (b, c)
    assert (found.both_correct, found.both_wrong, found.n) == (both, 0, len(first))
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
    assert (found.p_value, found.difference, found.interval) == (1.0, 0.0, (0.0, 0.0))
    assert found.could_be_chance


def test_faces_that_both_misclassify_are_counted() -> None:
    first, second = np.array([1, 1, 0, 0, 0], bool), np.array([1, 0, 1, 0, 0], bool)
    found = uncertainty.compare(first, second)
    assert (found.both_correct, found.only_first, found.only_second, found.both_wrong) == (
        1,
        1,
        1,
        2,
    )


@pytest.mark.parametrize(("b", "c"), [(30, 12), (40, 10), (9, 9)])
def test_many_tests_are_held_to_bonferronis_level(b: int, c: int) -> None:
    found = uncertainty.compare(
        np.array([True] * b + [False] * c), np.array([False] * b + [True] * c)
    )
    rejected, *_ = multipletests([found.p_value] + [1.0] * 27, method="bonferroni")
    assert found.is_significant_among(28) == rejected[0]
    assert uncertainty.bonferroni_level(28) == pytest.approx(0.05 / 28)


@pytest.mark.parametrize("other", [np.ones(4, bool), np.ones((3, 1), bool)])
def test_unpaired_answers_are_refused(other: np.ndarray) -> None:
    with pytest.raises(ValueError, match="do not pair up"):
        uncertainty.compare(np.ones(3, bool), other)
    with pytest.raises(ValueError, match="do not pair up"):
        uncertainty.compare(np.ones(0, bool), np.ones(0, bool))
