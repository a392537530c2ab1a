"""A validated request for heat maps: model, chips, emotions, contrast, method and layer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fer_core.arrays import as_chips
from fer_core.emotions import EMOTIONS
from fer_core.explain.layers import DEPTHS
from fer_core.explain.methods import Method, default_depth, get_method
from fer_core.models.predictors import load


@dataclass(frozen=True, eq=False)
class ExplanationRequest:
    """A request to explain `emotions[i]` in `chips[i]` (rather than `contrast`, if given).

    `chips` is (N, 48, 48) uint8; `emotions` has one name per chip.
    """

    model_name: str
    chips: np.ndarray
    emotions: tuple[str, ...]
    contrast: str | None
    method: Method
    depth: int

    @property
    def one_hot(self) -> np.ndarray:
        """(N, 7), 1 in the column of the emotion."""
        return np.eye(len(EMOTIONS))[[EMOTIONS.index(name) for name in self.emotions]]

    @property
    def contrast_one_hot(self) -> np.ndarray:
        """(N, 7), 1 in the column of `contrast`; all 0 without one."""
        row = [name == self.contrast for name in EMOTIONS]
        return np.tile(np.array(row, float), (len(self.chips), 1))


def resolve_request(
    model_name: str,
    chips: np.ndarray,
    emotion: str | Sequence[str] | None,
    method: str,
    contrast: str | None,
    depth: int | None,
) -> ExplanationRequest:
    """Validate the arguments of `explain`, which documents them, and fill in the defaults."""
    method_record = get_method(method, model_name)
    chips = as_chips(chips)
    if depth is None:
        depth = default_depth(model_name, method)
    elif depth not in DEPTHS:
        raise ValueError(f"depth must be 1 (early) to 4 (late), not {depth}")
    emotions = _resolve_emotions(model_name, chips, emotion)
    for name in {*emotions, contrast} - {None}:
        if name not in EMOTIONS:
            raise ValueError(f"unknown emotion {name!r}; choose one of {', '.join(EMOTIONS)}")
    if contrast is not None and not method_record.class_discriminative:
        raise ValueError(
            f"{method_record.title} gives the same map for every emotion: it cannot contrast two"
        )
    if contrast in emotions:
        raise ValueError(f"{contrast} cannot be contrasted with itself")
    return ExplanationRequest(model_name, chips, emotions, contrast, method_record, depth)


def _resolve_emotions(
    model_name: str, chips: np.ndarray, emotion: str | Sequence[str] | None
) -> tuple[str, ...]:
    """Give each chip its emotion; None means the model's own prediction."""
    if emotion is None:
        probabilities = load(model_name).predict_proba(chips)
        return tuple(EMOTIONS[i] for i in probabilities.argmax(axis=1))
    if isinstance(emotion, str):
        return (emotion,) * len(chips)
    if len(emotion) != len(chips):
        raise ValueError(f"{len(emotion)} emotions for {len(chips)} chips")
    return tuple(emotion)
