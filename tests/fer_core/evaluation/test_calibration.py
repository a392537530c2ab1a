"""Calibration, against scikit-learn, by hand and on answers whose temperature is known."""

import numpy as np
import pytest
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve

from fer_core.artifacts.predictions import split_predictions
from fer_core.evaluation import calibration
from fer_core.probability import softmax


@pytest.fixture(scope="module")
def honest() -> tuple[np.ndarray, np.ndarray]:
    """20,000 labels drawn from the probabilities themselves: perfectly calibrated."""
    random = np.random.default_rng(3)
    probabilities = softmax(random.normal(0, 1.6, (20_000, 7)))
    edges = probabilities.cumsum(axis=1)
    labels = (random.random((20_000, 1)) > edges).sum(axis=1).clip(0, 6)
    return labels, probabilities


def test_bins_are_those_of_scikit_learn(honest: tuple[np.ndarray, np.ndarray]) -> None:
    labels, probabilities = honest
    rows = [row for row in calibration.reliability_bins(labels, probabilities) if row.n]
    right = probabilities.argmax(axis=1) == labels
    accuracy, confidence = calibration_curve(right, probabilities.max(axis=1), n_bins=15)
    assert [row.accuracy for row in rows] == pytest.approx(accuracy)
    assert [row.confidence for row in rows] == pytest.approx(confidence)
    assert sum(row.n for row in rows) == len(labels)


def test_certainty_falls_into_the_last_bin() -> None:
    rows = calibration.reliability_bins(np.array([2]), np.eye(7)[[2]])
    assert rows[-1].n == 1
    assert np.isnan(rows[0].accuracy)


def test_error_by_hand() -> None:
    """Two answers at 0.9, one of them right: |0.5 − 0.9|; two at 0.4, none right: 0.4."""
    probabilities = np.array([[0.9] + [0.1 / 6] * 6] * 2 + [[0.4] + [0.1] * 6] * 2)
    labels = np.array([0, 1, 1, 2])
    found = calibration.expected_calibration_error(labels, probabilities)
    assert found == pytest.approx((2 * 0.4 + 2 * 0.4) / 4)


def test_honest_answers_have_hardly_any_error(honest: tuple[np.ndarray, np.ndarray]) -> None:
    assert calibration.expected_calibration_error(*honest) < 0.015
    assert calibration.fit_temperature(*honest) == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize("temperature", [0.5, 2.0])
def test_a_known_temperature_is_found(
    honest: tuple[np.ndarray, np.ndarray], temperature: float
) -> None:
    """Answers sharpened or flattened by a factor are mended by its inverse."""
    labels, probabilities = honest
    distorted = calibration.temperature_scaled(probabilities, 1 / temperature)
    assert calibration.fit_temperature(labels, distorted) == pytest.approx(temperature, rel=0.05)
    before = calibration.expected_calibration_error(labels, distorted)
    mended = calibration.temperature_scaled(distorted, temperature)
    assert calibration.expected_calibration_error(labels, mended) < before / 3
    assert (mended.argmax(axis=1) == probabilities.argmax(axis=1)).all()


def test_the_temperature_of_nearly_equal_shares_does_not_depend_on_rounding() -> None:
    """Their loss is so flat that steps of float32 would decide."""
    random = np.random.default_rng(3)
    labels = random.integers(0, 7, 70)
    logits = random.normal(0, 0.03, (70, 7)) + 0.003 * np.eye(7)[labels]
    shares = softmax(logits).astype(np.float32)
    found = calibration.fit_temperature(labels, shares)
    again = calibration.fit_temperature(
        labels, calibration.temperature_scaled(shares, found).astype(np.float32)
    )
    assert again == pytest.approx(1, abs=0.003)


def test_log_loss_is_that_of_scikit_learn(honest: tuple[np.ndarray, np.ndarray]) -> None:
    labels, probabilities = honest
    expected = sk.log_loss(labels, probabilities, labels=range(7))
    assert calibration.log_loss(labels, probabilities) == pytest.approx(expected)
    assert calibration.log_loss(labels, 2 * probabilities) == pytest.approx(expected)


def test_a_certain_error_stays_finite() -> None:
    assert calibration.log_loss(np.array([0]), np.eye(7)[[1]]) == pytest.approx(-np.log(1e-6))


@pytest.mark.parametrize("split", ["PublicTest", "PrivateTest"])
def test_the_temperature_comes_from_public_test_alone(split: str) -> None:
    found = calibration.calibration_report(
        split_predictions("individual", split), calibration.public_temperature("individual")
    )
    public, predictions = (split_predictions("individual", name) for name in ("PublicTest", split))
    assert found.temperature == calibration.fit_temperature(public.labels, public.probabilities)
    assert (
        found.uncalibrated.accuracy
        == found.temperature_scaled.accuracy
        == pytest.approx(predictions.correct.mean())
    )
    assert found.uncalibrated.confidence == pytest.approx(
        predictions.probabilities.max(axis=1).mean()
    )
    normed = predictions.probabilities / predictions.probabilities.sum(axis=1, keepdims=True)
    assert found.uncalibrated.log_loss == pytest.approx(sk.log_loss(predictions.labels, normed))
    assert found.baseline == np.bincount(predictions.labels).max() / len(predictions)
    if split == "PublicTest":
        assert found.temperature_scaled.log_loss <= found.uncalibrated.log_loss


@pytest.fixture(scope="module")
def few_confident() -> np.ndarray:
    """(400, 7) probabilities of a rather confident model."""
    return softmax(np.random.default_rng(5).normal(0, 2, (400, 7)))


def test_error_by_chance_is_that_of_labels_drawn_from_the_probabilities(
    few_confident: np.ndarray,
) -> None:
    """Whole labels are drawn here, and the bins are scikit-learn's."""
    random = np.random.default_rng(11)
    confidence, answers = few_confident.max(axis=1), few_confident.argmax(axis=1)
    sizes, _ = np.histogram(confidence, np.linspace(0, 1, 16))
    edges = few_confident.cumsum(axis=1)
    errors = []
    for _ in range(1000):
        labels = (random.random((len(edges), 1)) > edges).sum(axis=1).clip(0, 6)
        accuracy, mean = calibration_curve(answers == labels, confidence, n_bins=15)
        errors.append(np.average(np.abs(accuracy - mean), weights=sizes[sizes > 0]))
    found = calibration.error_by_chance(few_confident)
    assert found.mean == pytest.approx(np.mean(errors), rel=0.05)
    assert found.high == pytest.approx(np.quantile(errors, 0.95), rel=0.08)
    assert found == calibration.error_by_chance(few_confident)


def test_error_by_chance_falls_with_the_number_of_faces(few_confident: np.ndarray) -> None:
    """Four times as many faces with the same confidences: half the error."""
    few, many = (
        calibration.error_by_chance(p) for p in (few_confident, np.tile(few_confident, (4, 1)))
    )
    assert many.mean == pytest.approx(few.mean / 2, rel=0.05)
    assert calibration.error_by_chance(np.eye(7)) == (0, 0)


def test_perfectly_calibrated_answers_are_within_chance_in_95_of_100_cases() -> None:
    random = np.random.default_rng(2)
    probabilities = softmax(random.normal(0, 2, (500, 7)))
    high = calibration.error_by_chance(probabilities).high
    edges = probabilities.cumsum(axis=1)
    draws = [(random.random((500, 1)) > edges).sum(axis=1).clip(0, 6) for _ in range(1000)]
    above = [calibration.expected_calibration_error(d, probabilities) > high for d in draws]
    assert np.mean(above) == pytest.approx(0.05, abs=0.025)
