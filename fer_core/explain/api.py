"""`explain`: heat maps of a model for chips and an emotion."""

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
    """Show where in each chip a model finds evidence for an emotion. Thread-safe.

    What is explained is the emotion's logit or, with `contrast`, the difference of the two logits.
    For the yes/no models it is the logit of the emotion's own yes/no model; `contrast` subtracts
    the raw map of the other emotion's model and clips at 0. For ensembles see
    `fer_core.explain.ensembles`.

    Args:
        model_name: the model to explain.
        chips: (N, 48, 48) uint8.
        emotion: one name for all chips, one name per chip, or None for the model's own prediction.
        method: a name in METHODS.
        contrast: explain why `emotion` rather than this one.
        depth: 1 (early layer, fine grid) to 4 (late layer, coarse grid); None for the most faithful
            layer of this model and method.

    Returns:
        One explanation per chip.

    Raises:
        TypeError: `chips` is no NumPy array.
        ValueError: a name, shape or type is wrong, or the method does not support the model.
        NotTrainedError: weights are missing.
        WeightsError: weights are damaged.

    Examples:
        >>> chips = np.zeros((1, 48, 48), np.uint8)
        >>> [explanation] = explain("multiclass", chips, "happy", contrast="sad")
        >>> explanation.map.shape
        (48, 48)
    """
    request = resolve_request(model_name, chips, emotion, method, contrast, depth)
    chips = request.chips
    if not len(chips):
        return []
    model = get_model_spec(model_name)
    contributions: list[ContributionMaps] = []
    if model.members:
        contributions = contribution_maps(request)
        raw = np.sum([contribution.raw for contribution in contributions], axis=0)
    elif model.yes_no:
        raw = yes_no_maps(request)
    else:
        coefficients = request.one_hot - request.contrast_one_hot
        raw = raw_maps(model_name, chips, coefficients, request.method, request.depth)
    return [_explanation(request, i, raw[i], contributions) for i in range(len(chips))]


def heat_maps(
    model_name: str,
    chips: np.ndarray,
    emotion: str | Sequence[str] | None = None,
    method: str = "grad_cam",
    *,
    contrast: str | None = None,
    depth: int | None = None,
) -> np.ndarray:
    """Return only the maps of `explain`, which documents the arguments and what is raised.

    Returns:
        (N, 48, 48) float32 in [0, 1]; a flat map is all 0.
    """
    explanations = explain(model_name, chips, emotion, method, contrast=contrast, depth=depth)
    maps = [explanation.map for explanation in explanations]
    return np.array(maps, np.float32).reshape(-1, 48, 48)


def _explanation(
    request: ExplanationRequest,
    index: int,
    raw: np.ndarray,
    contributions: Sequence[ContributionMaps],
) -> Explanation:
    """Build the explanation of one chip from its raw map (48, 48) and the contributions to it."""
    heat, peak, flat = scale_map(raw, request.method)
    of_chip = [
        contribution.of_chip(index, peak, flat)
        for contribution in contributions
        if contribution.shares[index] > 0
    ]
    return Explanation(
        map=heat,
        peak=peak,
        flat=flat,
        emotion=request.emotions[index],
        contrast=request.contrast,
        method=request.method.name,
        model_name=request.model_name,
        depth=request.depth,
        contributions=tuple(sorted(of_chip, key=lambda contribution: -contribution.share)),
    )
