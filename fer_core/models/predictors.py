"""The one protocol of all variants, and `load`, which gives a variant ready to predict."""

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np

from fer_core.artifacts import weights_file
from fer_core.artifacts.store import artifacts
from fer_core.models.cache import MODEL_CACHE, memory_bytes
from fer_core.models.ensembles import combine
from fer_core.models.onnx_network import OnnxNetwork
from fer_core.probability import normalize_scores, sigmoid, softmax
from fer_core.registry import ModelSpec, PredictorKind, get_model_spec


class Predictor(Protocol):
    """What every variant offers."""

    model: ModelSpec

    def predict_proba(self, chips: np.ndarray) -> np.ndarray:
        """(N, 48, 48) uint8 → (N, 7) float32, rows sum to 1, columns as in EMOTIONS."""
        ...


class NetworkPredictor:
    """A multi-class network: softmax of its logits."""

    def __init__(self, variant: ModelSpec) -> None:
        self.model = variant
        self._network = OnnxNetwork(variant)

    def predict_proba(self, chips: np.ndarray) -> np.ndarray:
        return softmax(self._network.logits(chips))


class YesNoPredictor:
    """Seven yes/no models: the only kind that also offers `scores`."""

    def __init__(self, variant: ModelSpec) -> None:
        self.model = variant
        self._network = OnnxNetwork(variant)

    def scores(self, chips: np.ndarray) -> np.ndarray:
        """(N, 48, 48) uint8 → (N, 7) float32: seven independent probabilities of "yes"."""
        return sigmoid(self._network.logits(chips))

    def predict_proba(self, chips: np.ndarray) -> np.ndarray:
        """The scores divided by their sum."""
        return normalize_scores(self.scores(chips))


class EnsemblePredictor:
    """An ensemble or the stacking model: arithmetic over the answers of its members."""

    def __init__(self, variant: ModelSpec) -> None:
        self.model = variant
        self._fitted = weights_file.load_fitted(variant)

    def predict_proba(self, chips: np.ndarray) -> np.ndarray:
        """What the members say, combined. They are not held: the cache may release them."""
        return combine(self.model, self._fitted, member_predictions(self.model, chips))


PREDICTOR_CLASSES: Mapping[PredictorKind, Callable[[ModelSpec], Predictor]] = {
    "network": NetworkPredictor,
    "yes_no": YesNoPredictor,
    "combination": EnsemblePredictor,
}


def load(name: str) -> Predictor:
    """The variant of that name, shared by all threads; loaded unless `MODELS` holds it.

    Raises `UnknownModelError` for an unknown name, `NotTrainedError` where weights are missing and
    `WeightsError` where a file is damaged.
    """
    variant = get_model_spec(name)
    key = ("predict", name, artifacts().weights)
    predictor: Predictor = MODEL_CACHE.get(
        key, lambda: PREDICTOR_CLASSES[variant.predictor](variant), memory_bytes(variant)
    )
    for member in variant.members:  # a missing one is reported here, not in the middle of a batch
        load(member)
    return predictor


def load_yes_no(name: str) -> YesNoPredictor:
    """As `load`, typed, for a variant with `yes_no`; `ValueError` for another."""
    predictor = load(name)
    if not isinstance(predictor, YesNoPredictor):
        raise ValueError(f"{name} has no yes/no scores")
    return predictor


def member_predictions(variant: ModelSpec, chips: np.ndarray) -> list[np.ndarray]:
    """What the members of a combination say of (N, 48, 48) uint8 chips, (N, 7) each: the scores of
    a yes/no member, the probabilities of any other."""
    return [
        load_yes_no(member).scores(chips)
        if get_model_spec(member).yes_no
        else load(member).predict_proba(chips)
        for member in variant.members
    ]
