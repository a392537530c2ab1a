"""The model card as a document."""

from dataclasses import replace
from pathlib import Path

import pytest
from statsmodels.stats.proportion import proportion_confint

from fer_core.artifacts import summaries
from fer_core.artifacts.predictions import split_predictions
from fer_core.artifacts.store import Artifacts
from fer_core.evaluation import near_copies, per_class
from fer_core.evaluation.scores import compute_intervals
from fer_core.registry import MODELS
from fer_core.reports import model_card, recall_text, recipe_table
from fer_core.reports.format import format_interval, percent


def test_every_model_has_an_architecture() -> None:
    assert all(model.architecture for model in MODELS.values())


@pytest.mark.parametrize("name", MODELS)
def test_the_download_holds_every_section(name: str) -> None:
    text = model_card.to_markdown(MODELS[name])
    assert text.startswith(f"# {MODELS[name].title}\n")
    for heading in (
        "Overview",
        "Data and splits",
        "Scores",
        "Lowest recall",
        model_card.LIMITS_HEADING,
    ):
        assert f"\n## {heading}\n" in text
    assert "](docs/" not in text


@pytest.mark.parametrize("name", MODELS)
def test_the_card_holds_the_committed_numbers(name: str) -> None:
    model = MODELS[name]
    results = summaries.load_summary(model)
    assert results is not None
    text = model_card.to_markdown(model)
    private = results["splits"]["PrivateTest"]
    accuracy = f"{private['accuracy'] * 100:.1f}\u00a0%"
    intervals = compute_intervals(split_predictions(name, "PrivateTest"))
    new = near_copies.accuracy(name, "PrivateTest").other
    assert f"**{accuracy}** ({format_interval(intervals['accuracy'])})" in text
    assert f"{accuracy} (95 % interval {format_interval(intervals['accuracy'])})" in text
    for part in (
        f"**{private['macro_f1'] * 100:.1f}\u00a0%** ({format_interval(intervals['macro_f1'])})",
        f"| No copy in Training | {new.value * 100:.1f}\u00a0% ({format_interval(new.interval)}) |",
        f"```text\n{results['sha256']}\n```",
        f"- **Commit:** `{results['git_commit']}`",
        f"- **Architecture:** {model.architecture}",
        model_card.FILE_STATES["matches"],
        f"## {recipe_table.heading(model)}\n",
    ):
        assert part in text, part


@pytest.mark.parametrize("name", MODELS)
def test_the_file_it_names_is_there(name: str) -> None:
    file = model_card.weights_details(MODELS[name]).partition("- **File:** `")[2].partition("`")[0]
    assert (Path(model_card.README).parent / file).is_file()


def test_the_two_lowest_recalls_and_the_highest_are_named() -> None:
    lowest, second, *_, best = per_class.rank_by_recall(
        split_predictions("multiclass", "PrivateTest")
    )
    text = recall_text.lowest_recall(MODELS["multiclass"])
    assert text.index(f"**{lowest.emotion}**") < text.index(f"**{second.emotion}**")
    low, high = proportion_confint(lowest.correct, lowest.n, method="wilson")
    share = f"{percent(lowest.recall)} ({100 * low:.0f}–{100 * high:.0f})"
    assert f"{lowest.correct} of {lowest.n}, {share}" in text
    assert f"The highest: **{best.emotion}**" in text


def test_only_yes_no_models_normalise_their_scores() -> None:
    for model in MODELS.values():
        assert ("highest “yes” score wins" in model_card.overview(model)) == model.yes_no


@pytest.mark.usefixtures("no_artifacts")
@pytest.mark.parametrize("name", MODELS)
def test_a_section_without_data_gives_the_reason(name: str) -> None:
    text = model_card.to_markdown(MODELS[name])
    assert text.count(f"{MODELS[name].title} has not been evaluated yet.") >= 4
    for heading in (recipe_table.heading(MODELS[name]), "Scores", "Lowest recall"):
        assert text.partition(f"## {heading}\n\n")[2].partition("\n\n## ")[0]
    assert model_card.limits() in text


def test_a_changed_weights_file_is_reported(copied_weights: Path) -> None:
    file = copied_weights / "multiclass.safetensors"
    file.unlink()
    assert model_card.FILE_STATES["missing"] in model_card.weights_details(MODELS["multiclass"])
    file.write_bytes(b"other weights")
    assert model_card.FILE_STATES["differs"] in model_card.weights_details(MODELS["multiclass"])


def test_a_model_registered_later_has_a_card(
    no_artifacts: Artifacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    ninth = replace(MODELS["resnet101"], name="ninth", title="A ninth", architecture="Of glass.")
    monkeypatch.setitem(MODELS, "ninth", ninth)
    text = model_card.to_markdown(ninth)
    assert text.startswith("# A ninth\n\nModel card of `ninth`")
    assert "Of glass." in text
    assert "A ninth has not been evaluated yet." in text
