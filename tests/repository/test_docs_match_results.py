"""The documents' tables, the summaries and the committed predictions agree."""

import json
from collections.abc import Callable
from dataclasses import asdict
from inspect import signature
from typing import Any

import numpy as np
import pytest

from fer_core.artifacts import summaries, weights_file
from fer_core.artifacts.predictions import split_predictions
from fer_core.datasets import fer2013_stats
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import baselines, classification, thresholds
from fer_core.evaluation.calibration import fit_temperature
from fer_core.models.networks.scratch_cnn import ScratchCNN
from fer_core.probability import softmax
from fer_core.registry import MODELS
from training import docs_tables
from training.engine.data import CHOICE_IMAGES
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
        metrics = classification.compute_metrics(labels, probabilities)
        per_class = metrics.pop("per_class")
        assert metrics == pytest.approx({key: expected[key] for key in metrics})
        for emotion, numbers in per_class.items():
            assert numbers == pytest.approx(expected["per_class"][emotion])
        assert summary["no_skill"][split] == pytest.approx(baselines.majority_accuracy_of(labels))
        if "scores" in saved:
            yes_no = thresholds.yes_no_summary(labels, saved["scores"][rows], summary["thresholds"])
            for emotion, numbers in yes_no.items():
                assert numbers == pytest.approx(expected["yes_no"][emotion])


@pytest.mark.parametrize(("file", "marker", "table"), docs_tables.TABLES)
def test_documents_contain_the_committed_numbers(
    file: str, marker: str, table: Callable[[], str]
) -> None:
    text = (docs_tables.ROOT / file).read_text()
    assert docs_tables.fill_table(text, marker, table()) == text


@pytest.mark.parametrize("name", MODELS)
def test_results_name_the_splits_they_used(name: str) -> None:
    summary = summaries.load_summary(MODELS[name])
    assert summary is not None
    assert summary["chosen_on"] in ("PublicTest", CHOICE_IMAGES)
    assert summary["scored_on"] == "PrivateTest"
    assert set(summary["no_skill"]) == set(summary["splits"]) == {"PublicTest", "PrivateTest"}


@pytest.mark.parametrize("name", RECIPES)
def test_the_recipe_is_that_of_the_committed_weights(name: str) -> None:
    """A field added later has its default; a field removed since was off."""
    stored = weights_file.read_provenance(weights_file.path(MODELS[name]))["recipe"]
    stored["phases"] = [asdict(Phase(**phase)) for phase in stored.get("phases", [])]
    defaults, recipe = as_stored(Recipe(stored["epochs"])), as_stored(RECIPES[name])
    removed = [stored.pop(key) for key in stored.keys() - recipe.keys()]
    assert not any(removed)
    parameters = signature(ScratchCNN).parameters.items()
    network = {key: parameter.default for key, parameter in parameters}
    assert network | stored.pop("network") == network | recipe.pop("network")
    del defaults["network"]
    stored["augmentation"] = defaults["augmentation"] | stored["augmentation"]
    assert defaults | stored == recipe


def as_stored(recipe: Recipe) -> dict[str, Any]:
    return json.loads(json.dumps(asdict(recipe)))


@pytest.mark.parametrize(
    "name",
    [name for name, recipe in RECIPES.items() if recipe.temperature and not recipe.by_votes],
)
def test_a_temperature_scaled_network_is_calibrated_on_public_test(name: str) -> None:
    predictions = split_predictions(name, "PublicTest")
    summary = summaries.load_summary(MODELS[name])
    assert summary is not None
    shares = fer2013_stats.load_stats().shares("Training")
    # A logit adjustment came after the temperature.
    logits = np.log(np.maximum(predictions.probabilities.astype(float), 1e-7))
    logits += summary.get("logit_adjustment", 0) * np.log([shares[emotion] for emotion in EMOTIONS])
    temperature = fit_temperature(predictions.labels, softmax(logits))
    assert temperature == pytest.approx(1, abs=0.03)
    assert 0 < summary["temperature"] != 1


@pytest.mark.parametrize("name", MODELS)
def test_models_beat_the_baseline(name: str) -> None:
    summary = summaries.load_summary(MODELS[name])
    assert summary is not None
    private = summary["splits"]["PrivateTest"]
    assert private["accuracy"] > summary["no_skill"]["PrivateTest"] + 0.05


def test_yes_no_models_do_not_always_answer_no() -> None:
    summary = summaries.load_summary(MODELS["individual"])
    assert summary is not None
    assert (
        np.load(summaries.path(MODELS["individual"]).with_suffix(".npz"))["scores"].max() < 1
    )  # otherwise a threshold of 1 would still give a yes
    for emotion, row in summary["splits"]["PrivateTest"]["yes_no"].items():
        assert row["recall"] > 0.5, emotion
        assert row["balanced_accuracy"] > 0.7, emotion
        assert row["accuracy"] > row["no_skill"], emotion
