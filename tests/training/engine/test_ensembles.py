"""Fitting the ensembles: out of fold, and compared with scikit-learn."""

import numpy as np
from sklearn.linear_model import LogisticRegression

from fer_core.models import ensembles as library
from fer_core.registry import get_model_spec
from training.engine import ensembles


def test_out_of_fold_predictions_do_not_use_their_label() -> None:
    """With arbitrary labels a correct out-of-fold accuracy stays near chance."""
    random = np.random.default_rng(0)
    scores = random.uniform(0.01, 0.99, (700, 7))
    probabilities = random.dirichlet(np.ones(7), 700)
    labels = np.tile(np.arange(7), 100)
    predictions = [scores, probabilities]
    for name in ("ensemble_single", "stacking"):
        averaged = ensembles.out_of_fold(
            get_model_spec(name), predictions[: len(get_model_spec(name).members)], labels
        )
        np.testing.assert_allclose(averaged.sum(axis=1), 1, atol=1e-5)
        assert (averaged.argmax(axis=1) == labels).mean() < 0.22


def test_numpy_stacking_equals_scikit_learn() -> None:
    random = np.random.default_rng(1)
    scores = random.uniform(0.01, 0.99, (140, 7))
    probabilities = random.dirichlet(np.ones(7), 140)
    labels = np.tile(np.arange(7), 20)
    fitted = ensembles.fit(get_model_spec("stacking"), [scores, probabilities], labels)
    features = library.stacking_features(scores, probabilities)
    reference = LogisticRegression(C=fitted["regularisation"], max_iter=2000).fit(features, labels)
    combined = library.combine(get_model_spec("stacking"), fitted, [scores, probabilities])
    np.testing.assert_allclose(combined, reference.predict_proba(features), atol=1e-4)


def test_vector_scaling_recovers_the_true_parameters() -> None:
    random = np.random.default_rng(2)
    scores = random.uniform(0.02, 0.98, (20000, 7))
    slope, offset = np.linspace(0.5, 1.5, 7), np.linspace(-0.6, 0.6, 7)
    truth = library.vector_scaling({"slope": slope, "offset": offset}, scores)
    labels = np.array([random.choice(7, p=row) for row in truth])
    fitted = ensembles.fit(get_model_spec("ensemble_single"), [scores], labels)
    np.testing.assert_allclose(fitted["slope"], slope, atol=0.08)
    np.testing.assert_allclose(fitted["offset"], offset, atol=0.1)
