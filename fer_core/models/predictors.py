"""The predictors of our models, and `load`, which returns the one of a model."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from fer_core.artifacts import weights_file
from fer_core.artifacts.store import artifacts
from fer_core.models.base import Predictor
from fer_core.models.cache import MODEL_CACHE, memory_bytes
from fer_core.models.ensembles import combine
from fer_core.models.onnx_network import OnnxNetwork
from fer_core.models.precision import Precision, PrecisionChoice, resolve
from fer_core.probability import normalize_scores, sigmoid, softmax
from fer_core.registry import ModelSpec, PredictorKind, get_model_spec


class NetworkPredictor(Predictor):
    """A multi-class network: the softmax of its logits."""

    def __init__(self, model: ModelSpec, precision: Precision) -> None:
        self.model, self.precision = model, precision
        self._network = OnnxNetwork(model, precision)

    def predict_proba(self, chips: np.ndarray) -> np.ndarray:
        return softmax(self.decision_function(chips))

    def decision_function(self, chips: np.ndarray) -> np.ndarray:
        return self._network.logits(chips)

    def features(self, chips: np.ndarray) -> np.ndarray:
        return network_features(self.model, self.precision, chips)


class YesNoPredictor(NetworkPredictor):
    """Seven yes/no models; the only predictor with `scores`."""

    def scores(self, chips: np.ndarray) -> np.ndarray:
        """Predict seven independent "yes" probabilities (N, 7) float32 of chips (N, 48, 48)."""
        return sigmoid(self.decision_function(chips))

    def predict_proba(self, chips: np.ndarray) -> np.ndarray:
        """Predict the scores divided by their sum, (N, 7) float32."""
        return normalize_scores(self.scores(chips))


class EnsemblePredictor(Predictor):
    """An ensemble or the stacking model: a rule over its members' predictions."""

    def __init__(self, model: ModelSpec, precision: Precision) -> None:
        self.model, self.precision = model, precision
        self._parameters = weights_file.load_fitted(model)

    def predict_proba(self, chips: np.ndarray) -> np.ndarray:
        """Combine the members' predictions; members are loaded anew if the cache dropped them."""
        return self.combine(member_predictions(self.model, chips, self.precision))

    def decision_function(self, chips: np.ndarray) -> np.ndarray:
        smallest = np.finfo(np.float32).tiny  # the logarithm of 0 is not finite
        logarithms: np.ndarray = np.log(np.maximum(self.predict_proba(chips), smallest))
        return logarithms

    def features(self, chips: np.ndarray) -> np.ndarray:
        return np.hstack(
            [load(member, self.precision).features(chips) for member in self.model.members]
        )

    def combine(self, predictions: Sequence[np.ndarray]) -> np.ndarray:
        """Combine predictions that the members have made already.

        Args:
            predictions: As `member_predictions` returns them.

        Returns:
            Probabilities (N, 7) float32.
        """
        return combine(self.model, self._parameters, predictions)


def _own_predictor(model: ModelSpec, _: Precision) -> Predictor:
    from fer_core.models.own_onnx import load_registered  # onnx takes a quarter of a second

    return load_registered(model)


PREDICTOR_CLASSES: Mapping[PredictorKind, Callable[[ModelSpec, Precision], Predictor]] = {
    "network": NetworkPredictor,
    "yes_no": YesNoPredictor,
    "combination": EnsemblePredictor,
    "own": _own_predictor,
}


def load(name: str, precision: PrecisionChoice = "fp32") -> Predictor:
    """Load a model, or take it from the cache; all threads share it.

    Args:
        name: the model's name in the registry.
        precision: `fp32`, as in the committed results, `int8` where the model has it, or `auto`:
            int8 where that is faster and hardly less accurate.

    Returns:
        A thread-safe predictor; its `precision` says what it uses.

    Raises:
        UnknownModelError: the registry has no model of that name.
        ValueError: `precision` is none of these.
        NotTrainedError: weights are missing.
        WeightsError: a file is damaged.

    Examples:
        >>> predictor = load("multiclass")
        >>> predictor.predict_proba(np.zeros((2, 48, 48), np.uint8)).shape
        (2, 7)
    """
    model = get_model_spec(name)
    predictor = load_without_members(name, precision)
    for member in model.members:  # report a missing one here, not in the middle of a batch
        load_without_members(member, predictor.precision)
    return predictor


def load_without_members(name: str, precision: PrecisionChoice = "fp32") -> Predictor:
    """As `load`, but an ensemble's members are not loaded: their answers may be known."""
    model = get_model_spec(name)
    resolved = resolve(model, precision)
    key = ("predict", name, resolved, artifacts().weights)
    predictor: Predictor = MODEL_CACHE.get(
        key, lambda: PREDICTOR_CLASSES[model.predictor](model, resolved), memory_bytes(model)
    )
    return predictor


def network_features(model: ModelSpec, precision: Precision, chips: np.ndarray) -> np.ndarray:
    """The inputs of a network's last linear layer, (N, D) float32; see `OnnxFeatures`."""
    from fer_core.models.onnx_features import OnnxFeatures  # onnx takes a quarter of a second

    key = ("features", model.name, precision, artifacts().weights)
    network: OnnxFeatures = MODEL_CACHE.get(
        key, lambda: OnnxFeatures(model, precision), memory_bytes(model)
    )
    return network.features(chips)


def load_yes_no(name: str, precision: PrecisionChoice = "fp32") -> YesNoPredictor:
    """Load yes/no models; raises `ValueError` for other kinds."""
    predictor = load(name, precision)
    if not isinstance(predictor, YesNoPredictor):
        raise ValueError(f"{name} has no yes/no scores")
    return predictor


def member_predictions(
    model: ModelSpec, chips: np.ndarray, precision: Precision = "fp32"
) -> list[np.ndarray]:
    """Predict with every member of an ensemble.

    Args:
        model: the ensemble.
        chips: (N, 48, 48) uint8.
        precision: in which the members compute.

    Returns:
        One (N, 7) array per member: the scores of a yes/no member, the probabilities of any other.
    """
    return [
        load_yes_no(member, precision).scores(chips)
        if get_model_spec(member).yes_no
        else load(member, precision).predict_proba(chips)
        for member in model.members
    ]
