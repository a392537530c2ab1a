"""The leaderboard's numbers against scikit-learn, by hand, and against the committed summaries."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn import metrics
from statsmodels.stats.proportion import proportion_confint

from fer_core.artifacts import summaries
from fer_core.artifacts.predictions import Predictions, split_predictions
from fer_core.errors import ResultsError
from fer_core.evaluation import baselines, ferplus_agreement, leaderboard, near_copies
from fer_core.evaluation.evaluation_set import committed_set, user_set
from fer_core.evaluation.scores import compute_intervals, compute_scores
from fer_core.registry import MODELS


def made_up(n: int = 400, seed: int = 0) -> Predictions:
    random = np.random.default_rng(seed)
    labels = random.integers(0, 7, n)
    probabilities = random.dirichlet(np.ones(7), n) + 0.4 * np.eye(7)[labels]
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    ids = np.array([f"PrivateTest_{i}" for i in range(n)])
    return Predictions(ids, labels, probabilities)


def test_scores_are_scikit_learns() -> None:
    predictions = made_up()
    found = compute_scores(predictions)
    truth, predicted = predictions.labels, predictions.predicted
    assert found.n == 400
    assert found.accuracy == pytest.approx(metrics.accuracy_score(truth, predicted))
    assert found.value("macro_f1") == pytest.approx(
        metrics.f1_score(truth, predicted, average="macro")
    )
    expected = metrics.balanced_accuracy_score(truth, predicted)
    assert found.value("balanced_accuracy") == pytest.approx(expected)
    assert found.value("log_loss") == pytest.approx(
        metrics.log_loss(truth, predictions.probabilities)
    )
    assert found.interval.low < found.accuracy < found.interval.high
    wilson = proportion_confint((truth == predicted).sum(), 400, method="wilson")
    assert found.interval == pytest.approx(wilson, abs=1e-12)


def test_no_skill_answers_the_class_shares() -> None:
    predictions = made_up()
    baseline = baselines.class_prior_predictions(predictions)
    found = compute_scores(baseline)
    counts = np.bincount(predictions.labels, minlength=7)
    assert np.array_equal(baseline.ids, predictions.ids)
    assert found.accuracy == pytest.approx(counts.max() / 400)
    assert found.value("balanced_accuracy") == pytest.approx(1 / 7)
    shares = counts / 400
    assert found.value("log_loss") == pytest.approx(-(shares * np.log(shares)).sum())
    assert found.value("calibration_error") == pytest.approx(0)
    common = counts.max() / 400
    assert found.value("macro_f1") == pytest.approx(2 * common / (1 + common) / 7)


def row_of(name: str) -> leaderboard.Row:
    return leaderboard.model_row(committed_set("PrivateTest"), MODELS[name])


@pytest.mark.parametrize("name", MODELS)
def test_rows_equal_the_committed_summaries(name: str) -> None:
    row, baseline = row_of(name), leaderboard.baseline_row(committed_set("PrivateTest"))
    summary = summaries.load_summary(MODELS[name])
    assert summary is not None
    for split, expected in summary["splits"].items():
        found = row.by_split[split]
        for key in ("n", "accuracy", "macro_f1", "balanced_accuracy"):
            assert (found.n if key == "n" else found.value(key)) == pytest.approx(expected[key])
        assert baseline.by_split[split].accuracy == pytest.approx(summary["no_skill"][split])
    assert row.scores == row.by_split["PrivateTest"]
    assert row.without_copy == near_copies.accuracy(name, "PrivateTest").other


def test_a_yes_no_accuracy_is_no_seven_way_number() -> None:
    assert row_of("individual").study is None
    assert row_of("resnet101").study == 0.6443


def test_unknown_copies_are_not_guessed(copied_results: Path) -> None:
    (copied_results / "near_copies.csv").unlink()
    assert row_of("stacking").without_copy is None
    assert leaderboard.baseline_row(committed_set("PrivateTest")).without_copy is None


def test_ferplus_agreement_is_of_the_present_weights_only(monkeypatch: pytest.MonkeyPatch) -> None:
    results = ferplus_agreement.load_agreement()
    row = results.models["PrivateTest"]["stacking"]
    assert results.for_model(MODELS["stacking"], "PrivateTest") == row
    assert row_of("stacking").ferplus_accuracy == row.majority_accuracy
    old = {"PrivateTest": {"stacking": replace(row, sha256="0")}, "PublicTest": {}}
    stale = replace(results, models=old)
    assert stale.for_model(MODELS["stacking"], "PrivateTest") is None
    assert stale.for_model(MODELS["stacking"], "PublicTest") is None
    monkeypatch.setattr(ferplus_agreement, "load_agreement", lambda: stale)
    assert row_of("stacking").ferplus_accuracy is None


def test_missing_ferplus_results_are_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise ResultsError("crowd.json is missing")

    monkeypatch.setattr(ferplus_agreement, "load_agreement", missing)
    assert row_of("stacking").ferplus_accuracy is None
    assert leaderboard.baseline_row(committed_set("PrivateTest")).ferplus_accuracy is None


def test_rows_are_ranked_by_accuracy() -> None:
    ranked = leaderboard.rank_rows(map(row_of, MODELS))
    accuracies = [row.scores.accuracy for row in ranked]
    assert accuracies == sorted(accuracies, reverse=True)


def test_the_split_that_chose_the_epochs_has_no_test() -> None:
    tested = committed_set("PrivateTest").compare("resnet101", "multiclass")
    assert 0 <= tested.tested_p <= 1
    chosen = committed_set("PublicTest").compare("resnet101", "multiclass")
    assert chosen.p_value is None
    assert chosen.interval.low < chosen.difference < chosen.interval.high
    for claim in (
        lambda: chosen.tested_p,
        lambda: chosen.could_be_chance,
        lambda: chosen.is_significant_among(28),
    ):
        with pytest.raises(ValueError, match="chose the models"):
            claim()


def test_other_images_are_not_paired() -> None:
    predictions = {"multiclass": made_up(100), "stacking": made_up(101)}
    with pytest.raises(ResultsError, match="different images"):
        user_set("mine", predictions, MODELS).compare("multiclass", "stacking")


def test_a_splits_intervals_hold_its_numbers() -> None:
    scores = compute_scores(split_predictions("stacking", "PrivateTest"))
    for key, (low, high) in compute_intervals(split_predictions("stacking", "PrivateTest")).items():
        assert low < scores.value(key) < high
        assert high - low < 0.09
