"""No-skill baselines: always the most frequent emotion, or the class frequencies, for every face.

They are shown with every result of a model: only what exceeds them was learned.
"""

from collections.abc import Iterable

import numpy as np

from fer_core.artifacts.predictions import Predictions
from fer_core.emotions import EMOTIONS

#: Balanced accuracy of any constant answer.
BALANCED_ACCURACY = 1 / len(EMOTIONS)
#: Log loss of a uniform distribution over the emotions, in nats.
UNIFORM_LOG_LOSS = float(np.log(len(EMOTIONS)))


def majority_accuracy(counts: Iterable[int]) -> float:
    """Accuracy of always predicting the most frequent class, from its images per class.

    0 if there are no images.
    """
    sizes = [int(count) for count in counts]
    return max(sizes) / sum(sizes) if any(sizes) else 0.0


def majority_accuracy_of(labels: np.ndarray) -> float:
    """`majority_accuracy` of (N,) labels, indices into EMOTIONS."""
    return majority_accuracy(np.bincount(labels).tolist())


def class_prior_predictions(predictions: Predictions) -> Predictions:
    """The same images, with the split's class frequencies as the probabilities of every image.

    The prediction is then always the most frequent emotion, and no other constant distribution has
    a lower log loss.
    """
    frequencies = np.bincount(predictions.labels, minlength=len(EMOTIONS)) / len(predictions)
    probabilities = np.tile(frequencies, (len(predictions), 1))
    return Predictions(predictions.ids, predictions.labels, probabilities)


def log_loss(labels: np.ndarray) -> float:
    """Log loss of always predicting the split's class frequencies, in nats.

    This is the entropy of the labels.
    """
    frequencies = np.bincount(labels) / len(labels)
    frequencies = frequencies[frequencies > 0]
    return float((frequencies * np.log(1 / frequencies)).sum())
