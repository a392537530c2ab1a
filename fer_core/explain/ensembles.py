"""Heat maps of ensembles and of stacking, computed from the maps of their networks.

Notation, for one face: x (7,) are the yes/no models' log-odds, q (7,) the multi-class
probabilities, l (7,) their logits, z (7,) the input of the ensemble's softmax, and p = softmax(z).
For emotion A the explained quantity is Q = log p_A; for "A rather than B" it is
Q = log p_A - log p_B. With d = dQ/dz, this means d = 1_A - p or d = 1_A - 1_B.

- `vector_scaling`, z = slope · x + offset: yes/no model k has the weight |dQ/dx_k|, with
  dQ/dx_k = slope_k · d_k. The model of A gets slope_A · (1 - p_A) and each rival slope_k · p_k, so
  A's own model is about half of the map.
- `logistic_regression`, z = W [x, log q] + b: with g = d W, yes/no model k has the weight |g_k|.
  The multi-class network has h = dQ/dl = g' - q · sum(g'), where g' are the last seven of g. Since
  a log-odds is the difference of two logits, its weight is half the sum of |h|.
- `weighted_mean`, p = w · q + (1 - w) · s, where s is `vector_scaling`: the multi-class network has
  the weight w · q_A, and the yes/no models share (1 - w) · s_A as in `vector_scaling`. (For "A
  rather than B", use q_A + q_B and s_A + s_B.) With the derivative of log p_A, a confident network
  would get no share at all, because a probability near 1 no longer reacts.
- `mean`, p is the mean of the members' probabilities: a network has the weight q_A; of a yes/no
  member, A's own model has the weight of its normalised score. (For "A rather than B", B's as well,
  and B's model with its "no".)

A network's share is its weight divided by the sum of all weights, and the raw map is
Σ share · the network's raw map. The network's map explains the quantity by which it acts on Q: for
a yes/no model its log-odds, with the sign of dQ/dx_k (its "no" where its "yes" would count against
A); for the multi-class network l_A (or l_A - l_B), and h · l divided by its weight for
`logistic_regression`. Grad-CAM is linear in that quantity up to its ReLU, so for Grad-CAM this is
the chain rule through the ensemble.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from fer_core.artifacts import weights_file
from fer_core.emotions import EMOTIONS
from fer_core.explain.explanation import Contribution
from fer_core.explain.networks import raw_maps
from fer_core.explain.request import ExplanationRequest
from fer_core.models import ensembles
from fer_core.models.predictors import member_predictions
from fer_core.probability import log_odds, normalize_scores, softmax
from fer_core.registry import EnsembleRule, ModelSpec, get_model_spec

K = len(EMOTIONS)


class MemberWeights(NamedTuple):
    """Weight of one member in the decision on N faces, and what its map explains.

    `weights` are ≥ 0: (N, 7) for a yes/no member, one column per yes/no model; (N, C) for another
    member, whose weight is their sum. `coefficients` (N, 7): for a yes/no member the sign of each
    model, 1 where its "yes" and -1 where its "no" counts for the explained emotion; for another
    member the combination of its logits to explain.
    """

    weights: np.ndarray
    coefficients: np.ndarray


@dataclass(frozen=True, eq=False)
class ContributionMaps:
    """Contribution of one network to the maps of N faces.

    `shares` (N,) are its shares in the decision, `raw` (N, 48, 48) its raw maps multiplied by them.
    `signs` (N,): for a yes/no model 1 where its "yes" and -1 where its "no" contributes.
    """

    member: str
    emotion: str | None
    signs: np.ndarray
    shares: np.ndarray
    raw: np.ndarray

    def of_chip(self, index: int, peak: float, flat: bool) -> Contribution:
        """Return the contribution to one chip, on the scale of a map whose raw peak is `peak`."""
        heat = self.raw[index] * 0 if flat else self.raw[index] / peak
        share = float(self.shares[index])
        if self.emotion is None:
            return Contribution(self.member, share, heat)
        answer: Literal["yes", "no"] = "yes" if self.signs[index] > 0 else "no"
        return Contribution(self.member, share, heat, self.emotion, answer)


def yes_no_maps(request: ExplanationRequest) -> np.ndarray:
    """Compute the raw maps (N, 48, 48) of yes/no models: each by the explained emotion's model."""
    maps = _own_model_maps(request, request.one_hot)
    if request.contrast is None:
        return maps
    contrast_maps = _own_model_maps(request, request.contrast_one_hot)
    difference: np.ndarray = np.maximum(maps - contrast_maps, 0)
    return difference


def _own_model_maps(request: ExplanationRequest, one_hot: np.ndarray) -> np.ndarray:
    maps = np.zeros(request.chips.shape, np.float32)
    for k in range(K):
        rows = np.flatnonzero(one_hot[:, k])
        if len(rows):
            maps[rows] = _yes_no_maps_of(request, request.model_name, k, rows, np.ones(len(rows)))
    return maps


def _yes_no_maps_of(
    request: ExplanationRequest, member: str, k: int, rows: np.ndarray, signs: np.ndarray
) -> np.ndarray:
    arguments = request.chips[rows], signs[:, None], request.method, request.depth
    return raw_maps(member, *arguments, emotion=EMOTIONS[k])


