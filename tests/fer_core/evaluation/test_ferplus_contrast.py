"""Crowd or label: against statsmodels, and the three directions."""

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.inter_rater import cohens_kappa

from fer_core.evaluation import ferplus_agreement
from fer_core.evaluation.classification import confusion_matrix
from fer_core.evaluation.ferplus_contrast import contrast, directions
from fer_core.evaluation.uncertainty import Interval


def made_up(seed: int, with_majority: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Label, majority and answer of 500 images; the answer is the majority that often."""
    random = np.random.default_rng(seed)
    label = random.integers(0, 7, 500)
    majority = np.where(random.random(500) < 0.7, label, random.integers(0, 7, 500))
    answer = np.where(random.random(500) < with_majority, majority, label)
    return label, majority, answer


@pytest.mark.parametrize(("seed", "with_majority"), [(0, 0.3), (1, 0.5), (2, 0.9)])
def test_contrast_is_that_of_statsmodels(seed: int, with_majority: float) -> None:
    label, majority, answer = made_up(seed, with_majority)
    found = contrast(label, majority, answer)
    crowd, same = answer == majority, answer == label
    table = [[(crowd & same).sum(), (crowd & ~same).sum()], [(~crowd & same).sum(), 0]]
    assert (found.only_majority, found.only_label) == (table[0][1], table[1][0])
    assert found.p_value == pytest.approx(mcnemar(table, exact=True).pvalue)
    for reference, interval in (
        (label, found.label_kappa_interval),
        (majority, found.majority_kappa_interval),
    ):
        known = cohens_kappa(confusion_matrix(reference, answer))
        assert interval == pytest.approx((known.kappa_low, known.kappa_upp))
    low, high = found.kappa_difference_interval
    assert low < found.kappa_difference < high
    # About as many answers agree with either only: no sign; with very unequal shares there is one.
    assert (low > 0) == (with_majority == 0.9)
    assert (high < 0) == (with_majority == 0.3)


def test_directions() -> None:
    found = directions(
        {
            "a": Interval(0.01, 0.2),
            "b": Interval(-0.1, 0.1),
            "c": Interval(-0.2, -0.01),
            "d": Interval(0.0, 0.1),
        }
    )
    assert found == (("a",), ("c",), ("b", "d"))


def test_recorded_models_lean_both_ways() -> None:
    """The finding: two models agree more with the crowd beyond chance, three with the label."""
    rows = ferplus_agreement.load_agreement().models["PrivateTest"]
    found = directions({name: row.difference_interval for name, row in rows.items()})
    assert found.higher == ("keras_cnn", "ferplus")
    assert found.lower == ("multiclass", "ensemble_single", "stacking")
    for row in rows.values():
        assert row.contrast.only_majority == row.majority_sides_with_model
        gap = row.contrast.only_majority - row.contrast.only_label
        assert row.difference == pytest.approx(gap / row.n)
        kappas = row.majority_kappa - row.label_kappa
        assert row.contrast.kappa_difference == pytest.approx(kappas)
