"""Holm's correction against statsmodels, the redraws against drawing faces one by one."""

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from fer_core.artifacts.predictions import split_predictions
from fer_core.evaluation import ties, uncertainty
from fer_core.evaluation.evaluation_set import committed_set
from fer_core.registry import MODELS


@pytest.mark.parametrize("seed", range(5))
def test_holm_is_that_of_statsmodels(seed: int) -> None:
    p_values = np.random.default_rng(seed).random(7) ** 3
    assert uncertainty.holm(p_values.tolist()) == pytest.approx(
        multipletests(p_values, method="holm")[1]
    )
    assert uncertainty.holm([]) == []


def test_the_first_is_tested_against_the_other_seven() -> None:
    found = ties.standings(committed_set("PrivateTest"), tuple(MODELS))
    correct = {name: split_predictions(name, "PrivateTest").correct for name in MODELS}
    first, *others = found
    assert first.name == max(correct, key=lambda name: correct[name].sum())
    assert [row.correct for row in found] == sorted((row.correct for row in found), reverse=True)
    best = correct[first.name]
    raw = [
        mcnemar(
            [
                [0, (best & ~correct[row.name]).sum()],
                [(~best & correct[row.name]).sum(), 0],
            ],
            exact=True,
        ).pvalue
        for row in others
    ]
    rejected, corrected, *_ = multipletests(raw, method="holm")
    assert [row.p_value for row in others] == pytest.approx(corrected)
    assert [row.tied for row in others] == (~rejected).tolist()
    assert [row.behind for row in found] == [first.correct - row.correct for row in found]
    assert {row.n for row in found} == {3589}
    again = ties.standings(committed_set("PrivateTest"), tuple(MODELS)[::-1])
    assert {row.name: row.best_probability for row in again} == {
        row.name: row.best_probability for row in found
    }


def test_the_probability_of_being_best_is_a_bootstrap_over_faces() -> None:
    random = np.random.default_rng(3)
    easy = random.random(300)
    correct = np.array([easy + random.normal(0, 0.3, 300) < level for level in (0.6, 0.58, 0.4)])
    expected = np.zeros(3)
    for _ in range(2000):
        totals = correct[:, random.integers(0, 300, 300)].sum(axis=1)
        leads = totals == totals.max()
        expected += leads / leads.sum() / 2000
    found = ties.best_probabilities(correct)
    assert found == pytest.approx(expected, abs=0.04)
    assert found.sum() == pytest.approx(1)
    assert np.array_equal(found, ties.best_probabilities(correct))  # a fixed seed


def test_equal_models_share_the_first_place() -> None:
    correct = np.array([[True, False, True]] * 2)
    assert ties.best_probabilities(correct).tolist() == [0.5, 0.5]
