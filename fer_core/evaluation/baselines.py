"""What no skill gets: always the commonest emotion, or the class shares, without a look at a face.

It stands beside every number of a model, since only what lies above it was learned.
"""

from collections.abc import Iterable

import numpy as np

from fer_core.artifacts.predictions import Predictions
from fer_core.emotions import EMOTIONS

#: Share of right answers, the mean over the emotions, of any constant answer.
BALANCED_ACCURACY = 1 / len(EMOTIONS)
#: Log loss of equal shares for all emotions, in nats.
UNIFORM_LOG_LOSS = float(np.log(len(EMOTIONS)))


def majority_accuracy(counts: Iterable[int]) -> float:
    """Accuracy of always giving the commonest answer, of images an answer; 0 without images."""
    each = [int(count) for count in counts]
    return max(each) / sum(each) if any(each) else 0.0


def majority_accuracy_of(labels: np.ndarray) -> float:
    """`no_skill` of (N,) labels, indices into EMOTIONS."""
    return majority_accuracy(np.bincount(labels).tolist())


def class_prior_predictions(predictions: Predictions) -> Predictions:
    """The same images, every one answered with the split's own class shares.

    So the answer is always the commonest emotion, and no constant answer has less log loss.
    """
    shares = np.bincount(predictions.labels, minlength=len(EMOTIONS)) / len(predictions)
    same = np.tile(shares, (len(predictions), 1))
    return Predictions(predictions.ids, predictions.labels, same)


def log_loss(labels: np.ndarray) -> float:
    """Log loss of always answering with the split's own class shares: the entropy of the labels, in
    nats."""
    shares = np.bincount(labels) / len(labels)
    shares = shares[shares > 0]
    return float(-(shares * np.log(shares)).sum())
