"""The NumPy functions equal SciPy's."""

import numpy as np
from scipy import special

from fer_core.probability import log_odds, sigmoid, softmax

LOGITS = np.random.default_rng(0).normal(0, 10, (20, 7)).astype(np.float32)


def test_softmax() -> None:
    np.testing.assert_allclose(softmax(LOGITS), special.softmax(LOGITS, axis=1), rtol=1e-5)
    assert softmax(np.array([[1e4, 0.0]])).tolist() == [[1.0, 0.0]]
    assert softmax(np.zeros((0, 7))).shape == (0, 7)


def test_sigmoid() -> None:
    np.testing.assert_allclose(sigmoid(LOGITS), special.expit(LOGITS), rtol=1e-5)
    assert np.isfinite(sigmoid(np.array([-1e4, 1e4]))).all()


def test_log_odds() -> None:
    p = np.linspace(0.01, 0.99, 50)
    np.testing.assert_allclose(log_odds(p), special.logit(p))
    assert np.isfinite(log_odds(np.array([0.0, 1.0], np.float32))).all()
