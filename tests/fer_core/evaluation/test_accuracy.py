"""The committed accuracy: equal to the leaderboard's, and compared with the baseline."""

import json
from pathlib import Path

import pytest
from statsmodels.stats.proportion import proportion_confint

from fer_core.artifacts import store, summaries
from fer_core.artifacts.predictions import split_predictions
from fer_core.evaluation import accuracy
from fer_core.evaluation.scores import compute_intervals, compute_scores
from fer_core.registry import MODELS


@pytest.mark.parametrize("split", ["PublicTest", "PrivateTest"])
@pytest.mark.parametrize("name", MODELS)
def test_it_equals_the_leaderboards(name: str, split: str) -> None:
    found, counted = (
        accuracy.load_accuracy(MODELS[name], split),
        compute_scores(split_predictions(name, split)),
    )
    assert found is not None
    assert (found.value, found.n) == (pytest.approx(counted.accuracy), counted.n)
    assert found.interval == counted.interval
    assert found.interval == compute_intervals(split_predictions(name, split))["accuracy"]
    wilson = proportion_confint(round(found.value * found.n), found.n, method="wilson")
    assert found.interval == pytest.approx(wilson, abs=1e-12)


@pytest.mark.parametrize(("share", "listed"), [(0.25, True), (0.4, False)])
def test_not_above_baseline(share: float, listed: bool, copied_results: Path) -> None:
    path = summaries.path(MODELS["resnet101"])
    summary = json.loads(path.read_text())
    summary["splits"]["PrivateTest"] |= {"accuracy": share, "n": 3589}
    summary["no_skill"]["PrivateTest"] = 0.245
    path.write_text(json.dumps(summary))
    store.record_checksums(path)
    found = accuracy.not_above_baseline(["resnet101", "multiclass", "resnet101"])
    assert found == (["resnet101"] if listed else [])


@pytest.mark.usefixtures("no_artifacts")
def test_what_was_not_evaluated_has_no_accuracy() -> None:
    assert accuracy.load_accuracy(MODELS["resnet101"]) is None
    assert accuracy.image_count() is None
    assert accuracy.not_above_baseline(MODELS) == []


def test_image_count() -> None:
    assert (
        accuracy.image_count("PublicTest")
        == compute_scores(split_predictions("stacking", "PublicTest")).n
    )
