"""What a heat map is asked: why this emotion (rather than that one), of which layer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fer_core.emotions import EMOTIONS
from fer_core.explain.layers import DEPTHS
from fer_core.explain.methods import Method, default_depth, get_method
from fer_core.models.predictors import load


@dataclass(frozen=True, eq=False)
class ExplanationRequest:
    """Why does `variant` see `emotions[i]` in `chips[i]`, rather than `against` where one is named?

    `chips` (N, 48, 48) uint8; `emotions` a name a chip.
    """

    model_name: str
    chips: np.ndarray
    emotions: tuple[str, ...]
    contrast: str | None
    method: Method
    depth: int

    @property
    def one_hot(self) -> np.ndarray:
        """(N, 7): 1 in the column of the emotion."""
        return np.eye(len(EMOTIONS))[[EMOTIONS.index(name) for name in self.emotions]]

    @property
    def contrast_one_hot(self) -> np.ndarray:
        """(N, 7): 1 in the column of `against`; only zeros where none is named."""
        one = [name == self.contrast for name in EMOTIONS]
        return np.tile(np.array(one, float), (len(self.chips), 1))


def resolve_request(
    variant: str,
    chips: np.ndarray,
    emotion: str | Sequence[str] | None,
    method: str,
    against: str | None,
    depth: int | None,
) -> ExplanationRequest:
    """The question, checked, with what was left open filled in; see `explain` for the arguments and
    what is raised."""
    record = get_method(method, variant)
    if chips.ndim != 3 or chips.shape[1:] != (48, 48) or chips.dtype != np.uint8:
        raise ValueError(f"chips must be (N, 48, 48) uint8, not {chips.shape} {chips.dtype}")
    if depth is None:
        depth = default_depth(variant, method)
    elif depth not in DEPTHS:
        raise ValueError(f"depth must be 1 (early) to 4 (late), not {depth}")
    names = _names(variant, chips, emotion)
    for name in {*names, against} - {None}:
        if name not in EMOTIONS:
            raise ValueError(f"unknown emotion {name!r}; choose of {', '.join(EMOTIONS)}")
    if against is not None and not record.class_discriminative:
        raise ValueError(f"{record.title} is the same for every emotion: it cannot compare two")
    if against in names:
        raise ValueError(f"{against} cannot be compared with itself")
    return ExplanationRequest(variant, chips, names, against, record, depth)


def _names(variant: str, chips: np.ndarray, emotion: str | Sequence[str] | None) -> tuple[str, ...]:
    if emotion is None:
        answers = load(variant).predict_proba(chips)
        return tuple(EMOTIONS[i] for i in answers.argmax(axis=1))
    if isinstance(emotion, str):
        return (emotion,) * len(chips)
    if len(emotion) != len(chips):
        raise ValueError(f"{len(emotion)} emotions were named for {len(chips)} chips")
    return tuple(emotion)
