"""Knowledge distillation (Hinton et al. 2015): a teacher's predictions as part of the targets.

Teacher and student get the same augmented and mixed images, which works better than one fixed
teacher prediction per image (Beyer et al. 2022).
"""

import torch
from torch import Tensor

from fer_core.models.networks.torch_loading import load_network, preprocess
from fer_core.registry import get_model_spec
from training.engine.cpu_speed import autocast


class Teacher:
    """A committed torch network with seven outputs.

    Raises:
        NotTrainedError: The model has no weights.
        WeightsError: The weights file is damaged.
        ValueError: The model is an ensemble or has yes/no outputs.
    """

    def __init__(self, model_name: str, device: torch.device) -> None:
        if get_model_spec(model_name).yes_no:
            raise ValueError(f"{model_name} has yes/no outputs: it cannot teach a seven-way model")
        chip_network = load_network(model_name).to(device).to(memory_format=torch.channels_last)
        self._network = chip_network.network
        self._preprocessing = chip_network.preprocessing
        self._device = device

    @property
    def size(self) -> int:
        """Input size in px."""
        return self._preprocessing.size

    @torch.no_grad()
    def __call__(self, images: Tensor) -> Tensor:
        """Grey `images` (N, 1, H, W) float in [0, 1] → probabilities (N, 7) float32."""
        images = preprocess(images, self._preprocessing)
        with autocast(self._device.type):
            probabilities: Tensor = self._network(images).float().softmax(1)
            return probabilities
