"""A trained network's answers as part of the targets (knowledge distillation, Hinton et al. 2015).

The teacher is asked about the very crop that the student sees, changed and mixed in the same way,
because that teaches more than one fixed answer a picture (Beyer et al. 2022).
"""

import torch
from torch import Tensor

from fer_core.models.networks.torch_loading import load_network, preprocess
from fer_core.registry import get_model_spec
from training.engine.cpu_speed import autocast


class Teacher:
    """The committed network of variant `name`, a torch network with seven outputs.

    Raises `NotTrainedError` without its weights, `WeightsError` where they are damaged, and
    `ValueError` for yes/no models and for combinations.
    """

    def __init__(self, name: str, device: torch.device) -> None:
        if get_model_spec(name).yes_no:
            raise ValueError(f"{name} answers by yes and no: it cannot teach one of seven")
        chips = load_network(name).to(device).to(memory_format=torch.channels_last)
        self._network, self._preprocessing, self._device = chips.network, chips.preprocessing, device

    @property
    def size(self) -> int:
        """Pixels a side that it wants to be shown."""
        return self._preprocessing.size

    @torch.no_grad()
    def __call__(self, images: Tensor) -> Tensor:
        """Grey `images` (N, 1, H, W) float in [0, 1] → probabilities (N, 7) float32."""
        with autocast(self._device.type):
            probabilities: Tensor = self._network(preprocess(images, self._preprocessing)).float().softmax(1)
            return probabilities
