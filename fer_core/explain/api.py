"""`explain`: a variant, chips and a question → heat maps."""

from collections.abc import Sequence

import numpy as np

from fer_core.explain.ensembles import ContributionMaps, contribution_maps, yes_no_maps
from fer_core.explain.explanation import Explanation, scale_map
from fer_core.explain.networks import raw_maps
from fer_core.explain.request import ExplanationRequest, resolve_request
from fer_core.registry import get_model_spec


def explain(
    model_name: str,
    chips: np.ndarray,
    emotion: str | Sequence[str] | None = None,
    method: str = "grad_cam",
    *,
    contrast: str | None = None,
    depth: int | None = None,
) -> list[Explanation]:
    """Where does `variant` see `emotion` in each of `chips` (N, 48, 48) uint8? An answer a chip.

    `emotion` is one name, a name a chip, or None for the one the variant itself gives each chip.
    With `against` the question is "why `emotion` rather than `against`". `depth` is 1 (early layer,
    fine grid) to 4 (late, coarse), None the most faithful one for this variant and method.

    Explained is the emotion's logit, or the difference of the two logits. For the yes/no models it
    is the logit of the emotion's own yes/no model; "rather than" subtracts the raw map of the other
    emotion's model and keeps what is above 0. For combinations see `fer_core.explain.ensembles`.

    Safe to call from many threads. Raises `ValueError` for a wrong name, shape or pair of variant
    and method, `NotTrainedError` or `WeightsError` where weights are missing or damaged.
    """
    q = resolve_request(model_name, chips, emotion, method, contrast, depth)
    if not len(chips):
        return []
    if get_model_spec(model_name).members:
        found = contribution_maps(q)
        raw = np.sum([each.raw for each in found], axis=0)
        return [_explanation(q, i, raw[i], found) for i in range(len(chips))]
    if get_model_spec(model_name).yes_no:
        raw = yes_no_maps(q)
    else:
        raw = raw_maps(model_name, chips, q.one_hot - q.contrast_one_hot, q.method, q.depth)
    return [_explanation(q, i, raw[i], []) for i in range(len(chips))]


def heat_maps(
    model_name: str,
    chips: np.ndarray,
    emotion: str | Sequence[str] | None = None,
    method: str = "grad_cam",
    *,
    contrast: str | None = None,
    depth: int | None = None,
) -> np.ndarray:
    """Only the maps of `explain`, (N, 48, 48) float32 in [0, 1]; a flat one is all 0."""
    found = explain(model_name, chips, emotion, method, contrast=contrast, depth=depth)
    return np.array([e.map for e in found], np.float32).reshape(-1, 48, 48)


def _explanation(q: ExplanationRequest, i: int, raw: np.ndarray, found: Sequence[ContributionMaps]) -> Explanation:
    """Face `i` of the question, from its raw map (48, 48) and what each part added to it."""
    heat, strength, flat = scale_map(raw, q.method)
    parts = [each.part(i, strength, flat) for each in found if each.shares[i] > 0]
    return Explanation(
        map=heat,
        peak=strength,
        flat=flat,
        emotion=q.emotions[i],
        contrast=q.contrast,
        method=q.method.name,
        model_name=q.model_name,
        depth=q.depth,
        contributions=tuple(sorted(parts, key=lambda part: -part.share)),
    )