def contribution_maps(request: ExplanationRequest) -> list[ContributionMaps]:
    """Compute each network's contribution to an ensemble's maps; they sum to its raw maps."""
    model = get_model_spec(request.model_name)
    per_member = member_weights(
        model,
        weights_file.load_fitted(model),
        member_predictions(model, request.chips),
        request.one_hot,
        request.contrast_one_hot,
    )
    total = np.sum([weights.sum(axis=1) for weights, _ in per_member], axis=0)[:, None]
    contributions = []
    for member, (weights, coefficients) in zip(model.members, per_member, strict=True):
        shares = weights / total
        if get_model_spec(member).yes_no:
            contributions += [
                _yes_no_contribution(request, member, k, shares[:, k], coefficients[:, k])
                for k in range(K)
            ]
        else:
            raw = raw_maps(member, request.chips, coefficients, request.method, request.depth)
            contributions.append(
                _contribution(member, None, np.ones(len(raw)), shares.sum(axis=1), raw)
            )
    return contributions


def _yes_no_contribution(
    request: ExplanationRequest, member: str, k: int, shares: np.ndarray, signs: np.ndarray
) -> ContributionMaps:
    raw = np.zeros(request.chips.shape, np.float32)
    rows = np.flatnonzero(shares)
    if len(rows):
        raw[rows] = _yes_no_maps_of(request, member, k, rows, signs[rows])
    return _contribution(member, EMOTIONS[k], signs, shares, raw)


def _contribution(
    member: str, emotion: str | None, signs: np.ndarray, shares: np.ndarray, raw: np.ndarray
) -> ContributionMaps:
    weighted = (shares[:, None, None] * raw).astype(np.float32)
    return ContributionMaps(member, emotion, signs, shares, weighted)


def member_weights(
    model: ModelSpec,
    parameters: Mapping[str, Any],
    predictions: Sequence[np.ndarray],
    emotion: np.ndarray,
    contrast: np.ndarray,
) -> list[MemberWeights]:
    """Compute the weights of an ensemble's members; the module's docstring has the formulas.

    Args:
        model: the ensemble.
        parameters: its fitted parameters.
        predictions: the result of `predictors.member_predictions`, (N, 7) each.
        emotion: (N, 7) one-hot, the explained emotion.
        contrast: (N, 7) one-hot, the contrast emotion; all 0 without one.

    Returns:
        One `MemberWeights` per member.

    Raises:
        ValueError: the model is no ensemble.
    """
    if model.combine is None:
        raise ValueError(f"{model.name} is not an ensemble")
    return WEIGHT_RULES[model.combine](parameters, emotion, contrast, *predictions)


def _vector_scaling(
    parameters: Mapping[str, Any], emotion: np.ndarray, contrast: np.ndarray, scores: np.ndarray
) -> list[MemberWeights]:
    z = log_odds(scores) * parameters["slope"] + parameters["offset"]
    yes_no = _dq_dz(z, emotion, contrast) * parameters["slope"]
    return [MemberWeights(np.abs(yes_no), np.sign(yes_no))]


def _weighted_mean(
    parameters: Mapping[str, Any],
    emotion: np.ndarray,
    contrast: np.ndarray,
    scores: np.ndarray,
    probabilities: np.ndarray,
) -> list[MemberWeights]:
    [yes_no] = _vector_scaling(parameters, emotion, contrast, scores)
    w, either = parameters["multiclass_share"], emotion + contrast
    s = ensembles.vector_scaling(parameters, scores)
    scale = (1 - w) * (s * either).sum(axis=1) / yes_no.weights.sum(axis=1)
    multiclass = w * (probabilities * either).sum(axis=1, keepdims=True)
    return [
        yes_no._replace(weights=yes_no.weights * scale[:, None]),
        MemberWeights(multiclass, emotion - contrast),
    ]


def _logistic_regression(
    parameters: Mapping[str, Any],
    emotion: np.ndarray,
    contrast: np.ndarray,
    scores: np.ndarray,
    probabilities: np.ndarray,
) -> list[MemberWeights]:
    weights = np.asarray(parameters["coefficients"])  # (7, 14)
    z = ensembles.stacking_features(scores, probabilities) @ weights.T + parameters["intercept"]
    g = _dq_dz(z, emotion, contrast) @ weights
    h = g[:, K:] - probabilities * g[:, K:].sum(axis=1, keepdims=True)
    half = np.abs(h).sum(axis=1, keepdims=True) / 2
    return [
        MemberWeights(np.abs(g[:, :K]), np.sign(g[:, :K])),
        MemberWeights(half, h / half),
    ]


def _mean(
    parameters: Mapping[str, Any],
    emotion: np.ndarray,
    contrast: np.ndarray,
    *predictions: np.ndarray,
) -> list[MemberWeights]:
    either = emotion + contrast
    return [
        MemberWeights(normalize_scores(member) * either, emotion - contrast)
        for member in predictions
    ]


#: By the rule's name in the registry.
WEIGHT_RULES: Mapping[EnsembleRule, Callable[..., list[MemberWeights]]] = {
    "vector_scaling": _vector_scaling,
    "weighted_mean": _weighted_mean,
    "logistic_regression": _logistic_regression,
    "mean": _mean,
}


def _dq_dz(z: np.ndarray, emotion: np.ndarray, contrast: np.ndarray) -> np.ndarray:
    """dQ/dz, (N, 7). 1 - p_A is computed as the sum of its rivals, which does not round to 0."""
    rivals = softmax(z) * (1 - emotion)
    without_contrast = emotion * rivals.sum(axis=1, keepdims=True) - rivals
    has_contrast = contrast.any(axis=1, keepdims=True)
    gradient: np.ndarray = np.where(has_contrast, emotion - contrast, without_contrast)
    return gradient
