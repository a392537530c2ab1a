"""The study's Keras CNN, trained from scratch: the layers of its slide "Model from scratch"."""

from collections.abc import Mapping

import keras
import numpy as np
from keras import layers
from safetensors.numpy import load_file

from fer_core.artifacts import weights_file
from fer_core.emotions import EMOTIONS
from fer_core.registry import get_model_spec

#: (filters, kernel size) of the four blocks, as in the study.
BLOCKS = ((64, 3), (128, 5), (512, 3), (512, 3))
#: Units of the two fully connected layers.
DENSE = (256, 512)
#: Momentum of the running statistics. Keras's default of 0.99 averages over 100 batches and lags
#: behind the weights of a short run. Predictions are not affected.
NORM_MOMENTUM = 0.9


def build() -> keras.Sequential:
    """Build the untrained network: input (N, 48, 48, 1) in [0, 1], output (N, 7) logits."""
    model = keras.Sequential([keras.Input((48, 48, 1))], name="keras_cnn")
    for number, (filters, kernel) in enumerate(BLOCKS, 1):
        model.add(layers.Conv2D(filters, kernel, padding="same", name=f"conv{number}"))
        model.add(_norm(f"conv{number}_norm"))
        model.add(layers.Activation("relu"))
        model.add(layers.MaxPooling2D(2))
        model.add(layers.Dropout(0.25))
    model.add(layers.Flatten())
    for number, units in enumerate(DENSE, 1):
        model.add(layers.Dense(units, name=f"dense{number}"))
        model.add(_norm(f"dense{number}_norm"))
        model.add(layers.Activation("relu"))
        model.add(layers.Dropout(0.25))
    model.add(layers.Dense(len(EMOTIONS), dtype="float32", name="logits"))
    return model


def _norm(name: str) -> layers.BatchNormalization:
    return layers.BatchNormalization(momentum=NORM_MOMENTUM, name=name)


def load_network(name: str) -> keras.Sequential:
    """Load the network of a model with its committed weights, float32; input as in `build`.

    Raises `NotTrainedError` where weights are missing and `WeightsError` where they are damaged.
    """
    return network_from(load_file(weights_file.verify(weights_file.path(get_model_spec(name)))))


def network_from(tensors: Mapping[str, np.ndarray]) -> keras.Sequential:
    """Build the network with the given weights, named `layer/variable` in Keras's layout."""
    model = build()
    for layer in model.layers:
        if layer.weights:
            layer.set_weights([tensors[f"{layer.name}/{w.name}"] for w in layer.weights])
    return model
