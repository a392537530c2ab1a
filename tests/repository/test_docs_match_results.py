"""README, the result files' summaries and what is computed from the predictions agree."""

import json
from collections.abc import Callable
from dataclasses import asdict
from inspect import signature
from typing import Any

import numpy as np
import pytest

from fer_core.artifacts import summaries, weights_file
from fer_core.artifacts.predictions import split_predictions
from fer_core.evaluation import baselines, classification, thresholds
from fer_core.evaluation.calibration import fit_temperature
from fer_core.models.networks.scratch_cnn import ScratchCNN
from fer_core.registry import MODELS
from training import docs_tables
from training.engine.data import FerData
from training.evaluate import is_train_duplicate
from training.recipes import RECIPES, Phase, Recipe


@pytest.mark.parametrize("name", MODELS)
def test_summary_follows_from_the_predictions(name: str) -> None:
    summary = summaries.load_summary(MODELS[name])
    assert summary is not None
    saved = np.load(summaries.path(MODELS[name]).with_suffix(".npz"))
    assert saved["probabilities"].shape == (7178, 7)
    for split, expected in summary["splits"].items():
        rows = np.char.startswith(saved["ids"], split)
        labels, probabilities = saved["labels"][rows], saved["probabilities"][rows]
        found = classification.compute_metrics(labels, probabilities)
        per_class = found.pop("per_class")
        assert found == pytest.approx({key: expected[key] for key in found})
        for emotion, numbers in per_class.items():
            assert numbers == pytest.approx(expected["per_class"][emotion])
        assert summary["no_skill"][split] == pytest.approx(baselines.majority_accuracy_of(labels))
        if "scores" in saved:
            again = thresholds.yes_no_summary(labels, saved["scores"][rows], summary["thresholds"])
            for emotion, numbers in again.items():
                assert numbers == pytest.approx(expected["yes_no"][emotion])


@pytest.mark.parametrize(("file", "name", "table"), docs_tables.TABLES)
def test_documents_tell_the_committed_numbers(
    file: str, name: str, table: Callable[[], str]
) -> None:
    text = (docs_tables.ROOT / file).read_text()
    assert docs_tables.fill_table(text, name, table()) == text


@pytest.mark.parametrize("name", MODELS)
def test_results_say_how_they_came_about(name: str) -> None:
    summary = summaries.load_summary(MODELS[name])
    assert summary is not None
    assert summary["chosen_on"] == "PublicTest"
    assert summary["scored_on"] == "PrivateTest"
    assert set(summary["no_skill"]) == set(summary["splits"]) == {"PublicTest", "PrivateTest"}


@pytest.mark.parametrize("name", RECIPES)
def test_the_recipe_is_that_of_the_committed_weights(name: str) -> None:
    """A setting that came up later has its default, one that is gone was off."""
    made = weights_file.read_provenance(weights_file.path(MODELS[name]))["recipe"]
    made["phases"] = [asdict(Phase(**phase)) for phase in made.get("phases", [])]
    before, recipe = as_stored(Recipe(made["epochs"])), as_stored(RECIPES[name])
    gone = [made.pop(key) for key in made.keys() - recipe.keys()]
    assert not any(gone)
    shape = {key: found.default for key, found in signature(ScratchCNN).parameters.items()}
    assert shape | made.pop("network") == shape | recipe.pop("network")
    del before["network"]
    assert before | made == recipe


def as_stored(recipe: Recipe) -> dict[str, Any]:
    return json.loads(json.dumps(asdict(recipe)))


@pytest.mark.parametrize("name", [name for name, recipe in RECIPES.items() if recipe.temperature])
def test_a_tempered_network_is_calibrated_on_public_test(name: str) -> None:
    file = split_predictions(name, "PublicTest")
    assert fit_temperature(file.labels, file.probabilities) == pytest.approx(1, abs=0.03)
    made = summaries.load_summary(MODELS[name])
    assert made is not None
    assert 0 < made["temperature"] != 1


@pytest.mark.parametrize("name", MODELS)
def test_weights_beat_no_skill(name: str) -> None:
    summary = summaries.load_summary(MODELS[name])
    assert summary is not None
    private = summary["splits"]["PrivateTest"]
    assert private["accuracy"] > summary["no_skill"]["PrivateTest"] + 0.05


def test_individual_models_do_not_just_say_no() -> None:
    summary = summaries.load_summary(MODELS["individual"])
    assert summary is not None
    assert (
        np.load(summaries.path(MODELS["individual"]).with_suffix(".npz"))["scores"].max() < 1
    )  # or a threshold of 1 would still find a yes
    for emotion, row in summary["splits"]["PrivateTest"]["yes_no"].items():
        assert row["recall"] > 0.5, emotion
        assert row["balanced_accuracy"] > 0.7, emotion
        assert row["accuracy"] > row["no_skill"], emotion


def test_known_twins_are_found(fer2013: FerData) -> None:
    twins = is_train_duplicate(fer2013.split("PrivateTest"), fer2013.split("Training"))
    assert twins.sum() == 288
