"""The one protocol of all variants, and `load`, which gives a variant ready to predict."""

import json
from collections.abc import Callable
from typing import Protocol, cast

import numpy as np

from fer_core.artifacts import weights_file
from fer_core.artifacts.store import artifacts
from fer_core.models.cache import MODELS, size_of
from fer_core.models.ensembles import combine
from fer_core.models.onnx_network import Engine
from fer_core.probability import shares, sigmoid, softmax
from fer_core.registry import ModelSpec, get


class Predictor(Protocol):
    """What every variant offers."""

    variant: ModelSpec

    def predict_proba(self, chips: np.ndarray) -> np.ndarray:
        """(N, 48, 48) uint8 → (N, 7) float32, rows sum to 1, columns as in EMOTIONS."""
        ...


class NetworkPredictor:
    """A multi-class network: softmax of its logits."""

    def __init__(self, variant: ModelSpec) -> None:
        self.variant = variant
        self._engine = Engine(variant)

    def predict_proba(self, chips: np.ndarray) -> np.ndarray:
        return softmax(self._engine.logits(chips))


class IndividualPredictor:
    """The seven yes/no models."""

    def __init__(self, variant: ModelSpec) -> None:
        self.variant = variant
        self._engine = Engine(variant)

    def scores(self, chips: np.ndarray) -> np.ndarray:
        """(N, 48, 48) uint8 → (N, 7) float32: seven independent probabilities of "yes"."""
        return sigmoid(self._engine.logits(chips))

    def predict_proba(self, chips: np.ndarray) -> np.ndarray:
        """The scores divided by their sum."""
        return shares(self.scores(chips))


class CompositePredictor:
    """An ensemble or the stacking model: arithmetic over the answers of its parts."""

    def __init__(self, variant: ModelSpec) -> None:
        self.variant = variant
        self._fitted = json.loads(weights_file.checked(weights_file.path(variant)).read_text())[
            "fitted"
        ]

    def predict_proba(self, chips: np.ndarray) -> np.ndarray:
        """What the parts say, combined. The parts are not held: the cache may release them."""
        with_multiclass = "multiclass" in self.variant.members
        probabilities = load("multiclass").predict_proba(chips) if with_multiclass else None
        scores = load_individual().scores(chips)
        return combine(self.variant.name, self._fitted, scores, probabilities)


def load(name: str) -> Predictor:
    """The variant of that name, shared by all threads; loaded unless `MODELS` holds it.

    Raises `ValueError` for an unknown name, `NotTrainedError` where weights are missing and
    `WeightsError` where a file is damaged.
    """
    variant = get(name)
    kind: Callable[[ModelSpec], Predictor] = NetworkPredictor
    if variant.members:
        kind = CompositePredictor
    elif name == "individual":
        kind = IndividualPredictor
    predictor = MODELS.get(
        ("predict", name, artifacts().weights), lambda: kind(variant), size_of(variant)
    )
    if variant.members:  # so that a missing part is reported here, not in the middle of a batch
        for part in variant.members:
            load(part)
    return cast(Predictor, predictor)


def load_individual() -> IndividualPredictor:
    """The seven yes/no models, typed: the only variant that also offers `scores`."""
    return cast(IndividualPredictor, load("individual"))
