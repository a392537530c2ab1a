"""Combinations as plain arithmetic on their members' answers; the numbers are fitted by
`training.engine.ensembles`.

All arrays are (N, 7), float, columns in the order of EMOTIONS. Of a yes/no member the answers are
its seven scores, of any other its probabilities.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from fer_core.probability import EPSILON, log_odds, normalize_scores, softmax
from fer_core.registry import ModelSpec, EnsembleRule

FittedParameters = Mapping[str, Any]


def vector_scaling(fitted: FittedParameters, scores: np.ndarray) -> np.ndarray:
    """softmax(slope · logit(score) + offset) of seven yes/no scores (Guo et al. 2017), which makes
    independent answers compete."""
    return softmax(log_odds(scores) * fitted["slope"] + fitted["offset"])


def weighted_mean(fitted: FittedParameters, scores: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Weighted mean of a network's probabilities and of `vector_scaling` of yes/no scores."""
    share = fitted["multiclass_share"]
    mean: np.ndarray = share * probabilities + (1 - share) * vector_scaling(fitted, scores)
    return mean


def logistic_regression(
    fitted: FittedParameters, scores: np.ndarray, probabilities: np.ndarray
) -> np.ndarray:
    """Multinomial logistic regression over `features`: stacking (Wolpert 1992)."""
    weights = np.asarray(fitted["coefficients"])  # (7, 14)
    return softmax(stacking_features(scores, probabilities) @ weights.T + fitted["intercept"])


def mean(fitted: FittedParameters, *answers: np.ndarray) -> np.ndarray:
    """The plain mean of any members' probabilities (soft voting); nothing is fitted. Of a yes/no
    member its scores divided by their sum."""
    average: np.ndarray = np.mean([normalize_scores(each) for each in answers], axis=0)
    return average


def stacking_features(scores: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """What the meta-model sees, (N, 14): yes/no log-odds, then multi-class log-probabilities."""
    return np.hstack([log_odds(scores), np.log(np.clip(probabilities, EPSILON, 1))])


#: By the name that a combination's record in the registry gives.
RULES: Mapping[EnsembleRule, Callable[..., np.ndarray]] = {
    "vector_scaling": vector_scaling,
    "weighted_mean": weighted_mean,
    "logistic_regression": logistic_regression,
    "mean": mean,
}


def combine(variant: ModelSpec, fitted: FittedParameters, answers: Sequence[np.ndarray]) -> np.ndarray:
    """A combination's answer, (N, 7) float32 with rows that sum to 1.

    `answers` are its members', in the order of `variant.members`. Raises `ValueError` for a variant
    that combines nothing and for another number of answers.
    """
    if variant.combine is None or len(answers) != len(variant.members):
        raise ValueError(
            f"{variant.name} combines {len(variant.members)} answers, not {len(answers)}"
        )
    return RULES[variant.combine](fitted, *answers).astype(np.float32)
