"""The layer of a network at each depth: 1 is early (fine grid), 4 is late (coarse grid)."""

from typing import Any, Final

DEPTHS: Final = (1, 2, 3, 4)


def torch_layer(network: Any, depth: int) -> Any:
    """Return the layer of a torch network to explain; its output is (N, channels, h, w).

    From-scratch CNNs: the last ReLU of block `depth`, before pooling halves the grid. ResNet: stage
    `depth`. EfficientNet: the last of its seven stages at each grid size.
    """
    from torch import nn

    if not hasattr(network, "backbone"):
        return [layer for layer in network.blocks[depth - 1] if isinstance(layer, nn.ReLU)][-1]
    if hasattr(network.backbone, "layer4"):
        return getattr(network.backbone, f"layer{depth}")
    return network.backbone.blocks[(1, 2, 4, 6)[depth - 1]]


def keras_layer(model: Any, depth: int) -> int:
    """Return the index of the activation that ends convolution block `depth` of the Keras model."""
    from keras import layers

    activations = [
        i for i, layer in enumerate(model.layers) if isinstance(layer, layers.Activation)
    ]
    return activations[depth - 1]
