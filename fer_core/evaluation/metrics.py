"""How good predictions are: pure NumPy and scikit-learn, no model, no file.

Shapes: `labels` (N,) integers into EMOTIONS; `probabilities` (N, 7), rows sum to 1; `scores` (N, 7)
independent yes/no probabilities. All results are fractions in [0, 1].
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    f1_score,
    precision_recall_fscore_support,
    recall_score,
    roc_curve,
)

from fer_core.emotions import EMOTIONS

#: Balanced accuracy that a chosen threshold keeps on the images it is chosen by: three quarters,
#: and a hundredth for what other images may cost.
LEAST_BALANCED = 0.76


def summary(labels: np.ndarray, probabilities: np.ndarray) -> dict[str, Any]:
    """Accuracy, macro-F1, balanced accuracy, and an emotion's precision, recall, F1, support."""
    predicted = probabilities.argmax(axis=1)
    columns = range(len(EMOTIONS))
    per_class = precision_recall_fscore_support(
        labels, predicted, labels=list(columns), zero_division=0
    )
    return {
        "n": len(labels),
        "accuracy": float((predicted == labels).mean()),
        "macro_f1": float(f1_score(labels, predicted, average="macro", zero_division=0)),
        "balanced_accuracy": float(balanced_accuracy_score(labels, predicted)),
        "per_class": {
            name: {
                "precision": float(per_class[0][i]),
                "recall": float(per_class[1][i]),
                "f1": float(per_class[2][i]),
                "support": int(per_class[3][i]),
            }
            for i, name in enumerate(EMOTIONS)
        },
    }


def no_skill(labels: np.ndarray) -> float:
    """Accuracy of always answering the most frequent emotion."""
    return float(np.bincount(labels).max() / len(labels))


def yes_no(
    labels: np.ndarray, scores: np.ndarray, thresholds: Mapping[str, float]
) -> dict[str, dict[str, float]]:
    """For each emotion's yes/no model at its threshold: accuracy beside its no-skill baseline
    (always "no"), balanced accuracy, recall of "yes", F1 and average precision."""
    rows = {}
    for i, name in enumerate(EMOTIONS):
        truth, answer = labels == i, scores[:, i] >= thresholds[name]
        rows[name] = {
            "accuracy": float((truth == answer).mean()),
            "no_skill": float(1 - truth.mean()),
            "balanced_accuracy": float(balanced_accuracy_score(truth, answer)),
            "recall": float(recall_score(truth, answer)),
            "f1": float(f1_score(truth, answer)),
            "average_precision": float(average_precision_score(truth, scores[:, i])),
        }
    return rows


def best_thresholds(labels: np.ndarray, scores: np.ndarray) -> dict[str, float]:
    """For each emotion the most accurate threshold that keeps `LEAST_BALANCED`: "yes" from that
    score on. Where none keeps it, the one of greatest balanced accuracy.

    Accuracy alone would choose a model that hardly ever says yes.
    """
    chosen = {}
    for i, name in enumerate(EMOTIONS):
        truth = labels == i
        points = roc_curve(truth, scores[:, i], drop_intermediate=False)
        wrong_yes, recall, thresholds = (part[1:] for part in points)  # the first never says yes
        balanced = (recall + 1 - wrong_yes) / 2
        accuracy = truth.mean() * recall + (1 - truth.mean()) * (1 - wrong_yes)
        enough = balanced >= min(LEAST_BALANCED, balanced.max())
        chosen[name] = float(thresholds[np.where(enough, accuracy, -1).argmax()])
    return chosen
