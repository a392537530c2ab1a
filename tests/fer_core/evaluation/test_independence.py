"""How many independent opinions several models' answers are worth."""

import numpy as np
import pytest

from fer_core.evaluation import independence
from fer_core.registry import MODELS


def test_copies_are_one_opinion_and_unrelated_models_are_as_many_as_they_are() -> None:
    random = np.random.default_rng(0)
    models = random.random((5, 20_000)) < 0.7
    assert independence.measure([models[0]] * 4).value == pytest.approx(1)
    apart = independence.measure(list(models))
    assert apart.value == pytest.approx(5, abs=0.2)
    assert apart.interval.low < 5 < apart.interval.high


def test_it_follows_from_the_mean_correlation_of_errors() -> None:
    random = np.random.default_rng(1)
    models = random.random((3, 500)) < np.array([0.8, 0.7, 0.6])[:, None]
    models[1] |= models[0]
    mean = np.corrcoef(~models)[np.triu_indices(3, 1)].mean()
    number = independence.measure(list(models))
    assert number.correlation == pytest.approx(mean)
    assert number.value == pytest.approx(3 / (1 + 2 * mean))
    assert number.interval.low < number.value < number.interval.high


def test_a_single_model_has_no_such_number() -> None:
    with pytest.raises(ValueError, match="one opinion"):
        independence.measure([np.ones(3, bool)])
    with pytest.raises(ValueError, match="never vary"):
        independence.measure([np.ones(3, bool), np.array([True, False, True])])


def test_models_that_taught_one_another_are_worth_little() -> None:
    everybody = independence.effective_number(tuple(MODELS))
    assert 1 < everybody.value < 2
    assert everybody.n == 3589
