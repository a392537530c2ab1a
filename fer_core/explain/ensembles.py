"""How the maps of an ensemble or of stacking are made of its parts' maps.

Notation, for one face: x (7,) the yes/no models' log-odds, q (7,) the multi-class probabilities and
l (7,) their logits, z (7,) what the composite's softmax is taken of, p = softmax(z). Asked about
emotion A, the explained quantity is Q = log p_A; "A rather than B" is Q = log p_A - log p_B. Both
depend on z by d = dQ/dz: d = 1_A - p, or d = 1_A - 1_B.

- `vector_scaling`, z = slope · x + offset: every yes/no model k has the weight |dQ/dx_k|, with
  dQ/dx_k = slope_k · d_k. The model of A gets slope_A · (1 - p_A), each rival slope_k · p_k, so
  that A's own model is about half of the map.
- `logistic_regression`, z = W [x, log q] + b: with g = d W, the yes/no model k has the weight
|g_k|. The
  multi-class network has h = dQ/dl = g' - q · sum(g'), g' being the last seven of g; since a
  log-odds is the difference of two logits, its weight is half the sum of |h|.
- `weighted_mean`, p = w · q + (1 - w) · s, s being `vector_scaling`: the multi-class network has
  the weight w · q_A, and the yes/no models share (1 - w) · s_A as in `vector_scaling`. (For "A
  rather than B" q_A + q_B and s_A + s_B.) The derivative of log p_A would leave a network that is
  sure of itself no share at all, because a probability near 1 no longer reacts.

- `mean`, p the mean of the members' probabilities: a network has the weight q_A, of a yes/no member
  A's own model has its score's share. (For "A rather than B" B's too, and B's model with its "no".)

A part's share is its weight by the sum of all weights, and the raw map is Σ share · the part's raw
map. The part's own map explains the quantity by which the part acts on Q: of a yes/no model its
log-odds, with the sign of dQ/dx_k (its "no" where its "yes" would count against A); of the
multi-class network l_A (or l_A - l_B), and h · l by its weight for `logistic_regression`.
For Grad-CAM, linear in the quantity up to its ReLU, this is the chain rule through the composite.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from fer_core.artifacts import weights_file
from fer_core.emotions import EMOTIONS
from fer_core.explain.explanation import Contribution
from fer_core.explain.networks import raw_maps
from fer_core.explain.request import ExplanationRequest
from fer_core.models import ensembles
from fer_core.models.predictors import member_predictions
from fer_core.probability import log_odds, normalize_scores, softmax
from fer_core.registry import ModelSpec, EnsembleRule, get_model_spec

K = len(EMOTIONS)


class MemberWeights(NamedTuple):
    """What the answers for N faces depend on in one member.

    `weights` ≥ 0 are (N, 7) of a yes/no member, a column a model; of another (N, C), whose sum
    counts. `asked` (N, 7): of a yes/no member 1 where a model's "yes" counts for the emotion asked
    about and -1 where its "no" does; of another the combination of its logits to explain.
    """

    weights: np.ndarray
    asked: np.ndarray


@dataclass(frozen=True, eq=False)
class ContributionMaps:
    """What one network adds to the maps of N faces: `shares` (N,) of the decision, and `raw`
    (N, 48, 48), already multiplied by them. `asked` (N,) is the sign of a yes/no model's part."""

    member: str
    emotion: str | None
    asked: np.ndarray
    shares: np.ndarray
    raw: np.ndarray

    def part(self, face: int, strength: float, flat: bool) -> Contribution:
        """Of one face, on the scale of a map whose largest raw value is `strength`."""
        heat = self.raw[face] * 0 if flat else self.raw[face] / strength
        share = float(self.shares[face])
        if self.emotion is None:
            return Contribution(self.member, share, heat)
        return Contribution(self.member, share, heat, self.emotion, "yes" if self.asked[face] > 0 else "no")


def yes_no_maps(q: ExplanationRequest) -> np.ndarray:
    """(N, 48, 48) of a yes/no variant: each face's map by the model of the emotion asked about."""
    found = _own_models(q, q.one_hot)
    if q.contrast is None:
        return found
    rather: np.ndarray = np.maximum(found - _own_models(q, q.contrast_one_hot), 0)
    return rather


def _own_models(q: ExplanationRequest, marks: np.ndarray) -> np.ndarray:
    found = np.zeros(q.chips.shape, np.float32)
    for k in range(K):
        rows = np.flatnonzero(marks[:, k])
        if len(rows):
            found[rows] = _model_maps(q, q.model_name, k, rows, np.ones(len(rows)))
    return found


def _model_maps(
    q: ExplanationRequest, member: str, k: int, rows: np.ndarray, signs: np.ndarray
) -> np.ndarray:
    asked = q.chips[rows], signs[:, None], q.method, q.depth
    return raw_maps(member, *asked, emotion=EMOTIONS[k])


