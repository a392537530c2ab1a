"""Calibration fitted on PublicTest after training and folded into a network's last layer."""

from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from fer_core.emotions import EMOTIONS
from fer_core.evaluation.calibration import fit_temperature
from fer_core.models.networks.scratch_cnn import ScratchCNN, YesNoModels
from fer_core.models.networks.torch_loading import ChipNetwork
from fer_core.probability import softmax
from fer_core.registry import Preprocessing
from training.engine.data import FerData

if TYPE_CHECKING:
    from fer_core.models.networks.face_model import FaceModel  # timm takes seconds to import

#: Strengths of the logit adjustment that are tried.
TAUS = (0.0, 0.25, 0.5, 0.75, 1.0)


def apply_platt_scaling(
    network: YesNoModels, preprocessing: Preprocessing, public_test: FerData
) -> None:
    """Calibrate the seven yes/no outputs in place (Platt scaling, Platt 1999).

    The ensembles need calibrated probabilities.
    """
    logits = _logits(network, preprocessing, public_test)
    fits = [
        LogisticRegression(C=np.inf).fit(logits[:, [i]], public_test.labels == i)
        for i in range(len(EMOTIONS))
    ]
    slope = np.array([float(fit.coef_[0, 0]) for fit in fits])
    offset = np.array([float(fit.intercept_[0]) for fit in fits])
    _calibrate(network, slope, offset)


def apply_temperature_scaling(
    network: "FaceModel | ScratchCNN",
    preprocessing: Preprocessing,
    public_test: FerData,
    votes: np.ndarray | None = None,
) -> float:
    """Divide the network's logits by a fitted temperature, in place, and return it.

    Networks trained with dropout on their logits are underconfident without it (Guo et al. 2017).
    The order of the emotions, and so the accuracy, does not change.

    Args:
        network: The trained network.
        preprocessing: Its input transform.
        public_test: Images of PublicTest.
        votes: (N, 7) votes for the emotions; each vote counts as a label. By default the label of
            each image counts.
    """
    if votes is None:
        votes = np.eye(len(EMOTIONS), dtype=np.uint8)[public_test.labels]
    rows, labels = (
        np.repeat(index, votes.ravel()) for index in np.indices(votes.shape).reshape(2, -1)
    )
    probabilities = softmax(_logits(network, preprocessing, public_test))
    temperature = fit_temperature(labels, probabilities[rows])
    _calibrate(network, np.full(len(EMOTIONS), 1 / temperature), np.zeros(len(EMOTIONS)))
    return temperature


def apply_logit_adjustment(
    network: "FaceModel | ScratchCNN",
    preprocessing: Preprocessing,
    public_test: FerData,
    training_labels: np.ndarray,
) -> float:
    """Raise the logits of rare emotions by -τ · log(prior), in place, and return τ.

    Logit adjustment (Menon et al. 2021). τ is the one of `TAUS` with the highest macro-F1 on
    `public_test`; 0 changes nothing, 1 makes up for the prior in full.

    Args:
        network: The trained network, calibrated by `apply_temperature_scaling`.
        preprocessing: Its input transform.
        public_test: Images of PublicTest.
        training_labels: (N,) indices into EMOTIONS, whose shares are the prior.
    """
    logits = _logits(network, preprocessing, public_test)
    offset = -np.log(np.bincount(training_labels, minlength=len(EMOTIONS)) / len(training_labels))

    def macro_f1(tau: float) -> float:
        predicted = (logits + tau * offset).argmax(axis=1)
        return float(f1_score(public_test.labels, predicted, average="macro"))

    tau = max(TAUS, key=macro_f1)  # the smallest of equals
    _calibrate(network, np.ones(len(EMOTIONS)), tau * offset)
    return tau


def fit_vector_scaling(logits: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fit vector scaling: minimise the log loss of softmax(slope · logits + offset).

    Args:
        logits: (N, 7) float.
        labels: (N,) indices into EMOTIONS.

    Returns:
        Slopes (7,) and offsets (7,), one per emotion.
    """
    n, k = logits.shape
    truth = np.eye(k)[labels]
    x = logits.astype(np.float64)

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        """Log loss and its gradient; `parameters` (2 k,) are slopes, then offsets."""
        probabilities = softmax(x * parameters[:k] + parameters[k:])
        error = (probabilities - truth) / n
        gradient = np.concatenate([(error * x).sum(axis=0), error.sum(axis=0)])
        return float(-np.log(probabilities[np.arange(n), labels] + 1e-300).mean()), gradient

    start = np.concatenate([np.ones(k), np.zeros(k)])
    best = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return best[:k], best[k:]


def _calibrate(
    network: "YesNoModels | FaceModel | ScratchCNN", slope: np.ndarray, offset: np.ndarray
) -> None:
    device = next(network.parameters()).device
    network.calibrate(*(torch.from_numpy(x).float().to(device) for x in (slope, offset)))


@torch.no_grad()
def _logits(
    network: torch.nn.Module, preprocessing: Preprocessing, public_test: FerData
) -> np.ndarray:
    chip_network, device = ChipNetwork(network, preprocessing), next(network.parameters()).device
    chips = torch.from_numpy(public_test.chips).to(device)
    return torch.cat([chip_network(batch) for batch in chips.split(256)]).cpu().numpy()
