"""The committed accuracy: the same two numbers as the leaderboard's, and who has no skill."""

import json
from pathlib import Path

import pytest
from statsmodels.stats.proportion import proportion_confint

from fer_core.artifacts import store, summaries
from fer_core.evaluation import accuracy, leaderboard
from fer_core.registry import MODELS


@pytest.mark.parametrize("split", ["PublicTest", "PrivateTest"])
@pytest.mark.parametrize("name", MODELS)
def test_it_is_the_leaderboards(name: str, split: str) -> None:
    found, counted = (
        accuracy.load_accuracy(MODELS[name], split),
        leaderboard.split_scores(name, split),
    )
    assert found is not None
    assert (found.value, found.n) == (pytest.approx(counted.accuracy), counted.n)
    assert found.interval == counted.interval
    assert found.interval == leaderboard.split_intervals(name, split)["accuracy"]
    wilson = proportion_confint(round(found.value * found.n), found.n, method="wilson")
    assert found.interval == pytest.approx(wilson, abs=1e-12)


@pytest.mark.parametrize(("share", "without"), [(0.25, True), (0.4, False)])
def test_no_skill_is_what_the_interval_does_not_exceed(
    share: float, without: bool, copied_results: Path
) -> None:
    path = summaries.path(MODELS["resnet101"])
    made = json.loads(path.read_text())
    made["splits"]["PrivateTest"] |= {"accuracy": share, "n": 3589}
    made["no_skill"]["PrivateTest"] = 0.245
    path.write_text(json.dumps(made))
    store.record_checksums(path)
    found = accuracy.not_above_baseline(["resnet101", "multiclass", "resnet101"])
    assert found == (["resnet101"] if without else [])


@pytest.mark.usefixtures("no_artifacts")
def test_what_was_not_evaluated_has_no_accuracy() -> None:
    assert accuracy.load_accuracy(MODELS["resnet101"]) is None
    assert accuracy.image_count() is None
    assert accuracy.not_above_baseline(MODELS) == []


def test_how_many_images() -> None:
    assert accuracy.image_count("PublicTest") == leaderboard.split_scores("stacking", "PublicTest").n
