"""Raw maps of the Keras network, with TensorFlow's GradientTape."""

import keras
import numpy as np
import tensorflow as tf

from fer_core.explain.layers import keras_layer
from fer_core.explain.methods import Method


def raw_grids(
    model: keras.Sequential, chips: np.ndarray, coefficients: np.ndarray, method: Method, depth: int
) -> np.ndarray:
    """Compute raw maps (N, h, w) float32 ≥ 0 in logits, by Grad-CAM or LayerCAM.

    The arguments are those of `torch_maps.raw_grids`.
    """
    layer_index = keras_layer(model, depth)
    values = tf.constant(chips[..., None], tf.float32) / 255
    for layer in model.layers[: layer_index + 1]:
        values = layer(values, training=False)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(values)
        logits = values
        for layer in model.layers[layer_index + 1 :]:
            logits = layer(logits, training=False)
        target = tf.reduce_sum(logits * tf.constant(coefficients, tf.float32))
    gradients = tape.gradient(target, values)
    if method.name == "grad_cam":
        weights = tf.reduce_mean(gradients, axis=(1, 2), keepdims=True)
    else:
        weights = tf.nn.relu(gradients)
    cells = values.shape[1] * values.shape[2]
    grids: np.ndarray = tf.nn.relu(cells * tf.reduce_sum(weights * values, axis=3)).numpy()
    return grids
