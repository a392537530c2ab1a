"""Confusion matrices and what follows from them.

A matrix has shape (7, 7), rows are FER2013's labels and columns are answers, both in the order of
EMOTIONS. The rates accept stacks of matrices, (..., 7, 7), which is what the bootstrap hands them.
A rate whose denominator is zero (an emotion never answered, or not in the data) is 0.
"""

from typing import Any, Literal, NamedTuple

import numpy as np

from fer_core.artifacts.predictions import Predictions, split_predictions
from fer_core.artifacts.store import cached
from fer_core.emotions import EMOTIONS

Scale = Literal["count", "row", "column"]


def confusion_matrix(labels: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """(N,) labels and (N,) answers → (7, 7) counts, int64."""
    k = len(EMOTIONS)
    return np.bincount(labels.astype(np.int64) * k + predicted, minlength=k * k).reshape(k, k)


@cached
def split_confusion_matrix(name: str, split: str) -> np.ndarray:
    """The matrix of a variant's committed answers on a split, read-only. Raises `ResultsError`
    where there are none."""
    predictions = split_predictions(name, split)
    counts = confusion_matrix(predictions.labels, predictions.predicted)
    counts.flags.writeable = False  # shared by every visitor
    return counts


def compute_metrics(labels: np.ndarray, probabilities: np.ndarray) -> dict[str, Any]:
    """Accuracy, macro-F1, balanced accuracy, and an emotion's precision, recall, F1, support.

    `labels` (N,) integers into EMOTIONS, `probabilities` (N, 7); the form of a results file.
    """
    counts = confusion_matrix(labels, probabilities.argmax(axis=1))
    rates = {"precision": precision(counts), "recall": recall(counts), "f1": f1(counts)}
    support = counts.sum(axis=1)
    return {
        "n": len(labels),
        "accuracy": float(accuracy(counts)),
        "macro_f1": float(macro_f1(counts)),
        "balanced_accuracy": float(balanced_accuracy(counts)),
        "per_class": {
            name: {key: float(rate[i]) for key, rate in rates.items()}
            | {"support": int(support[i])}
            for i, name in enumerate(EMOTIONS)
        },
    }


def normalize_matrix(counts: np.ndarray, scale: Scale) -> np.ndarray:
    """Counts as they are, as shares of the label's images (row) or of the answers (column)."""
    if scale == "count":
        return counts
    return _ratio(counts, counts.sum(axis=-1 if scale == "row" else -2, keepdims=True))


def accuracy(counts: np.ndarray) -> np.ndarray:
    """Share of images on the diagonal, (...)."""
    return _ratio(_hits(counts).sum(axis=-1), counts.sum(axis=(-2, -1)))


def recall(counts: np.ndarray) -> np.ndarray:
    """An emotion's share of its images that were found, (..., 7)."""
    return _ratio(_hits(counts), counts.sum(axis=-1))


def precision(counts: np.ndarray) -> np.ndarray:
    """An emotion's share of its answers that were right, (..., 7)."""
    return _ratio(_hits(counts), counts.sum(axis=-2))


def f1(counts: np.ndarray) -> np.ndarray:
    """Harmonic mean of precision and recall, (..., 7)."""
    return _ratio(2 * _hits(counts), counts.sum(axis=-1) + counts.sum(axis=-2))


def specificity(counts: np.ndarray) -> np.ndarray:
    """Of the images without that emotion, the share not given it, (..., 7)."""
    others = counts.sum(axis=(-2, -1))[..., None] - counts.sum(axis=-1)
    false_alarms = counts.sum(axis=-2) - _hits(counts)
    return _ratio(others - false_alarms, others)


def macro_f1(counts: np.ndarray) -> np.ndarray:
    """Mean F1 of the seven emotions, (...): rare ones count as much as common ones."""
    means: np.ndarray = f1(counts).mean(axis=-1)
    return means


def balanced_accuracy(counts: np.ndarray) -> np.ndarray:
    """Mean recall of the emotions that occur, (...); no skill gets 1/7 where all seven do."""
    present = counts.sum(axis=-1) > 0
    return _ratio(recall(counts).sum(axis=-1), present.sum(axis=-1))


class Mistake(NamedTuple):
    """Images of one label that got one wrong answer."""

    label: str
    answer: str
    n: int  # images
    share: float  # of the label's images


def largest_mistakes(counts: np.ndarray, most: int) -> list[Mistake]:
    """The cells off the diagonal with the largest share of their row, largest first.

    Shares, not counts: otherwise the list would only tell which emotion is common.
    """
    shares = normalize_matrix(counts, "row")
    cells = [(i, j) for i in range(len(EMOTIONS)) for j in range(len(EMOTIONS)) if i != j]
    cells.sort(key=lambda cell: -shares[cell])
    return [
        Mistake(EMOTIONS[i], EMOTIONS[j], int(counts[i, j]), float(shares[i, j]))
        for i, j in cells[:most]
        if counts[i, j]
    ]


def images_in_cell(predictions: Predictions, label: str, answer: str) -> Predictions:
    """The images of one cell, the most confident answer first; equal ones in the order of ids.

    Raises `ValueError` for a name that is none of EMOTIONS.
    """
    row, column = EMOTIONS.index(label), EMOTIONS.index(answer)
    cell = predictions.where((predictions.labels == row) & (predictions.predicted == column))
    return cell.where(np.lexsort((cell.ids, -cell.probabilities[:, column])))


def _hits(counts: np.ndarray) -> np.ndarray:
    return np.diagonal(counts, axis1=-2, axis2=-1)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    part, whole = np.broadcast_arrays(np.asarray(part, float), np.asarray(whole, float))
    ratios: np.ndarray = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    return ratios
