"""Raw maps of the torch networks, by the classes of the package `grad-cam` without its scaling.

The package stretches every map to the range from 0 to 1, so even an empty map looks certain. Its
channel weights and its ReLU are used here, its `scale_cam_image` is not.
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
    """Mixin for the package's methods: maps on the layer's own grid, in the method's own scale.

    `cam(images, targets)` returns (N, h, w) float32 ≥ 0.
    """

    activations_and_grads: Any  # the package's hooks
    target_layers: list[nn.Module]
    get_cam_image: Any

    def compute_cam_per_layer(
        self, images: Tensor, targets: list[Any], eigen_smooth: bool
    ) -> np.ndarray:
        recorded = self.activations_and_grads
        gradients = recorded.gradients[0].numpy() if recorded.gradients else None
        activations = recorded.activations[0].numpy()
        layer = self.target_layers[0]
        grids = self.get_cam_image(images, layer, targets, activations, gradients, eigen_smooth)
        positive: np.ndarray = np.maximum(grids, 0)
        return positive

    def aggregate_multi_layers(self, grids: np.ndarray) -> np.ndarray:
        return grids  # of the only layer


class WholeFaceCam(UnscaledCam):
    """Mixin for methods whose maps sum to logits over the grid.

    Multiplied by the number of grid cells, a value is the logits of a whole face like that cell,
    whatever the size of the grid.
    """

    def aggregate_multi_layers(self, grids: np.ndarray) -> np.ndarray:
        scaled: np.ndarray = grids * grids[0].size
        return scaled


class GradCam(WholeFaceCam, package.GradCAM):
    pass


class GradCamPlusPlus(UnscaledCam, package.GradCAMPlusPlus):
    pass  # already sums over the grid


class LayerCam(WholeFaceCam, package.LayerCAM):
    pass


class EigenCam(UnscaledCam, package.EigenCAM):
    """Eigen-CAM with a defined sign: positive where the layer is more active than on average.

    The package leaves the sign of the first principal component undefined and computes a full
    decomposition, which takes seconds on a fine grid.
    """

    def get_cam_image(
        self, images: Tensor, layer: nn.Module, targets: Any, activations: np.ndarray, *_: Any
    ) -> np.ndarray:
        n, channels, *grid = activations.shape
        cells = activations.reshape(n, channels, -1).swapaxes(1, 2)
        centred = cells - cells.mean(axis=1, keepdims=True)
        component = np.linalg.svd(centred, full_matrices=False)[2][:, 0]  # (N, channels)
        projection = (centred @ component[:, :, None])[..., 0]
        sign = np.sign((projection * centred.sum(axis=2)).sum(axis=1, keepdims=True))
        grids: np.ndarray = (projection * sign).reshape(n, *grid)
        return grids


class ScoreCam(UnscaledCam, package.ScoreCAM):
    """Score-CAM without weights where the logit hardly differs between masks.

    Below MIN_SPREAD, the softmax would weight all channels alike and show the bare activations.
    """

    MIN_SPREAD = 0.1  # logits

    def get_cam_weights(self, *arguments: Any) -> np.ndarray:
        # The package prints a progress bar per face, which would only fill a server's log.
        with patch.object(score_cam, "tqdm", SimpleNamespace(tqdm=lambda steps: steps)):
            weights: np.ndarray = super().get_cam_weights(*arguments)
        with np.errstate(divide="ignore"):
            spread = np.log(weights.max(axis=1)) - np.log(weights.min(axis=1))
        masked_weights: np.ndarray = weights * (spread >= self.MIN_SPREAD)[:, None]
        return masked_weights


class LogitCombination:
    """A target for the package: a weighted sum of one face's logits."""

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
    """Compute raw maps of the evidence for `coefficients` · logits, on the layer's grid.

    The caller must hold the network's lock: its layer carries hooks while this runs.

    Args:
        network: the network to explain.
        submodel: the emotion of a yes/no model in it; None for the network itself.
        chips: (N, 48, 48) uint8.
        coefficients: (N, outputs) of the network or the yes/no model.
        method: the method to use.
        depth: 1 (early layer) to 4 (late layer).

    Returns:
        (N, h, w) float32, ≥ 0.
    """
    model: Any = network.network if submodel is None else network.network.models[submodel]  # type: ignore
    layer = torch_layer(model, depth)
    images = preprocess(torch.from_numpy(chips)[:, None].float() / 255, network.preprocessing)
    # Gradients are recorded from the layer's output on, not for the layers before it.
    hook = layer.register_forward_hook(_start_recording) if method.needs_gradients else None
    try:
        with (
            torch.set_grad_enabled(hook is not None),
            _load_cam_class(method)(model, [layer]) as cam,
        ):
            grids: np.ndarray = cam(images, [LogitCombination(row) for row in coefficients])
            return grids
    finally:
        if hook is not None:
            hook.remove()


def _load_cam_class(method: Method) -> Any:
    module, _, name = method.cam_class.partition(":")
    return getattr(import_module(module), name)


def _start_recording(layer: nn.Module, inputs: Any, output: Tensor) -> Tensor:
    return output.detach().requires_grad_()
