"""The spread of a recipe's score over its training runs."""

from pathlib import Path

import numpy as np
import pytest
from planted_seeds import committed_run, plant_runs

from fer_core.artifacts import seed_runs
from fer_core.evaluation.seeds import SeedSpread, public_interval, seed_spread


@pytest.mark.parametrize(("name", "by_crowd"), [("multiclass", False), ("ferplus", True)])
def test_the_committed_run_is_one_of_them(name: str, by_crowd: bool, copied_results: Path) -> None:
    plant_runs(name, -0.05, 0.02)
    own = committed_run(name).public_score
    scores = [own, own - 0.05, own + 0.02]
    spread = seed_spread(name)
    assert spread is not None
    assert (spread.n, spread.by_crowd) == (3, by_crowd)
    assert spread[1:5] == pytest.approx(
        (np.mean(scores), np.std(scores, ddof=1), min(scores), max(scores))
    )


def test_the_interval_of_the_deviation_covers_it_in_95_percent_of_draws() -> None:
    deviations = np.random.default_rng(0).normal(0, 0.3, (2_000, 4)).std(axis=1, ddof=1)
    spreads = [
        SeedSpread(4, 0.7, sd, 0.6, 0.8, by_crowd=False, start="") for sd in deviations.tolist()
    ]
    covered = [low <= 0.3 <= high for low, high in (spread.sd_interval for spread in spreads)]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.015)


def test_one_run_has_no_spread(copied_results: Path) -> None:
    plant_runs("multiclass", 0.01)
    assert seed_spread("ferplus") is None
    assert seed_spread("stacking") is None  # fitted, not trained


def test_the_committed_run_counts_once(copied_results: Path) -> None:
    seed_runs.write([committed_run("multiclass")])
    assert seed_spread("multiclass") is None


@pytest.mark.parametrize("name", ["multiclass", "ferplus"])
def test_the_interval_is_about_the_score_that_chose_the_epoch(name: str) -> None:
    interval = public_interval(name)
    assert interval is not None
    score = committed_run(name).public_score  # in float32; the committed weights are half precision
    assert sum(interval) / 2 == pytest.approx(score, abs=0.002)
