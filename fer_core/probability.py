"""Logits to probabilities and back, in NumPy: SciPy's take half a second to import."""

import numpy as np

EPSILON = 1e-6  # probabilities are kept this far from 0 and 1 before a logarithm


def softmax(logits: np.ndarray) -> np.ndarray:
    """(N, K) → (N, K), rows sum to 1."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: np.ndarray = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """Elementwise 1 / (1 + exp(-x)), without overflow."""
    scores: np.ndarray = 1 / (1 + np.exp(-np.clip(logits, -60, 60)))
    return scores


def normalize_scores(scores: np.ndarray) -> np.ndarray:
    """(N, K) independent yes/no scores → (N, K), each row divided by its sum."""
    probabilities: np.ndarray = scores / scores.sum(axis=1, keepdims=True)
    return probabilities


def log_odds(probabilities: np.ndarray) -> np.ndarray:
    """Elementwise log(p / (1 - p)), float64, kept finite."""
    p = np.clip(probabilities.astype(np.float64), EPSILON, 1 - EPSILON)
    return np.log(p / (1 - p))
