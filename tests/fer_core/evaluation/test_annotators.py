"""Agreement of annotators, against published worked examples."""

from math import isnan

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import fleiss_kappa as known_fleiss_kappa

from fer_core.evaluation.annotators import (
    MISSING,
    count_answers,
    fleiss_kappa,
    krippendorff_alpha,
    match,
)

#: Ten subjects, fourteen raters, five categories: the example of Wikipedia's "Fleiss' kappa".
FOURTEEN_RATERS = np.array(
    [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
)
#: Four observers, twelve units, values 1 to 5, dots missing (Krippendorff 2011, section C).
FOUR_OBSERVERS = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


def observers() -> list[np.ndarray]:
    return [
        np.array([MISSING if value == "." else int(value) - 1 for value in row])
        for row in FOUR_OBSERVERS
    ]


def test_fleiss_kappa_of_the_published_example() -> None:
    result = fleiss_kappa(FOURTEEN_RATERS)
    assert result is not None
    assert result.value == pytest.approx(0.210, abs=0.0005)
    assert result.value == pytest.approx(known_fleiss_kappa(FOURTEEN_RATERS))
    assert result.n == 10
    assert result.interval.low < result.value < result.interval.high


def test_fleiss_kappa_needs_the_same_number_of_answers_for_every_face() -> None:
    assert fleiss_kappa(np.array([[2, 0], [1, 0]])) is None
    assert fleiss_kappa(np.array([[1, 0], [0, 1]])) is None
    assert fleiss_kappa(np.zeros((0, 7), int)) is None


def test_krippendorff_alpha_of_the_published_example() -> None:
    counts = count_answers(observers(), 5)
    assert counts.sum() == 41
    result = krippendorff_alpha(counts)
    assert result is not None
    assert result.value == pytest.approx(0.743, abs=0.0005)
    assert result.n == 11  # one unit has a single value
    assert result.interval.low < result.value < result.interval.high


def test_alpha_of_complete_answers_is_kappa_corrected_for_few_faces() -> None:
    kappa, alpha = fleiss_kappa(FOURTEEN_RATERS), krippendorff_alpha(FOURTEEN_RATERS)
    assert kappa is not None
    assert alpha is not None
    assert 1 - alpha.value == pytest.approx((1 - kappa.value) * (1 - 1 / 140))


def test_one_and_the_same_answer_everywhere_is_undefined() -> None:
    counts = np.array([[3, 0], [3, 0]])
    for result in (fleiss_kappa(counts), krippendorff_alpha(counts)):
        assert result is not None
        assert isnan(result.value)
        assert isnan(result.interval.low)


def test_the_interval_narrows_with_more_faces() -> None:
    few, many = (krippendorff_alpha(np.tile(FOURTEEN_RATERS, (k, 1))) for k in (1, 10))
    assert few is not None
    assert many is not None
    assert many.interval.high - many.interval.low < (few.interval.high - few.interval.low) / 2


def test_a_match_counts_only_faces_that_both_answered() -> None:
    first, second = np.array([3, 3, 5, MISSING, 0]), np.array([3, 5, 5, 3, MISSING])
    result = match(first, second)
    assert result is not None
    assert (result.n, result.same) == (3, 2)
    assert result.share == pytest.approx(2 / 3)
    assert result.kappa.value == pytest.approx(cohen_kappa_score([3, 3, 5], [3, 5, 5]))
    assert match(first, np.full(5, MISSING)) is None
