"""The composite variants as plain arithmetic on their parts' answers; the numbers are fitted by
`training.engine.ensembles`. All arrays are (N, 7), float, columns in the order of EMOTIONS."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from fer_core.probability import TINY, log_odds, softmax

Fitted = Mapping[str, Any]


def single(scores: np.ndarray, fitted: Fitted) -> np.ndarray:
    """`ensemble_single`: softmax(slope · logit(score) + offset), i.e. vector scaling (Guo et al.
    2017) of the seven yes/no scores, which makes independent answers compete."""
    return softmax(log_odds(scores) * fitted["slope"] + fitted["offset"])


def full(scores: np.ndarray, probabilities: np.ndarray, fitted: Fitted) -> np.ndarray:
    """`ensemble_full`: weighted mean of `ensemble_single`'s and the multi-class probabilities."""
    share = fitted["multiclass_share"]
    return share * probabilities + (1 - share) * single(scores, fitted)


def stacked(scores: np.ndarray, probabilities: np.ndarray, fitted: Fitted) -> np.ndarray:
    """`stacking`: multinomial logistic regression (Wolpert 1992) over `features`."""
    weights = np.asarray(fitted["coefficients"])  # (7, 14)
    return softmax(features(scores, probabilities) @ weights.T + fitted["intercept"])


def features(scores: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """What the meta-model sees, (N, 14): yes/no log-odds, then multi-class log-probabilities."""
    return np.hstack([log_odds(scores), np.log(np.clip(probabilities, TINY, 1))])


def combine(
    name: str, fitted: Fitted, scores: np.ndarray, probabilities: np.ndarray | None = None
) -> np.ndarray:
    """The composite `name`'s answer, (N, 7) float32 with rows that sum to 1.

    `probabilities` are the multi-class network's, which only `ensemble_single` does without.
    """
    if name == "ensemble_single":
        return single(scores, fitted).astype(np.float32)
    if probabilities is None:
        raise ValueError(f"{name} needs the multi-class probabilities too")
    rule = {"ensemble_full": full, "stacking": stacked}[name]
    return rule(scores, probabilities, fitted).astype(np.float32)
