"""The facts of the model cards."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import recall_score

from fer_core.artifacts import store, summaries, weights_file
from fer_core.artifacts.predictions import split_predictions
from fer_core.artifacts.store import Artifacts
from fer_core.emotions import EMOTIONS
from fer_core.errors import NotTrainedError, WeightsError
from fer_core.evaluation import leaderboard
from fer_core.registry import VARIANTS
from fer_core.reports import model_card_facts

COMPOSITES = [name for name, variant in VARIANTS.items() if variant.members]


def test_every_variant_has_its_architecture_told() -> None:
    assert all(variant.architecture for variant in VARIANTS.values())


@pytest.mark.parametrize("name", VARIANTS)
def test_weak_spots(name: str) -> None:
    found = model_card_facts.by_recall(name, "PrivateTest")
    answers = split_predictions(name, "PrivateTest")
    expected = recall_score(answers.labels, answers.predicted, average=None, zero_division=0)
    assert [weak.recall for weak in found] == pytest.approx(sorted(expected))
    for weak in found:
        i = EMOTIONS.index(weak.emotion)
        said = answers.predicted[answers.labels == i]
        assert (weak.found, weak.n) == ((said == i).sum(), len(said))
        wrong = np.bincount(said[said != i], minlength=7)
        assert weak.mistaken_for == EMOTIONS[wrong.argmax()]


def test_intervals_hold_the_numbers() -> None:
    summary = summaries.summary(VARIANTS["stacking"])
    assert summary is not None
    for key, (low, high) in leaderboard.split_intervals("stacking", "PrivateTest").items():
        assert low < summary["splits"]["PrivateTest"][key] < high
        assert high - low < 0.06


@pytest.mark.parametrize("name", VARIANTS)
def test_results_belong_to_the_committed_weights(name: str) -> None:
    variant = VARIANTS[name]
    summary = summaries.summary(variant)
    assert summary is not None
    assert weights_file.state(weights_file.path(variant), summary["sha256"]) == "matches"
    assert summaries.refitted_members(variant) == []


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "w.json"
    assert weights_file.state(file, None) == "missing"
    file.write_text("one")
    digest = store.sha256(file)
    assert weights_file.state(file, digest) == "matches"
    file.write_text("other")
    assert weights_file.state(file, digest) == "differs"


def test_a_part_trained_again_is_noticed(copied_results: Path) -> None:
    file = copied_results / "stacking.json"
    told = json.loads(file.read_text())
    file.write_text(json.dumps(told | {"parts": told["parts"] | {"multiclass": "old"}}))
    store.record(file)
    assert summaries.refitted_members(VARIANTS["stacking"]) == ["multiclass"]


@pytest.mark.parametrize("name", COMPOSITES)
def test_fitted_numbers_of_composites(name: str) -> None:
    numbers = weights_file.fitted(VARIANTS[name])
    assert {"slope", "offset"} <= set(numbers) or {"coefficients", "intercept"} <= set(numbers)


def test_missing_and_damaged_numbers_are_told(no_artifacts: Artifacts) -> None:
    file = no_artifacts.weights / "stacking.json"
    with pytest.raises(NotTrainedError):
        weights_file.fitted(VARIANTS["stacking"])
    file.write_text("[]")
    store.record(file)
    with pytest.raises(WeightsError, match="damaged"):
        weights_file.fitted(VARIANTS["stacking"])
