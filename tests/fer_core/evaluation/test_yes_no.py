"""The yes/no models beside always "no", and the gap between the splits, against statsmodels."""

import pytest
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from fer_core.artifacts import summaries
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import split_gap, yes_no
from fer_core.evaluation.thresholds import BinaryCounts
from fer_core.registry import MODELS


def test_fears_gain_over_always_no_is_chance() -> None:
    found = yes_no.split_yes_no("PrivateTest")
    summary = summaries.load_summary(MODELS["individual"])
    assert summary is not None
    for emotion in EMOTIONS:
        counts, comparison = found[emotion]
        expected = summary["splits"]["PrivateTest"]["yes_no"][emotion]
        assert counts.accuracy == pytest.approx(expected["accuracy"])
        gain = expected["accuracy"] - expected["no_skill"]
        assert comparison.difference == pytest.approx(gain)
        only = [[0, counts.true_positives], [counts.false_positives, 0]]
        assert comparison.tested_p == pytest.approx(mcnemar(only, exact=True).pvalue)
        assert comparison.could_be_chance == (emotion == "fear")
    assert found["fear"].comparison.tested_p == pytest.approx(0.53, abs=0.001)


def test_the_split_that_chose_the_thresholds_has_no_test() -> None:
    found = yes_no.split_yes_no("PublicTest")
    assert all(decision.comparison.p_value is None for decision in found.values())


@pytest.mark.parametrize(
    ("rate", "hits", "n"),
    [("recall", 30, 40), ("precision", 30, 35), ("specificity", 55, 60), ("accuracy", 85, 100)],
)
def test_a_rates_interval_is_wilsons(rate: str, hits: int, n: int) -> None:
    counts = BinaryCounts(30, 5, 10, 55)
    assert getattr(counts, rate) == pytest.approx(hits / n)
    wilson = proportion_confint(hits, n, method="wilson")
    assert counts.interval(rate) == pytest.approx(wilson, abs=1e-12)


def test_balanced_accuracy_has_a_bootstrap_interval_and_no_rate_none() -> None:
    low, high = BinaryCounts(30, 5, 10, 55).interval("balanced_accuracy") or (1, 0)
    assert low < BinaryCounts(30, 5, 10, 55).balanced_accuracy < high
    assert BinaryCounts(0, 0, 10, 55).interval("precision") is None
    with pytest.raises(KeyError):
        BinaryCounts(30, 5, 10, 55).interval("f1")


@pytest.mark.parametrize(("first", "second"), [((72, 100), (60, 90)), ((2587, 3589), (2583, 3589))])
def test_the_gap_of_two_splits_is_newcombes(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    expected = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff")
    found = split_gap.independent_difference(*first, *second)
    assert found == pytest.approx(expected, abs=1e-9)


def test_no_models_gap_is_beyond_chance() -> None:
    """The page and the README say so."""
    gaps = split_gap.split_gaps(tuple(MODELS))
    assert all(gap.interval.low < 0 < gap.difference < gap.interval.high for gap in gaps)
