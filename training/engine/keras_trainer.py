"""The Keras training loop, for Keras's TensorFlow or torch backend."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
import torch
from torch import Tensor

from fer_core.evaluation.calibration import fit_temperature
from fer_core.models.networks.keras_cnn import network_from
from fer_core.probability import softmax
from fer_core.registry import Preprocessing
from training.engine.data import FerData
from training.engine.trainer import Progress, Trainer
from training.recipes import Recipe


class KerasTrainer(Trainer):
    """Train the study's Sequential model by SGD with Nesterov momentum.

    The augmentation is that of the torch networks. Keras decouples the weight decay from the
    gradient, so with momentum 0.9 the equivalent of torch's value is ten times as large.
    """

    def __init__(
        self,
        network: keras.Sequential,
        preprocessing: Preprocessing,
        recipe: Recipe,
        data: FerData,
        run_dir: Path,
    ) -> None:
        if recipe.ema or recipe.yes_no or recipe.optimizer != "sgd":
            raise ValueError("the Keras loop supports only SGD, without EMA and yes/no loss")
        super().__init__(preprocessing, recipe, data, run_dir, torch.device("cpu"))
        self.network = network
        optimizer = keras.optimizers.SGD(
            recipe.learning_rate, momentum=0.9, nesterov=True, weight_decay=recipe.weight_decay
        )
        undecayed = [v for v in network.trainable_variables if len(v.shape) <= 1]
        optimizer.exclude_from_weight_decay(var_list=undecayed)  # biases and normalisation
        network.compile(
            optimizer=optimizer,
            loss=keras.losses.CategoricalCrossentropy(
                from_logits=True, label_smoothing=recipe.label_smoothing
            ),
        )
        network.optimizer.build(network.trainable_variables)

    def train_step(self, rate: float) -> float:
        images, targets = self.batch()
        self.network.optimizer.learning_rate = rate
        pixels = images.permute(0, 2, 3, 1).contiguous().numpy()
        self.network.reset_metrics()  # otherwise Keras returns the mean over all steps so far
        return float(self.network.train_on_batch(pixels, targets.numpy()))

    def public_logits(self) -> Tensor:
        logits = self.network.predict(_pixels(self.public_test), batch_size=256, verbose=0)
        return torch.from_numpy(logits.copy())

    def evaluated_state(self) -> dict[str, Any]:
        return keras_tensors(self.network)

    def save(self) -> None:
        # The network's variables include the random state of dropout.
        variables = [*self.network.variables, *self.network.optimizer.variables]
        content = {
            "variables": [torch.from_numpy(np.array(v.numpy())) for v in variables],
            "progress": vars(self.progress) | {"best_state": _to_torch(self.progress.best_state)},
        }
        self.write_checkpoint(content)

    def restore(self, content: dict[str, Any]) -> None:
        variables = [*self.network.variables, *self.network.optimizer.variables]
        for variable, value in zip(variables, content["variables"], strict=True):
            variable.assign(value.numpy())
        self.progress = Progress(**content["progress"])
        self.progress.best_state = {k: v.numpy() for k, v in self.progress.best_state.items()}


def keras_tensors(network: keras.Sequential) -> dict[str, np.ndarray]:
    """Return `layer/variable` → float32 array, in Keras's layout, for every weight."""
    return {
        f"{layer.name}/{variable.name}": np.array(keras.ops.convert_to_numpy(variable), np.float32)
        for layer in network.layers
        for variable in layer.weights
    }


def fit_keras_temperature(
    tensors: Mapping[str, np.ndarray], public_test: FerData
) -> tuple[dict[str, np.ndarray], float]:
    """Divide the last layer by a temperature fitted on PublicTest (Guo et al. 2017).

    Args:
        tensors: Weights as returned by `keras_tensors`.
        public_test: The images of PublicTest.

    Returns:
        The new weights and the temperature, see `training.engine.calibration`.
    """
    logits = network_from(tensors).predict(_pixels(public_test), batch_size=256, verbose=0)
    temperature = fit_temperature(public_test.labels, softmax(logits))
    scaled = dict(tensors)
    for key in ("logits/kernel", "logits/bias"):
        scaled[key] = tensors[key] / np.float32(temperature)
    return scaled, temperature


def _pixels(images: FerData) -> np.ndarray:
    """Return the pixels (N, 48, 48, 1) as float32 in [0, 1]."""
    return images.chips[..., None].astype(np.float32) / 255


def _to_torch(arrays: dict[str, np.ndarray]) -> dict[str, Tensor]:
    return {key: torch.from_numpy(value) for key, value in arrays.items()}
