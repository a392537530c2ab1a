"""Fitting the composites: out of fold, and against scikit-learn."""

import numpy as np
from sklearn.linear_model import LogisticRegression

from fer_core.models import ensembles as arithmetic
from fer_core.registry import get_model_spec
from training.engine import ensembles


def test_out_of_fold_answers_did_not_see_their_label() -> None:
    """With labels that mean nothing an honest out-of-fold accuracy stays near chance."""
    random = np.random.default_rng(0)
    scores = random.uniform(0.01, 0.99, (700, 7))
    probabilities = random.dirichlet(np.ones(7), 700)
    labels = np.tile(np.arange(7), 100)
    answers = [scores, probabilities]
    for name in ("ensemble_single", "stacking"):
        found = ensembles.out_of_fold(
            get_model_spec(name), answers[: len(get_model_spec(name).members)], labels
        )
        np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)
        assert (found.argmax(axis=1) == labels).mean() < 0.22


def test_numpy_stacking_equals_scikit_learn() -> None:
    random = np.random.default_rng(1)
    scores = random.uniform(0.01, 0.99, (140, 7))
    probabilities = random.dirichlet(np.ones(7), 140)
    labels = np.tile(np.arange(7), 20)
    fitted = ensembles.fit(get_model_spec("stacking"), [scores, probabilities], labels)
    features = arithmetic.stacking_features(scores, probabilities)
    model = LogisticRegression(C=fitted["regularisation"], max_iter=2000).fit(features, labels)
    ours = arithmetic.combine(get_model_spec("stacking"), fitted, [scores, probabilities])
    np.testing.assert_allclose(ours, model.predict_proba(features), atol=1e-4)


def test_vector_scaling_finds_the_numbers_that_made_the_labels() -> None:
    random = np.random.default_rng(2)
    scores = random.uniform(0.02, 0.98, (20000, 7))
    slope, offset = np.linspace(0.5, 1.5, 7), np.linspace(-0.6, 0.6, 7)
    truth = arithmetic.vector_scaling({"slope": slope, "offset": offset}, scores)
    labels = np.array([random.choice(7, p=row) for row in truth])
    fitted = ensembles.fit(get_model_spec("ensemble_single"), [scores], labels)
    np.testing.assert_allclose(fitted["slope"], slope, atol=0.08)
    np.testing.assert_allclose(fitted["offset"], offset, atol=0.1)
