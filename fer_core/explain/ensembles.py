"""How the maps of an ensemble or of stacking are made of its parts' maps.

Notation, for one face: x (7,) the yes/no models' log-odds, q (7,) the multi-class probabilities and
l (7,) their logits, z (7,) what the composite's softmax is taken of, p = softmax(z). Asked about
emotion A, the explained quantity is Q = log p_A; "A rather than B" is Q = log p_A - log p_B. Both
depend on z by d = dQ/dz: d = 1_A - p, or d = 1_A - 1_B.

- `ensemble_single`, z = slope · x + offset: every yes/no model k has the weight |dQ/dx_k|, with
  dQ/dx_k = slope_k · d_k. The model of A gets slope_A · (1 - p_A), each rival slope_k · p_k, so
  that A's own model is about half of the map.
- `stacking`, z = W [x, log q] + b: with g = d W, the yes/no model k has the weight |g_k|. The
  multi-class network has h = dQ/dl = g' - q · sum(g'), g' being the last seven of g; since a
  log-odds is the difference of two logits, its weight is half the sum of |h|.
- `ensemble_full`, p = w · q + (1 - w) · s, s being `ensemble_single`: the multi-class network has
  the weight w · q_A, and the yes/no models share (1 - w) · s_A as in `ensemble_single`. (For "A
  rather than B" q_A + q_B and s_A + s_B.) The derivative of log p_A would leave a network that is
  sure of itself no share at all, because a probability near 1 no longer reacts.

A part's share is its weight by the sum of all weights, and the raw map is Σ share · the part's raw
map. The part's own map explains the quantity by which the part acts on Q: of a yes/no model its
log-odds, with the sign of dQ/dx_k (its "no" where its "yes" would count against A); of the
multi-class network l_A (or l_A - l_B) for `ensemble_full`, and h · l by its weight for `stacking`.
For Grad-CAM, linear in the quantity up to its ReLU, this is the chain rule through the composite.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from fer_core.emotions import EMOTIONS
from fer_core.models import ensembles
from fer_core.probability import log_odds, softmax

K = len(EMOTIONS)


@dataclass(frozen=True)
class Decision:
    """What the answers for N faces depend on.

    `shares` (N, 8) ≥ 0, rows sum to 1: the seven yes/no models, then the multi-class network.
    `signs` (N, 7): 1 where a model's "yes" counts for the emotion asked about, -1 where its "no"
    does. `multiclass` (N, 7): the combination of the multi-class network's logits to explain.
    """

    shares: np.ndarray
    signs: np.ndarray
    multiclass: np.ndarray


def decision(
    name: str,
    fitted: Mapping[str, Any],
    scores: np.ndarray,
    probabilities: np.ndarray,
    emotion: np.ndarray,
    against: np.ndarray,
) -> Decision:
    """The shares of composite `name`, as this module's text says.

    `scores`, `probabilities` (N, 7) are the parts' answers (the latter are not looked at for
    `ensemble_single`); `emotion` (N, 7) holds a 1 in A's column, and `against` one in B's, or only
    zeros where nobody asked for a B.
    """
    if name == "stacking":
        return _stacking(fitted, scores, probabilities, emotion, against)
    z = log_odds(scores) * fitted["slope"] + fitted["offset"]
    yes_no = _dq_dz(z, emotion, against) * fitted["slope"]
    multiclass = np.zeros(len(z))
    if name == "ensemble_full":
        w, asked = fitted["multiclass_share"], emotion + against
        multiclass = w * (probabilities * asked).sum(axis=1)
        rest = (1 - w) * (softmax(z) * asked).sum(axis=1)
        yes_no *= (rest / np.abs(yes_no).sum(axis=1))[:, None]
    return _decision(yes_no, multiclass, emotion - against)


def _stacking(
    fitted: Mapping[str, Any],
    scores: np.ndarray,
    probabilities: np.ndarray,
    emotion: np.ndarray,
    against: np.ndarray,
) -> Decision:
    weights = np.asarray(fitted["coefficients"])  # (7, 14)
    z = ensembles.features(scores, probabilities) @ weights.T + fitted["intercept"]
    g = _dq_dz(z, emotion, against) @ weights
    h = g[:, K:] - probabilities * g[:, K:].sum(axis=1, keepdims=True)
    half = np.abs(h).sum(axis=1) / 2
    return _decision(g[:, :K], half, h / half[:, None])


def _decision(yes_no: np.ndarray, multiclass: np.ndarray, combination: np.ndarray) -> Decision:
    weights = np.column_stack([np.abs(yes_no), multiclass])
    return Decision(weights / weights.sum(axis=1, keepdims=True), np.sign(yes_no), combination)


def _dq_dz(z: np.ndarray, emotion: np.ndarray, against: np.ndarray) -> np.ndarray:
    """(N, 7). 1 - p_A is taken as the rivals' sum, which does not vanish by rounding."""
    rivals = softmax(z) * (1 - emotion)
    alone = emotion * rivals.sum(axis=1, keepdims=True) - rivals
    return np.where(against.any(axis=1, keepdims=True), emotion - against, alone)
