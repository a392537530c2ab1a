"""Every model has the methods of a fitted scikit-learn classifier, and scikit-learn takes it."""

import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import is_classifier
from sklearn.calibration import CalibratedClassifierCV, calibration_curve
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import accuracy_score, get_scorer
from sklearn.utils.validation import check_is_fitted

from fer_core import EMOTIONS, MODELS, FerError
from fer_core.models.predictors import load
from fer_core.probability import softmax


@pytest.fixture(scope="module")
def random_chips() -> np.ndarray:
    """Two chips per emotion, (14, 48, 48) uint8."""
    return np.random.default_rng(3).integers(0, 256, (14, 48, 48)).astype(np.uint8)


LABELS = EMOTIONS * 2


@pytest.mark.parametrize("name", MODELS)
class TestEveryModel:
    def test_predict_names_the_most_probable_emotion(self, name: str, chips: np.ndarray) -> None:
        model = load(name)
        assert model.classes_.tolist() == list(EMOTIONS)
        expected = [EMOTIONS[i] for i in model.predict_proba(chips).argmax(axis=1)]
        assert model.predict(chips).tolist() == expected
        assert model.predict(chips[:0]).shape == (0,)

    def test_scores_rank_the_emotions_as_probabilities_do(
        self, name: str, chips: np.ndarray
    ) -> None:
        model = load(name)
        scores, probabilities = model.decision_function(chips), model.predict_proba(chips)
        assert scores.dtype == np.float32
        np.testing.assert_array_equal(scores.argsort(axis=1), probabilities.argsort(axis=1))
        if name == "individual":
            expected = model.scores(chips)  # type: ignore[attr-defined]
            np.testing.assert_allclose(1 / (1 + np.exp(-scores)), expected, atol=1e-6)
        else:
            np.testing.assert_allclose(softmax(scores), probabilities, atol=1e-6)

    def test_scikit_learn_takes_it(self, name: str, random_chips: np.ndarray) -> None:
        model = load(name)
        check_is_fitted(model)
        assert is_classifier(model)
        accuracy = accuracy_score(LABELS, model.predict(random_chips))
        assert get_scorer("accuracy")(model, random_chips, LABELS) == accuracy
        assert model.score(random_chips, LABELS) == pytest.approx(accuracy)
        assert get_scorer("neg_log_loss")(model, random_chips, LABELS) < 0
        assert 0 <= get_scorer("roc_auc_ovr")(model, random_chips, LABELS) <= 1


def test_a_model_can_be_calibrated(random_chips: np.ndarray) -> None:
    frozen = FrozenEstimator(load("multiclass"))
    calibrated = CalibratedClassifierCV(frozen, method="temperature", cv=2)
    probabilities = calibrated.fit(random_chips, LABELS).predict_proba(random_chips)
    assert calibrated.classes_.tolist() == list(EMOTIONS)
    happy = np.array(LABELS) == "happy"
    shares, means = calibration_curve(happy, probabilities[:, EMOTIONS.index("happy")], n_bins=2)
    assert len(shares) == len(means) > 0


def test_weights_of_chips_count(random_chips: np.ndarray) -> None:
    model = load("multiclass")
    labels = model.predict(random_chips)
    labels[0] = "disgust" if labels[0] != "disgust" else "sad"
    assert model.score(random_chips, labels) == pytest.approx(13 / 14)
    assert model.score(random_chips, labels, sample_weight=[13] + [1] * 13) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["joy", *LABELS[1:]], "labels must be among angry, .*, not 'joy'"),
        ([3] * 14, "labels must be among angry, .*, not 3"),
        (LABELS[:13], r"14 chips and labels of shape \(13,\)"),
        ("happy", r"14 chips and labels of shape \(\)"),
    ],
)
def test_wrong_labels_are_refused(
    labels: list[str], message: str, random_chips: np.ndarray
) -> None:
    with pytest.raises(ValueError, match=message):
        load("multiclass").score(random_chips, labels)


def test_the_accuracy_of_no_chips_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one chip"):
        load("multiclass").score(np.zeros((0, 48, 48), np.uint8), [])


def test_a_model_cannot_be_trained_again(random_chips: np.ndarray) -> None:
    with pytest.raises(FerError, match="multiclass is trained already"):
        load("multiclass").fit(random_chips, LABELS)


def test_scikit_learn_is_not_needed() -> None:
    program = """
import sys, numpy
sys.modules["sklearn"] = None
import fer_core as fer
model, chips = fer.load_model("ensemble_full"), numpy.zeros((1, 48, 48), "uint8")
model.score(chips, model.predict(chips)), model.decision_function(chips), model.features(chips)
"""
    subprocess.run([sys.executable, "-c", program], check=True)
