"""Conversions between logits and probabilities in NumPy (importing SciPy takes half a second)."""

import numpy as np

EPSILON = 1e-6  # probabilities are clipped to [EPSILON, 1 - EPSILON] before a logarithm


def softmax(logits: np.ndarray) -> np.ndarray:
    """(N, K) logits → (N, K) probabilities; rows sum to 1."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: np.ndarray = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x)) elementwise, without overflow."""
    scores: np.ndarray = 1 / (1 + np.exp(-np.clip(logits, -60, 60)))
    return scores


def normalize_scores(scores: np.ndarray) -> np.ndarray:
    """(N, K) independent yes/no scores → (N, K) probabilities: each row divided by its sum."""
    probabilities: np.ndarray = scores / scores.sum(axis=1, keepdims=True)
    return probabilities


def entropy_bits(counts: np.ndarray) -> np.ndarray:
    """Shannon entropy in bits of each row of (N, K) counts, at least one of which is above 0: (N,).

    0 where all are of one kind.
    """
    shares = counts / counts.sum(axis=1, keepdims=True)
    sums = (shares * np.log2(np.where(shares > 0, shares, 1))).sum(axis=1)
    bits: np.ndarray = np.abs(sums)  # of a negative sum, and never -0
    return bits


def log_odds(probabilities: np.ndarray) -> np.ndarray:
    """log(p / (1 - p)) elementwise, as float64 and always finite."""
    p = np.clip(probabilities.astype(np.float64), EPSILON, 1 - EPSILON)
    return np.log(p / (1 - p))
