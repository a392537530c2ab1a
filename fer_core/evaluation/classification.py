"""Confusion matrices and the metrics computed from them.

A matrix is (7, 7); rows are labels and columns are predictions, both in the order of EMOTIONS.
The rates also accept stacks of matrices, (..., 7, 7), as the bootstrap passes them. A rate with a
zero denominator (an emotion that is never predicted, or not in the data) is 0.
"""

from typing import Any, Literal, NamedTuple

import numpy as np

from fer_core.artifacts.predictions import Predictions, memoized
from fer_core.emotions import EMOTIONS

Scale = Literal["count", "row", "column"]


def confusion_matrix(labels: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """(N,) labels and (N,) predictions → (7, 7) counts, int64."""
    k = len(EMOTIONS)
    return np.bincount(labels.astype(np.int64) * k + predicted, minlength=k * k).reshape(k, k)


@memoized
def matrix_of(predictions: Predictions) -> np.ndarray:
    """The matrix of a model's predictions, read-only."""
    counts = confusion_matrix(predictions.labels, predictions.predicted)
    counts.flags.writeable = False  # the array is shared by all sessions
    return counts


def compute_metrics(labels: np.ndarray, probabilities: np.ndarray) -> dict[str, Any]:
    """Compute the metrics of a results file.

    Args:
        labels: (N,) indices into EMOTIONS.
        probabilities: (N, 7).

    Returns:
        Accuracy, macro-F1, balanced accuracy, and precision, recall, F1 and support per emotion.
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
            emotion: {key: float(rate[i]) for key, rate in rates.items()}
            | {"support": int(support[i])}
            for i, emotion in enumerate(EMOTIONS)
        },
    }


def normalize_matrix(counts: np.ndarray, scale: Scale) -> np.ndarray:
    """Scale a confusion matrix.

    Args:
        counts: (..., 7, 7).
        scale: `count` returns it unchanged; `row` gives shares of the label's images, `column`
            shares of the predictions.

    Returns:
        (..., 7, 7).
    """
    if scale == "count":
        return counts
    return _ratio(counts, counts.sum(axis=-1 if scale == "row" else -2, keepdims=True))


def accuracy(counts: np.ndarray) -> np.ndarray:
    """Share of the images on the diagonal, (...)."""
    return _ratio(_hits(counts).sum(axis=-1), counts.sum(axis=(-2, -1)))


def recall(counts: np.ndarray) -> np.ndarray:
    """Share of each emotion's images that are predicted correctly, (..., 7)."""
    return _ratio(_hits(counts), counts.sum(axis=-1))


def precision(counts: np.ndarray) -> np.ndarray:
    """Share of each emotion's predictions that are correct, (..., 7)."""
    return _ratio(_hits(counts), counts.sum(axis=-2))


def f1(counts: np.ndarray) -> np.ndarray:
    """Harmonic mean of precision and recall, (..., 7)."""
    return _ratio(2 * _hits(counts), counts.sum(axis=-1) + counts.sum(axis=-2))


def specificity(counts: np.ndarray) -> np.ndarray:
    """Share of the images of other emotions that are not predicted as this one, (..., 7)."""
    others = counts.sum(axis=(-2, -1))[..., None] - counts.sum(axis=-1)
    false_alarms = counts.sum(axis=-2) - _hits(counts)
    return _ratio(others - false_alarms, others)


def macro_f1(counts: np.ndarray) -> np.ndarray:
    """Mean F1 of the emotions in the data, (...); rare emotions count as much as common ones."""
    present = counts.sum(axis=-1) > 0
    return _ratio(np.where(present, f1(counts), 0).sum(axis=-1), present.sum(axis=-1))


def balanced_accuracy(counts: np.ndarray) -> np.ndarray:
    """Mean recall of the emotions in the data, (...); the baseline is 1/7 if all seven occur."""
    present = counts.sum(axis=-1) > 0
    return _ratio(recall(counts).sum(axis=-1), present.sum(axis=-1))


def worst_recall(counts: np.ndarray) -> np.ndarray:
    """The lowest recall of an emotion in the data, (...); the baseline is 0."""
    present = counts.sum(axis=-1) > 0
    worst: np.ndarray = np.where(present, recall(counts), 1).min(axis=-1)
    return worst


class Mistake(NamedTuple):
    """Images of one label with the same wrong prediction."""

    label: str
    answer: str
    n: int  # images
    share: float  # of the label's images


def largest_mistakes(counts: np.ndarray, limit: int) -> list[Mistake]:
    """Find the most frequent mistakes, as shares of their label's images.

    Ranking by counts would favour the emotions that are common anyway.

    Args:
        counts: (7, 7) confusion matrix.
        limit: Maximum number of mistakes.

    Returns:
        The off-diagonal cells with images, largest share first.
    """
    shares = normalize_matrix(counts, "row")
    cells = [(i, j) for i in range(len(EMOTIONS)) for j in range(len(EMOTIONS)) if i != j]
    cells.sort(key=lambda cell: -shares[cell])
    return [
        Mistake(EMOTIONS[i], EMOTIONS[j], int(counts[i, j]), float(shares[i, j]))
        for i, j in cells[:limit]
        if counts[i, j]
    ]


def images_in_cell(predictions: Predictions, label: str, answer: str) -> Predictions:
    """Select the images in one cell of the confusion matrix.

    Args:
        predictions: A model's predictions.
        label: The label.
        answer: The predicted emotion.

    Returns:
        Their predictions, most confident first, ties by id.

    Raises:
        ValueError: `label` or `answer` is not one of EMOTIONS.
    """
    row, column = EMOTIONS.index(label), EMOTIONS.index(answer)
    cell = predictions.select((predictions.labels == row) & (predictions.predicted == column))
    return cell.select(np.lexsort((cell.ids, -cell.probabilities[:, column])))


def _hits(counts: np.ndarray) -> np.ndarray:
    return np.diagonal(counts, axis1=-2, axis2=-1)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    part, whole = np.broadcast_arrays(np.asarray(part, float), np.asarray(whole, float))
    ratios: np.ndarray = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    return ratios
