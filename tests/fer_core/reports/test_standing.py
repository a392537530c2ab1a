"""The sentences about ties, leads and the gap between the splits."""

import pytest

from fer_core.artifacts.store import Artifacts
from fer_core.errors import ResultsError
from fer_core.evaluation import uncertainty
from fer_core.evaluation.evaluation_set import committed_set
from fer_core.evaluation.split_gap import SplitGap
from fer_core.evaluation.ties import Standing
from fer_core.evaluation.uncertainty import Interval
from fer_core.registry import MODELS
from fer_core.reports import standing


def row(name: str, correct: int, p_value: float, best: float = 0.5) -> Standing:
    return Standing(name, correct, 100, 90 - correct, p_value, best)


def test_a_tie_comes_before_the_leader() -> None:
    text = standing.verdict(
        [row("resnet101", 90, 1.0), row("stacking", 89, 0.3), row("keras_cnn", 60, 0.001)]
    )
    assert text.startswith("**Two of three models cannot be told apart** on PrivateTest")
    assert "(p = 0.30, Holm-corrected)" in text
    assert "one face ahead of Stacking" in text
    assert "most accurate in 50\u00a0% of redraws" in text
    assert text.endswith(f"Significantly worse: {MODELS['keras_cnn'].title}.")


def test_a_clear_leader_is_no_tie() -> None:
    text = standing.verdict([row("resnet101", 90, 1.0), row("stacking", 60, 0.004)])
    assert text.startswith("**ResNet-101** is the most accurate on PrivateTest, beyond chance")
    assert "told apart" not in text
    assert "(p = 0.004, Holm-corrected)" in text


def test_equally_accurate_models_share_the_first_place() -> None:
    level = [row("resnet101", 90, 1.0), row("stacking", 90, 1.0)]
    text = standing.verdict(level)
    assert text.endswith(
        "Stacking. **Two models share the highest accuracy**, 90.0\u00a0% (82.6–94.5)."
    )
    text = standing.verdict([*level, row("multiclass", 89, 0.9)])
    assert "Each difference from ResNet-101 could be chance" in text
    assert text.endswith("(82.6–94.5): ResNet-101 and Stacking.")
    assert "leads" not in text
    public = [each._replace(p_value=None) for each in level]
    text = standing.verdict(public, committed_set("PublicTest"))
    assert text.startswith(
        "**Two models share the highest accuracy**, 90.0\u00a0% (82.6–94.5) on P"
    )


def test_one_model_has_no_rival() -> None:
    assert "Only **Stacking**" in standing.verdict([row("stacking", 90, 1.0)])


def test_a_cards_sentence_follows_the_leaderboard() -> None:
    assert "one of seven models that cannot be told apart" in standing.model_sentence(
        MODELS["resnet101"]
    )
    assert "significantly worse than ResNet-101 (p < 0.001" in standing.model_sentence(
        MODELS["keras_cnn"]
    )


@pytest.mark.usefixtures("no_artifacts")
def test_without_results_there_is_no_sentence(no_artifacts: Artifacts) -> None:
    assert standing.gap_sentence(["resnet101"]) == ""
    with pytest.raises(ResultsError, match="evaluated yet"):
        standing.load_standings()
    with pytest.raises(ResultsError, match="ResNet-101 has not been evaluated yet"):
        standing.model_sentence(MODELS["resnet101"])


def test_the_gap_is_given_with_the_labels_agreement() -> None:
    text = standing.gap_sentence(list(MODELS))
    assert "(+0.4 to +1.9 points)" in text
    assert "no more than two draws of faces differ by chance" in text
    assert "67.5\u00a0% (65.9–69.1) of PublicTest's" in text


def test_gaps_beyond_chance_are_judged_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    gap = SplitGap("multiclass", 0.04, Interval(0.01, 0.07))
    monkeypatch.setattr(standing, "split_gaps", lambda names: [gap] * len(names))
    assert "beyond chance for two, each judged alone (95" in standing.gap_sentence(["a", "b"])
    assert "beyond chance for one (95" in standing.gap_sentence(["a"])


def test_chance_is_said_only_where_it_was_tested() -> None:
    chance = uncertainty.compare_counts(2744, 334, 317, 194)
    assert standing.chance_note(chance) == ", which could be chance (p = 0.531)"
    assert standing.chance_note(chance.without_test()) == ""
