"""Raw maps of the torch networks: the classes of the package `grad-cam`, without its stretching.

The package scales every map to run from 0 to 1, which makes an empty map look certain. Its weights
and its ReLU are kept, its `scale_cam_image` is not.
"""

from importlib import import_module
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import numpy as np
import pytorch_grad_cam as package
import torch
from pytorch_grad_cam import score_cam
from torch import Tensor, nn

from fer_core.explain.layers import torch_layer
from fer_core.explain.methods import Method
from fer_core.models.networks.torch_loading import ChipNetwork, preprocess


class UnscaledCam:
    """Mixed into one of the package's methods: `cam(images, targets)` gives (N, h, w) float32 ≥ 0
    on the layer's own grid, in the method's own scale."""

    activations_and_grads: Any  # the package's hooks
    target_layers: list[nn.Module]
    get_cam_image: Any

    def compute_cam_per_layer(
        self, images: Tensor, targets: list[Any], eigen_smooth: bool
    ) -> np.ndarray:
        seen = self.activations_and_grads
        gradients = seen.gradients[0].numpy() if seen.gradients else None
        activations = seen.activations[0].numpy()
        layer = self.target_layers[0]
        found = self.get_cam_image(images, layer, targets, activations, gradients, eigen_smooth)
        risen: np.ndarray = np.maximum(found, 0)
        return risen

    def aggregate_multi_layers(self, grids: np.ndarray) -> np.ndarray:
        return grids  # there is one layer


class WholeFaceCam(UnscaledCam):
    """For maps that add up to logits over the grid: times the number of places, so that the unit is
    logits for a whole face like that place, whatever the grid."""

    def aggregate_multi_layers(self, grids: np.ndarray) -> np.ndarray:
        scaled: np.ndarray = grids * grids[0].size
        return scaled


class GradCam(WholeFaceCam, package.GradCAM):
    pass


class GradCamPlusPlus(UnscaledCam, package.GradCAMPlusPlus):
    pass  # sums over the grid by itself


class LayerCam(WholeFaceCam, package.LayerCAM):
    pass


class EigenCam(UnscaledCam, package.EigenCAM):
    """The package leaves the sign of the first principal component to chance and computes a full
    decomposition, which takes seconds on a fine grid. Here it is positive where the layer is more
    active than on average."""

    def get_cam_image(
        self, images: Tensor, layer: nn.Module, targets: Any, activations: np.ndarray, *_: Any
    ) -> np.ndarray:
        n, channels, *grid = activations.shape
        places = activations.reshape(n, channels, -1).swapaxes(1, 2)
        centred = places - places.mean(axis=1, keepdims=True)
        first = np.linalg.svd(centred, full_matrices=False)[2][:, 0]  # (N, channels)
        found = (centred @ first[:, :, None])[..., 0]
        sign = np.sign((found * centred.sum(axis=2)).sum(axis=1, keepdims=True))
        grids: np.ndarray = (found * sign).reshape(n, *grid)
        return grids


class ScoreCam(UnscaledCam, package.ScoreCAM):
    """A network whose logit hardly changes between the masks (by less than SAME) gets no weights:
    their softmax would be the same for all channels and draw the bare activations."""

    SAME = 0.1  # logits

    def get_cam_weights(self, *arguments: Any) -> np.ndarray:
        # The package draws a progress bar for every face, which nobody sees but a server's log.
        with patch.object(score_cam, "tqdm", SimpleNamespace(tqdm=lambda steps: steps)):
            weights: np.ndarray = super().get_cam_weights(*arguments)
        with np.errstate(divide="ignore"):
            spread = np.log(weights.max(axis=1)) - np.log(weights.min(axis=1))
        varied: np.ndarray = weights * (spread >= self.SAME)[:, None]
        return varied


class LogitCombination:
    """The package's "target": a weighted sum of one face's logits."""

    def __init__(self, coefficients: np.ndarray) -> None:
        self.coefficients = torch.from_numpy(coefficients.astype(np.float32))

    def __call__(self, logits: Tensor) -> Tensor:
        return (logits * self.coefficients).sum()


def raw_grids(
    network: ChipNetwork,
    submodel: str | None,
    chips: np.ndarray,
    coefficients: np.ndarray,
    method: Method,
    depth: int,
) -> np.ndarray:
    """(N, h, w) float32 ≥ 0: where `chips` (N, 48, 48) uint8 speak for `coefficients` · logits.

    `coefficients` are (N, outputs): of the network, or of the yes/no model `member` in it. Whoever
    calls holds the network's lock: while this runs, its layer carries hooks.
    """
    model: Any = network.network if submodel is None else network.network.models[submodel]  # type: ignore
    layer = torch_layer(model, depth)
    images = preprocess(torch.from_numpy(chips)[:, None].float() / 255, network.preprocessing)
    # The layer's output starts the record for the gradient; the layers before it leave none.
    start = layer.register_forward_hook(_start) if method.gradients else None
    try:
        with torch.set_grad_enabled(start is not None), _cam(method)(model, [layer]) as cam:
            found: np.ndarray = cam(images, [LogitCombination(row) for row in coefficients])
            return found
    finally:
        if start is not None:
            start.remove()


def _cam(method: Method) -> Any:
    module, _, name = method.cam_class.partition(":")
    return getattr(import_module(module), name)


def _start(layer: nn.Module, inputs: Any, output: Tensor) -> Tensor:
    return output.detach().requires_grad_()
