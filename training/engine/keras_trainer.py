"""The Keras training loop, on whichever backend Keras runs (TensorFlow; torch works too)."""

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
    """The study's Sequential under SGD with Nesterov momentum.

    Augmentation is the one of the torch networks. Keras takes the weight decay apart from the
    gradient, so with momentum 0.9 ten times torch's number decays alike.
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
            raise ValueError("the Keras loop knows SGD, no averaged weights and no yes/no loss")
        super().__init__(preprocessing, recipe, data, run_dir, torch.device("cpu"))
        self.network = network
        optimizer = keras.optimizers.SGD(
            recipe.learning_rate, momentum=0.9, nesterov=True, weight_decay=recipe.weight_decay
        )
        plain = [v for v in network.trainable_variables if len(v.shape) <= 1]
        optimizer.exclude_from_weight_decay(var_list=plain)  # biases and normalisation
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
        self.network.reset_metrics()  # or Keras gives the mean over all steps so far
        return float(self.network.train_on_batch(pixels, targets.numpy()))

    def public_logits(self) -> Tensor:
        found = self.network.predict(_pixels(self.public_test), batch_size=256, verbose=0)
        return torch.from_numpy(found.copy())

    def evaluated_state(self) -> dict[str, Any]:
        return keras_tensors(self.network)

    def save(self) -> None:
        # Dropout's random state is among the network's variables.
        variables = [*self.network.variables, *self.network.optimizer.variables]
        content = {
            "variables": [torch.from_numpy(np.array(v.numpy())) for v in variables],
            "progress": vars(self.progress) | {"best_state": _to_torch(self.progress.best_state)},
        }
        self.write_checkpoint(content)

    def resume(self) -> None:
        if not self.checkpoint_path.is_file():
            return
        saved = torch.load(self.checkpoint_path, weights_only=True)
        variables = [*self.network.variables, *self.network.optimizer.variables]
        for variable, value in zip(variables, saved["variables"], strict=True):
            variable.assign(value.numpy())
        self.progress = Progress(**saved["progress"])
        self.progress.best_state = {k: v.numpy() for k, v in self.progress.best_state.items()}


def keras_tensors(network: keras.Sequential) -> dict[str, np.ndarray]:
    """Every weight as `layer/variable` → float32 array, in Keras's layout."""
    return {
        f"{layer.name}/{variable.name}": np.array(keras.ops.convert_to_numpy(variable), np.float32)
        for layer in network.layers
        for variable in layer.weights
    }


def fit_keras_temperature(
    tensors: Mapping[str, np.ndarray], public_test: FerData
) -> tuple[dict[str, np.ndarray], float]:
    """`tensors` with the last layer divided by the temperature of least log loss on PublicTest,
    and the temperature (Guo et al. 2017); see `training.engine.calibration`."""
    logits = network_from(tensors).predict(_pixels(public_test), batch_size=256, verbose=0)
    found = fit_temperature(public_test.labels, softmax(logits))
    last = ("logits/kernel", "logits/bias")
    return {key: t / np.float32(found) if key in last else t for key, t in tensors.items()}, found


def _pixels(images: FerData) -> np.ndarray:
    """(N, 48, 48, 1) float32 in [0, 1]."""
    return images.chips[..., None].astype(np.float32) / 255


def _to_torch(arrays: dict[str, np.ndarray]) -> dict[str, Tensor]:
    return {key: torch.from_numpy(value) for key, value in arrays.items()}
