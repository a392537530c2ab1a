"""The learning-rate schedule: one cycle, or several with warm restarts."""

from dataclasses import replace

import numpy as np
import pytest

from training.recipes import Phase, Recipe


def test_learning_rate_rises_and_falls() -> None:
    recipe = Recipe(epochs=1, learning_rate=1.0, warmup=0.1)
    rates = [recipe.rate(i / 100) for i in range(101)]
    assert max(rates) == pytest.approx(1.0, abs=0.02)
    assert rates.index(max(rates)) == 10
    assert rates[-1] == pytest.approx(0, abs=1e-9)
    assert rates[0] < 0.05


def test_learning_rate_restarts_with_a_phase() -> None:
    phases = (Phase(0), Phase(0.25), Phase(0.6, restart=True))
    recipe = Recipe(epochs=1, learning_rate=1.0, phases=phases)
    one_cycle = replace(recipe, phases=())
    for start, end in ((0, 0.6), (0.6, 1)):
        for part in np.linspace(0, 0.999, 50):
            rate = recipe.rate(start + part * (end - start))
            assert rate == pytest.approx(one_cycle.rate(part), abs=1e-9)
