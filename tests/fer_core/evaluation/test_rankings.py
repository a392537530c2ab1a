"""Rankings by several metrics, and what accuracy hides."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from blind_model import forget_disgust
from sklearn.metrics import balanced_accuracy_score, f1_score, recall_score

from fer_core.artifacts.predictions import split_predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import ferplus_agreement, hidden_failures, rankings, ties
from fer_core.evaluation.evaluation_set import committed_set
from fer_core.evaluation.uncertainty import holm, wilson_interval
from fer_core.registry import MODELS

NAMES = tuple(MODELS)
INDEPENDENT: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
    "accuracy": lambda labels, predicted: float((labels == predicted).mean()),
    "macro_f1": lambda labels, predicted: f1_score(labels, predicted, average="macro"),
    "balanced_accuracy": balanced_accuracy_score,
    "worst_recall": lambda labels, predicted: recall_score(labels, predicted, average=None).min(),
}


@pytest.mark.parametrize("metric", INDEPENDENT)
def test_the_models_are_ranked_by_the_metric(metric: str) -> None:
    places = rankings.ranking(committed_set("PrivateTest"), metric, NAMES)
    assert sorted(place.name for place in places) == sorted(NAMES)
    for place in places:
        given = split_predictions(place.name, "PrivateTest")
        assert place.value == pytest.approx(INDEPENDENT[metric](given.labels, given.predicted))
        assert place.interval.low < place.value < place.interval.high
    values = [place.value for place in places]
    assert values == sorted(values, reverse=True)
    assert rankings.ranking(committed_set("PrivateTest"), metric, NAMES[::-1])[-1] == places[-1]
    assert places[0].p_value == 1
    assert places[0].tied
    assert not places[-1].tied


def test_the_bootstrap_test_is_paired() -> None:
    """The p-value is that of redrawing faces one by one, the same faces for both models."""
    first, second = rankings.ranking(
        committed_set("PrivateTest"), "macro_f1", ("multiclass", "keras_cnn")
    )
    a, b = (split_predictions(place.name, "PrivateTest") for place in (first, second))
    rng, labels, differences = np.random.default_rng(1), a.labels, []
    for _ in range(200):
        rows = rng.integers(0, len(labels), len(labels))
        differences.append(
            f1_score(labels[rows], a.predicted[rows], average="macro")
            - f1_score(labels[rows], b.predicted[rows], average="macro")
        )
    redrawn = rankings._redrawn(committed_set("PrivateTest"), ("keras_cnn", "multiclass"))[
        "macro_f1"
    ]
    spread = (redrawn[0] - redrawn[1]).std()
    assert spread == pytest.approx(np.std(differences), rel=0.2)
    assert second.p_value is not None
    assert second.p_value < 0.01


@pytest.mark.parametrize("split", ["PublicTest", "PrivateTest"])
def test_the_crowds_majority_is_a_test_set(split: str) -> None:
    places = rankings.ranking(committed_set(split, by_crowd=True), "accuracy", NAMES)
    committed = ferplus_agreement.load_agreement().models[split]
    assert {place.name: place.value for place in places} == pytest.approx(
        {name: row.majority_accuracy for name, row in committed.items()}
    )
    assert all((place.p_value is None) == (split == "PublicTest") for place in places)


def test_accuracy_hides_the_emotion_that_a_tied_model_fails_at(copied_results: Path) -> None:
    from scipy.stats import binomtest

    forget_disgust(copied_results, "efficientnet_b5")
    standings = ties.standings(committed_set("PrivateTest"), NAMES)
    first, *tied = [row for row in standings if row.tied]
    best = split_predictions(first.name, "PrivateTest")
    tests = {}
    for row in tied:
        given = split_predictions(row.name, "PrivateTest")
        for i, emotion in enumerate(EMOTIONS):
            of = given.labels == i
            a, b = best.correct[of], given.correct[of]
            p = binomtest(int((a & ~b).sum()), max(1, int((a ^ b).sum()))).pvalue
            tests[row.name, emotion] = (p, b.mean(), wilson_interval(int(b.sum()), int(of.sum())))
    corrected = holm([p for p, *_ in tests.values()])
    expected = {
        key: share
        for (key, (_, share, interval)), p in zip(tests.items(), corrected, strict=True)
        if p < 0.05 and interval.high < 0.5
    }
    found = {
        (row.name, row.emotion): row.recall
        for row in hidden_failures.hidden_failures(committed_set("PrivateTest"), NAMES)
    }
    assert found == pytest.approx(expected)
    assert ("efficientnet_b5", "disgust") in found
