"""The baselines against scikit-learn's dummy classifier and SciPy's entropy."""

import numpy as np
import pytest
from scipy import stats
from sklearn.dummy import DummyClassifier
from sklearn.metrics import log_loss

from fer_core.artifacts.predictions import Predictions
from fer_core.evaluation import baselines

LABELS = np.array([3, 3, 3, 0, 1, 4, 4, 6])


def test_majority_accuracy_is_that_of_a_dummy() -> None:
    nothing = np.zeros((len(LABELS), 1))
    dummy = DummyClassifier(strategy="most_frequent").fit(nothing, LABELS)
    assert baselines.majority_accuracy_of(LABELS) == dummy.score(nothing, LABELS)
    assert baselines.majority_accuracy(np.bincount(LABELS)) == dummy.score(nothing, LABELS)
    assert baselines.majority_accuracy((1, 0, 3)) == 0.75


@pytest.mark.parametrize("counts", [(), (0, 0)])
def test_without_images_nothing_is_right(counts: tuple[int, ...]) -> None:
    assert baselines.majority_accuracy(counts) == 0


def test_class_shares_are_a_dummys_prior() -> None:
    nothing = np.zeros((len(LABELS), 1))
    dummy = DummyClassifier(strategy="prior").fit(nothing, LABELS)
    predictions = Predictions(
        np.arange(len(LABELS)).astype(str), LABELS, np.full((len(LABELS), 7), 1 / 7)
    )
    found = baselines.class_prior_predictions(predictions)
    assert np.allclose(found.probabilities[:, dummy.classes_], dummy.predict_proba(nothing))
    assert (found.predicted == 3).all()


def test_log_loss_is_the_entropy_of_the_labels() -> None:
    shares = np.tile(np.bincount(LABELS, minlength=7) / len(LABELS), (len(LABELS), 1))
    assert baselines.log_loss(LABELS) == pytest.approx(log_loss(LABELS, shares, labels=range(7)))
    assert baselines.log_loss(LABELS) == pytest.approx(stats.entropy(np.bincount(LABELS)))
    assert pytest.approx(stats.entropy(np.ones(7))) == baselines.UNIFORM_LOG_LOSS
