"""What training fits on PublicTest at its end and folds into a network's last layer."""

from typing import TYPE_CHECKING

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from torch import Tensor

from fer_core.calibration import best_temperature
from fer_core.emotions import EMOTIONS
from fer_core.models.scratch_cnn import YesNoModels
from fer_core.models.torch_models import ChipNetwork
from fer_core.probability import softmax
from fer_core.variants import Preprocessing
from training.data import FerData

if TYPE_CHECKING:
    from fer_core.models.face_model import FaceModel  # timm takes seconds to import


def platt_scaling(network: YesNoModels, how: Preprocessing, public: FerData) -> None:
    """So that the ensembles can trust the seven probabilities (Platt 1999)."""
    logits = _logits(network, how, public).numpy()
    fits = [
        LogisticRegression(C=np.inf).fit(logits[:, [i]], public.labels == i)
        for i in range(len(EMOTIONS))
    ]
    slope = torch.tensor([float(fit.coef_[0, 0]) for fit in fits])
    offset = torch.tensor([float(fit.intercept_[0]) for fit in fits])
    device = next(network.parameters()).device
    network.calibrate(slope.to(device), offset.to(device))


def temperature_scaling(network: "FaceModel", how: Preprocessing, public: FerData) -> float:
    """Gives the temperature that the logits are divided by from now on (Guo et al. 2017).

    Networks that learn with half of their logits silenced answer too modestly without it. The
    order of the emotions stays, so accuracy stays.
    """
    logits = _logits(network, how, public).numpy()
    temperature = best_temperature(public.labels, softmax(logits))
    network.temper(temperature)
    return temperature


@torch.no_grad()
def _logits(network: torch.nn.Module, how: Preprocessing, public: FerData) -> Tensor:
    answer, device = ChipNetwork(network, how), next(network.parameters()).device
    chips = torch.from_numpy(public.chips).to(device)
    return torch.cat([answer(part) for part in chips.split(256)]).cpu()
