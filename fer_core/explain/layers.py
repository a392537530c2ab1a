"""Which layer of a network a depth means. Depth 1 is early (fine grid), 4 is late (coarse grid)."""

from typing import Any, Final

DEPTHS: Final = (1, 2, 3, 4)


def torch_layer(network: Any, depth: int) -> Any:
    """The layer of a torch network whose output is looked at, (N, channels, h, w).

    From-scratch CNNs: the last ReLU of block `depth`, before pooling halves the grid. ResNet: stage
    `depth`. EfficientNet: of its seven stages the last one with each size of grid.
    """
    from torch import nn

    if not hasattr(network, "backbone"):
        return [layer for layer in network.blocks[depth - 1] if isinstance(layer, nn.ReLU)][-1]
    if hasattr(network.backbone, "layer4"):
        return getattr(network.backbone, f"layer{depth}")
    return network.backbone.blocks[(1, 2, 4, 6)[depth - 1]]


def keras_layer(model: Any, depth: int) -> int:
    """Index of the activation that ends convolution block `depth` of the Keras model."""
    from keras import layers

    found = [i for i, layer in enumerate(model.layers) if isinstance(layer, layers.Activation)]
    return found[depth - 1]
