"""One network's raw maps, whatever framework it lives in."""

import cv2
import numpy as np

from fer_core.explain.networks import held
from fer_core.registry import get

BATCH = 16  # chips at once; bounds the memory of a large batch


def raw_maps(
    network: str,
    chips: np.ndarray,
    coefficients: np.ndarray,
    method: str,
    depth: int,
    *,
    member: str | None = None,
) -> np.ndarray:
    """(N, 48, 48) float32 ≥ 0: where each chip speaks for `coefficients` · logits.

    `network` is a variant with a network of its own, `member` the emotion of the yes/no model of
    `individual`. `coefficients` are (N, outputs). Enlarged bilinearly from the layer's grid, not
    scaled. Raises what `held` does.
    """
    grids = []
    with held(network) as model:
        for i in range(0, len(chips), BATCH):
            batch = chips[i : i + BATCH], coefficients[i : i + BATCH]
            if get(network).framework == "keras":
                from fer_core.explain import keras_maps

                grids.append(keras_maps.raw_grids(model, *batch, method, depth))
            else:
                from fer_core.explain import torch_maps

                grids.append(torch_maps.raw_grids(model, member, *batch, method, depth))
    side = chips.shape[1:]
    return np.array([cv2.resize(g, side, interpolation=cv2.INTER_LINEAR) for b in grids for g in b])
