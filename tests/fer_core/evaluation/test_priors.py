"""Accuracy at other class priors and prior correction, against plain recomputations."""

import json

import numpy as np
import pytest

from fer_core.artifacts.predictions import Predictions, split_predictions
from fer_core.datasets import fer2013_stats
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError, UsageError
from fer_core.evaluation import priors
from fer_core.evaluation.evaluation_set import committed_set
from fer_core.evaluation.priors import EQUAL_SHARES
from fer_core.evaluation.scores import compute_intervals, compute_scores
from fer_core.evaluation.uncertainty import wilson_interval
from fer_core.own_model import own_model_spec
from fer_core.registry import MODELS
from fer_core.reports import prior_text

SHARES = priors.scale_shares([5, 1, 10, 40, 30, 4, 10])


def recalls(labels: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """(7,) the share of each label's faces that is answered with it."""
    return np.array([(predicted[labels == i] == i).mean() for i in range(7)])


def training_shares() -> np.ndarray:
    counts = json.loads(fer2013_stats.path().read_text())["counts"]["Training"]
    sizes = np.array([counts[emotion] for emotion in EMOTIONS])
    return sizes / sizes.sum()


@pytest.mark.parametrize("name", ["multiclass", "individual"])
def test_accuracy_is_the_mean_recall_weighted_by_the_shares(name: str) -> None:
    given = split_predictions(name, "PrivateTest")
    estimate = priors.accuracy_at(given, SHARES)
    expected = recalls(given.labels, given.predicted) @ SHARES
    assert estimate.accuracy == pytest.approx(expected)
    random, values = np.random.default_rng(7), []
    for _ in range(400):
        rows = random.integers(0, len(given), len(given))
        values.append(recalls(given.labels[rows], given.predicted[rows]) @ SHARES)
    assert estimate.interval == pytest.approx(np.percentile(values, (2.5, 97.5)), abs=0.005)


def test_equal_shares_are_the_balanced_accuracy_and_the_set_s_the_accuracy() -> None:
    given = split_predictions("resnet101", "PublicTest")
    scores, intervals = compute_scores(given), compute_intervals(given)
    equal = priors.accuracy_at(given, EQUAL_SHARES)
    assert equal.accuracy == pytest.approx(scores.metrics["balanced_accuracy"])
    assert equal.interval == pytest.approx(intervals["balanced_accuracy"])
    as_it_is = priors.accuracy_at(given, priors.set_shares(given.labels))
    assert as_it_is == (pytest.approx(scores.accuracy), scores.interval)


def test_the_correction_is_that_of_saerens_and_elkan() -> None:
    given = split_predictions("keras_cnn", "PrivateTest")
    expected = given.probabilities * SHARES / training_shares()
    expected /= expected.sum(axis=1, keepdims=True)
    assert priors.correct(given, SHARES).probabilities == pytest.approx(expected)


def test_the_shares_of_training_correct_nothing() -> None:
    given = split_predictions("multiclass", "PrivateTest")
    same = priors.correct(given, priors.training_shares())
    assert (same.predicted == given.predicted).all()
    assert same.probabilities == pytest.approx(given.probabilities, abs=0.002)


def planted(shares: np.ndarray, count: int = 20_000) -> Predictions:
    """Faces with a measurement that is 1.5 higher for their label, answered by Bayes' rule with
    the shares of Training."""
    random = np.random.default_rng(3)
    labels = random.choice(7, count, p=shares)
    measured = random.normal(size=(count, 7)) + 1.5 * np.eye(7)[labels]
    likelihood = np.exp(1.5 * measured)
    posterior = likelihood * training_shares()
    posterior /= posterior.sum(axis=1, keepdims=True)
    return Predictions(np.array([f"a_{i}" for i in range(count)]), labels, posterior)


def test_correcting_helps_where_only_the_shares_differ() -> None:
    """Trained where happy faces are common, measured where each emotion is."""
    given = planted(training_shares())
    plain = priors.accuracy_at(given, EQUAL_SHARES)
    corrected = priors.accuracy_at(priors.correct(given, EQUAL_SHARES), EQUAL_SHARES)
    assert plain.interval
    assert corrected.interval
    assert corrected.interval.low > plain.interval.high


def test_an_emotion_that_no_face_has_is_left_out() -> None:
    given = split_predictions("multiclass", "PrivateTest")
    without = given.select(given.labels != EMOTIONS.index("disgust"))
    measurable = priors.measurable_shares(without.labels, EQUAL_SHARES)
    assert measurable == pytest.approx([1 / 6, 0, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6])
    by_emotion = recalls(given.labels, given.predicted)
    estimate = priors.accuracy_at(without, EQUAL_SHARES)
    assert estimate.accuracy == pytest.approx(np.delete(by_emotion, 1).mean())
    only_disgust = priors.scale_shares([0, 1, 0, 0, 0, 0, 0])
    with pytest.raises(ResultsError, match="nothing to measure"):
        priors.accuracy_at(without, only_disgust)
    # It may still be answered: it occurs at these shares, though not in this set.
    assert (priors.correct(without, EQUAL_SHARES).predicted == EMOTIONS.index("disgust")).any()


def test_one_emotion_alone_is_its_recall() -> None:
    given = split_predictions("multiclass", "PrivateTest")
    happy = given.labels == EMOTIONS.index("happy")
    estimate = priors.accuracy_at(given, priors.scale_shares([0, 0, 0, 5, 0, 0, 0]))
    hits = int(given.correct[happy].sum())
    assert estimate == (hits / happy.sum(), wilson_interval(hits, int(happy.sum())))


def test_an_interval_that_would_look_exact_is_left_out() -> None:
    given = split_predictions("multiclass", "PrivateTest")
    right = given.select(given.correct)
    assert priors.accuracy_at(right, EQUAL_SHARES) == (1, None)


def test_faces_for_which_all_that_occurs_is_ruled_out_get_the_shares() -> None:
    sure = Predictions(np.array(["a"]), np.array([0]), np.eye(7)[[3]])
    shares = priors.scale_shares([3, 1, 0, 0, 0, 0, 0])
    assert priors.correct(sure, shares).probabilities[0] == pytest.approx(shares)


@pytest.mark.parametrize("weights", [[0] * 7, [1, 1, 1, 1, 1, 1, -1], [1] * 6, [float("nan")] * 7])
def test_weights_that_are_no_shares_get_a_sentence(weights: list[float]) -> None:
    with pytest.raises(UsageError, match=r"^(All s|S)hares are .*\.$"):
        priors.scale_shares(weights)


def test_the_rows_of_a_set_and_the_baseline() -> None:
    where = committed_set("PublicTest", by_crowd=True)
    rows = priors.prior_rows(where, SHARES)
    assert [row.model.name for row in rows] == list(where.models)
    given = where.predictions("ferplus")
    [row] = [row for row in rows if row.model.name == "ferplus"]
    assert row.in_set.accuracy == pytest.approx(given.correct.mean())
    corrected = given.probabilities * SHARES / training_shares()
    expected = recalls(given.labels, corrected.argmax(axis=1)) @ SHARES
    assert row.corrected.accuracy == pytest.approx(expected)
    assert priors.baseline_at(where.labels, SHARES) == ("happy", pytest.approx(0.4))


def test_what_makes_the_correction_approximate_comes_from_the_summaries() -> None:
    exact = {name for name, model in MODELS.items() if not prior_text.is_approximate(model)}
    assert exact == {"multiclass", "keras_cnn"}
    notes = {name: prior_text.approximation_note(MODELS[name], name) for name in MODELS}
    assert notes["multiclass"] == ""
    for name, words in {
        "individual": "seven separate yes/no answers",
        "stacking": "members are yes/no models",
        "efficientnet_b5": "(τ = 1)",
        "resnet101": "in part from the crowd's votes",
        "ferplus": "from the crowd's votes, which",
    }.items():
        assert notes[name].startswith(f"For {name} it is approximate: ")
        assert words in notes[name]
    assert "not known here" in prior_text.approximation_note(own_model_spec("my net"), "my net")