def contribution_maps(q: ExplanationRequest) -> list[ContributionMaps]:
    """Every network's share of a combination's maps; their sum is its raw map."""
    variant = get_model_spec(q.model_name)
    answers = member_predictions(variant, q.chips)
    decided = member_weights(variant, weights_file.load_fitted(variant), answers, q.one_hot, q.contrast_one_hot)
    total = np.sum([each.weights.sum(axis=1) for each in decided], axis=0)[:, None]
    found = []
    for member, each in zip(variant.members, decided, strict=True):
        share = each.weights / total
        if get_model_spec(member).yes_no:
            found += [_yes_no_addend(q, member, k, share[:, k], each.asked[:, k]) for k in range(K)]
        else:
            raw = raw_maps(member, q.chips, each.asked, q.method, q.depth)
            found.append(_addend(member, None, np.ones(len(raw)), share.sum(axis=1), raw))
    return found


def _yes_no_addend(
    q: ExplanationRequest, member: str, k: int, share: np.ndarray, signs: np.ndarray
) -> ContributionMaps:
    raw = np.zeros(q.chips.shape, np.float32)
    rows = np.flatnonzero(share)
    if len(rows):
        raw[rows] = _model_maps(q, member, k, rows, signs[rows])
    return _addend(member, EMOTIONS[k], signs, share, raw)


def _addend(
    member: str, emotion: str | None, asked: np.ndarray, share: np.ndarray, raw: np.ndarray
) -> ContributionMaps:
    weighed = (share[:, None, None] * raw).astype(np.float32)
    return ContributionMaps(member, emotion, asked, share, weighed)


def member_weights(
    variant: ModelSpec,
    fitted: Mapping[str, Any],
    answers: Sequence[np.ndarray],
    emotion: np.ndarray,
    against: np.ndarray,
) -> list[MemberWeights]:
    """The weights of a combination's members, as this module's text says.

    `answers` (N, 7) each are the members' (`predictors.member_answers`); `emotion` (N, 7) holds a 1
    in A's column, and `against` one in B's, or only zeros where nobody asked for a B. Raises
    `ValueError` for a variant that combines nothing.
    """
    if variant.combine is None:
        raise ValueError(f"{variant.name} combines nothing")
    return WEIGHT_RULES[variant.combine](fitted, emotion, against, *answers)


def _vector_scaling(
    fitted: Mapping[str, Any], emotion: np.ndarray, against: np.ndarray, scores: np.ndarray
) -> list[MemberWeights]:
    z = log_odds(scores) * fitted["slope"] + fitted["offset"]
    yes_no = _dq_dz(z, emotion, against) * fitted["slope"]
    return [MemberWeights(np.abs(yes_no), np.sign(yes_no))]


def _weighted_mean(
    fitted: Mapping[str, Any],
    emotion: np.ndarray,
    against: np.ndarray,
    scores: np.ndarray,
    probabilities: np.ndarray,
) -> list[MemberWeights]:
    [single] = _vector_scaling(fitted, emotion, against, scores)
    w, asked = fitted["multiclass_share"], emotion + against
    s = ensembles.vector_scaling(fitted, scores)
    rest = (1 - w) * (s * asked).sum(axis=1) / single.weights.sum(axis=1)
    of_network = w * (probabilities * asked).sum(axis=1, keepdims=True)
    return [
        single._replace(weights=single.weights * rest[:, None]),
        MemberWeights(of_network, emotion - against),
    ]


def _logistic_regression(
    fitted: Mapping[str, Any],
    emotion: np.ndarray,
    against: np.ndarray,
    scores: np.ndarray,
    probabilities: np.ndarray,
) -> list[MemberWeights]:
    weights = np.asarray(fitted["coefficients"])  # (7, 14)
    z = ensembles.stacking_features(scores, probabilities) @ weights.T + fitted["intercept"]
    g = _dq_dz(z, emotion, against) @ weights
    h = g[:, K:] - probabilities * g[:, K:].sum(axis=1, keepdims=True)
    half = np.abs(h).sum(axis=1, keepdims=True) / 2
    return [
        MemberWeights(np.abs(g[:, :K]), np.sign(g[:, :K])),
        MemberWeights(half, h / half),
    ]


def _mean(
    fitted: Mapping[str, Any], emotion: np.ndarray, against: np.ndarray, *answers: np.ndarray
) -> list[MemberWeights]:
    asked = emotion + against
    return [MemberWeights(normalize_scores(each) * asked, emotion - against) for each in answers]


#: By the rule that a combination's record in the registry names.
WEIGHT_RULES: Mapping[EnsembleRule, Callable[..., list[MemberWeights]]] = {
    "vector_scaling": _vector_scaling,
    "weighted_mean": _weighted_mean,
    "logistic_regression": _logistic_regression,
    "mean": _mean,
}


def _dq_dz(z: np.ndarray, emotion: np.ndarray, against: np.ndarray) -> np.ndarray:
    """(N, 7). 1 - p_A is taken as the rivals' sum, which does not vanish by rounding."""
    rivals = softmax(z) * (1 - emotion)
    alone = emotion * rivals.sum(axis=1, keepdims=True) - rivals
    slopes: np.ndarray = np.where(against.any(axis=1, keepdims=True), emotion - against, alone)
    return slopes
