"""The spread between training runs in words: planted runs, wherever an interval stands."""

from pathlib import Path

import numpy as np
import pytest
from planted_seeds import committed_run, plant_runs

from fer_core.evaluation.evaluation_set import committed_set
from fer_core.own_model import own_model_spec
from fer_core.registry import MODELS
from fer_core.reports import model_card, seeds_text
from fer_core.reports.set_report import html_report


def numbers(name: str, *differences: float) -> tuple[str, str]:
    """What is to be said of the committed run and others that are better by `differences`."""
    scores = 100 * (committed_run(name).public_score + np.array([0, *differences]))
    return (
        f"accuracy of {min(scores):.1f} to {max(scores):.1f}\u00a0%",
        f"with a standard deviation of {np.std(scores, ddof=1):.1f} points (",
    )


@pytest.mark.parametrize("name", ["multiclass", "ferplus"])
def test_the_card_tells_the_spread(name: str, copied_results: Path) -> None:
    plant_runs(name, -0.04, 0.03)
    card = model_card.to_markdown(MODELS[name])
    start = ", all from the weights of one Multi-class CNN" if name == "ferplus" else ""
    told = f"In three training runs that differ in seed, hardware or code{start}, it had an "
    assert told in card
    assert all(part in card for part in numbers(name, -0.04, 0.03))
    assert ("by the crowd's majority, on the faces with no copy" in card) == (name == "ferplus")
    assert "only" not in seeds_text.model_sentences(MODELS[name])


def test_without_other_runs_the_spread_is_unknown(copied_results: Path) -> None:
    plant_runs("multiclass", 0.01)
    assert "It was trained once" in model_card.to_markdown(MODELS["keras_cnn"])
    assert "It was fitted once" in model_card.to_markdown(MODELS["stacking"])


def test_the_models_of_a_report(copied_results: Path) -> None:
    plant_runs("multiclass", -0.06)
    names = ["multiclass", "ferplus", "resnet101"]
    text = html_report(committed_set("PrivateTest"), names)
    assert f"{MODELS['multiclass'].title} had an {numbers('multiclass', -0.06)[0]}" in text
    assert "Of the other models, only one training run is known" in text


def test_how_often_an_own_model_was_trained_is_unknown(copied_results: Path) -> None:
    plant_runs("multiclass", 0.01)
    models = [MODELS["multiclass"], own_model_spec("multiclass", "Mine")]
    text = seeds_text.comparison_sentences(models)
    assert text.startswith(
        "In two training runs that differ in seed, hardware or code, Multi-class CNN"
    )
    assert "Of Mine, only one training run is known" in text


def test_a_damaged_file_is_named_beside_the_scores(copied_results: Path) -> None:
    with (copied_results / "seeds.csv").open("a") as file:
        file.write("x")
    card = model_card.to_markdown(MODELS["multiclass"])
    assert "seeds.csv is damaged or was changed" in card
    assert "| Accuracy |" in card


def test_the_table_has_a_row_per_spread(copied_results: Path) -> None:
    plant_runs("ferplus", 0.02, 0.04)
    [row] = seeds_text.markdown_table().splitlines()[2:]
    low = 100 * committed_run("ferplus").public_score
    start = f"| `ferplus`, by the crowd | 3 | {low + 2:.2f} | 2.00 (1.0 to 12.6) | {low:.2f} – "
    assert row.startswith(start)
