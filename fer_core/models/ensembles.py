"""Combination rules of the ensembles; `training.engine.ensembles` fits their parameters.

All arrays are (N, 7) float, with columns in the order of EMOTIONS. The predictions of a yes/no
member are its seven scores, those of any other member its probabilities.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from fer_core.probability import EPSILON, log_odds, normalize_scores, softmax
from fer_core.registry import EnsembleRule, ModelSpec

FittedParameters = Mapping[str, Any]


def vector_scaling(parameters: FittedParameters, scores: np.ndarray) -> np.ndarray:
    """Turn seven independent yes/no scores into probabilities by vector scaling (Guo et al. 2017).

    softmax(slope · logit(score) + offset), with one slope and offset per emotion.
    """
    return softmax(log_odds(scores) * parameters["slope"] + parameters["offset"])


def weighted_mean(
    parameters: FittedParameters, scores: np.ndarray, probabilities: np.ndarray
) -> np.ndarray:
    """Average a network's probabilities and vector-scaled yes/no scores, by weight."""
    weight = parameters["multiclass_share"]
    average: np.ndarray = weight * probabilities + (1 - weight) * vector_scaling(parameters, scores)
    return average


def logistic_regression(
    parameters: FittedParameters, scores: np.ndarray, probabilities: np.ndarray
) -> np.ndarray:
    """Multinomial logistic regression on `stacking_features`: stacking (Wolpert 1992)."""
    weights = np.asarray(parameters["coefficients"])  # (7, 14)
    return softmax(stacking_features(scores, probabilities) @ weights.T + parameters["intercept"])


def mean(parameters: FittedParameters, *predictions: np.ndarray) -> np.ndarray:
    """Average the members' probabilities (soft voting); nothing is fitted.

    The scores of a yes/no member are divided by their sum.
    """
    average: np.ndarray = np.mean([normalize_scores(member) for member in predictions], axis=0)
    return average


def stacking_features(scores: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Input of the meta-model, (N, 14): yes/no log-odds, then multi-class log-probabilities."""
    return np.hstack([log_odds(scores), np.log(np.clip(probabilities, EPSILON, 1))])


#: By the rule's name in the registry.
RULES: Mapping[EnsembleRule, Callable[..., np.ndarray]] = {
    "vector_scaling": vector_scaling,
    "weighted_mean": weighted_mean,
    "logistic_regression": logistic_regression,
    "mean": mean,
}


def combine(
    model: ModelSpec, parameters: FittedParameters, predictions: Sequence[np.ndarray]
) -> np.ndarray:
    """Combine the predictions of an ensemble's members.

    Args:
        model: the ensemble.
        parameters: its fitted parameters, from its weights file.
        predictions: one (N, 7) array per member, in the order of `model.members`.

    Returns:
        Probabilities (N, 7) float32; each row sums to 1.

    Raises:
        ValueError: the model is no ensemble, or the number of predictions differs from that of its
            members.
    """
    if model.combine is None or len(predictions) != len(model.members):
        raise ValueError(
            f"{model.name} combines {len(model.members)} members, not {len(predictions)}"
        )
    return RULES[model.combine](parameters, *predictions).astype(np.float32)
