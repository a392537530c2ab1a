"""The model card as a document."""

from dataclasses import replace
from pathlib import Path

import pytest

from fer_core.artifacts import summaries
from fer_core.artifacts.store import Artifacts
from fer_core.evaluation import leaderboard, per_class
from fer_core.registry import MODELS
from fer_core.reports import model_card, recipe_table
from fer_core.reports.format import percent, format_interval


def test_every_variant_has_its_architecture_told() -> None:
    assert all(variant.architecture for variant in MODELS.values())


@pytest.mark.parametrize("name", MODELS)
def test_the_download_holds_every_section(name: str) -> None:
    text = model_card.to_markdown(MODELS[name])
    assert text.startswith(f"# {MODELS[name].title}\n")
    for heading in ("What it is", "Data and splits", "Numbers", "Weak spots", model_card.LIMITS_HEADING):
        assert f"\n## {heading}\n" in text
    assert "](docs/" not in text


@pytest.mark.parametrize("name", MODELS)
def test_the_card_holds_the_committed_numbers(name: str) -> None:
    variant = MODELS[name]
    made = summaries.load_summary(variant)
    assert made is not None
    text = model_card.to_markdown(variant)
    private = made["splits"]["PrivateTest"]
    accuracy = f"{private['accuracy'] * 100:.1f}\u00a0%"
    intervals = leaderboard.split_intervals(name, "PrivateTest")
    assert f"**{accuracy}** ({format_interval(intervals['accuracy'])})" in text
    assert f"{accuracy} (95 % interval {format_interval(intervals['accuracy'])})" in text
    for told in (
        f"**{private['macro_f1'] * 100:.1f}\u00a0%** ({format_interval(intervals['macro_f1'])})",
        f"| Without twins | {private['accuracy_without_twins'] * 100:.1f}\u00a0% |",
        f"```text\n{made['sha256']}\n```",
        f"- **Commit:** `{made['git_commit']}`",
        f"- **Architecture:** {variant.architecture}",
        model_card.FILE_STATES["matches"],
        f"## {recipe_table.heading(variant)}\n",
    ):
        assert told in text, told


@pytest.mark.parametrize("name", MODELS)
def test_the_file_it_names_is_there(name: str) -> None:
    told = model_card.weights_details(MODELS[name]).partition("- **File:** `")[2].partition("`")[0]
    assert (Path(model_card.README).parent / told).is_file()


def test_weak_spots_are_the_two_lowest_recalls() -> None:
    lowest, second, *_, best = per_class.rank_by_recall("multiclass", "PrivateTest")
    told = model_card.lowest_recall(MODELS["multiclass"])
    assert told.index(f"**{lowest.emotion}**") < told.index(f"**{second.emotion}**")
    assert f"{lowest.correct} of {lowest.n} ({percent(lowest.recall)})" in told
    assert f"The highest: **{best.emotion}**" in told


def test_yes_no_models_answer_otherwise() -> None:
    said = {name: "the strongest yes wins" in model_card.overview(MODELS[name]) for name in MODELS}
    assert said == {name: variant.yes_no for name, variant in MODELS.items()}


@pytest.mark.usefixtures("no_artifacts")
@pytest.mark.parametrize("name", MODELS)
def test_a_section_that_cannot_be_told_says_why(name: str) -> None:
    text = model_card.to_markdown(MODELS[name])
    assert text.count(f"{MODELS[name].title} has not been evaluated yet.") >= 4
    for heading in (recipe_table.heading(MODELS[name]), "Numbers", "Weak spots"):
        assert text.partition(f"## {heading}\n\n")[2].partition("\n\n## ")[0]
    assert model_card.limits() in text


def test_a_changed_weights_file_is_told(copied_weights: Path) -> None:
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
