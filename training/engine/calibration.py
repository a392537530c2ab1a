"""What training fits on PublicTest at its end and folds into a network's last layer."""

from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from fer_core.emotions import EMOTIONS
from fer_core.evaluation.calibration import fit_temperature
from fer_core.models.networks.scratch_cnn import YesNoModels
from fer_core.models.networks.torch_loading import ChipNetwork
from fer_core.probability import softmax
from fer_core.registry import Preprocessing
from training.engine.data import FerData

if TYPE_CHECKING:
    from fer_core.models.networks.face_model import FaceModel  # timm takes seconds to import


def fit_platt_scaling(network: YesNoModels, preprocessing: Preprocessing, public_test: FerData) -> None:
    """So that the ensembles can trust the seven probabilities (Platt 1999)."""
    logits = _logits(network, preprocessing, public_test)
    fits = [
        LogisticRegression(C=np.inf).fit(logits[:, [i]], public_test.labels == i)
        for i in range(len(EMOTIONS))
    ]
    slope = np.array([float(fit.coef_[0, 0]) for fit in fits])
    offset = np.array([float(fit.intercept_[0]) for fit in fits])
    _calibrate(network, slope, offset)


def fit_temperature(network: "FaceModel", preprocessing: Preprocessing, public_test: FerData) -> float:
    """Gives the temperature that the logits are divided by from now on (Guo et al. 2017).

    Networks that learn with half of their logits silenced answer too modestly without it. The
    order of the emotions stays, so accuracy stays.
    """
    temperature = fit_temperature(public_test.labels, softmax(_logits(network, preprocessing, public_test)))
    _calibrate(network, np.full(len(EMOTIONS), 1 / temperature), np.zeros(len(EMOTIONS)))
    return temperature


def fit_vector_scaling(logits: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slope and offset an emotion, (7,) each, of least log loss for softmax(slope · x + offset).

    `logits` (N, 7) float, `labels` (N,) integers into EMOTIONS.
    """
    n, k = logits.shape
    truth = np.eye(k)[labels]
    x = logits.astype(np.float64)

    def loss(numbers: np.ndarray) -> tuple[float, np.ndarray]:
        """Log loss and its gradient at slopes and offsets, (2 k,)."""
        found = softmax(x * numbers[:k] + numbers[k:])
        error = (found - truth) / n
        gradient = np.concatenate([(error * x).sum(axis=0), error.sum(axis=0)])
        return float(-np.log(found[np.arange(n), labels] + 1e-300).mean()), gradient

    start = np.concatenate([np.ones(k), np.zeros(k)])
    best = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return best[:k], best[k:]


def _calibrate(network: "YesNoModels | FaceModel", slope: np.ndarray, offset: np.ndarray) -> None:
    device = next(network.parameters()).device
    network.calibrate(*(torch.from_numpy(x).float().to(device) for x in (slope, offset)))


@torch.no_grad()
def _logits(network: torch.nn.Module, preprocessing: Preprocessing, public_test: FerData) -> np.ndarray:
    answer, device = ChipNetwork(network, preprocessing), next(network.parameters()).device
    chips = torch.from_numpy(public_test.chips).to(device)
    return torch.cat([answer(part) for part in chips.split(256)]).cpu().numpy()
