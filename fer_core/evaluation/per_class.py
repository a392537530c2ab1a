"""Every emotion's own numbers: how many of its faces are found, how often its name is right."""

from typing import NamedTuple

import numpy as np

from fer_core.artifacts.predictions import Predictions, split_predictions
from fer_core.artifacts.store import cached
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import classification, thresholds
from fer_core.evaluation.uncertainty import Interval, bootstrap_interval, wilson_interval


class Row(NamedTuple):
    """One emotion. Fractions in [0, 1]; 95 % intervals, Wilson's of recall and precision, bootstrap
    of F1, None where there is none to give: no answer has no precision, and the bootstrap cannot
    tell how far chance moves an F1 of 0 or 1.

    Answers given without looking, each emotion as often as it occurs, get the emotion's share for
    recall, precision, F1 and average precision, one minus the share for specificity and 0.5 for the
    area below the ROC curve.
    """

    emotion: str
    faces: int  # images with this label, the support
    answers: int  # images given this answer
    recall: float
    recall_interval: Interval
    precision: float  # 0 where the answer was never given
    precision_interval: Interval | None
    f1: float
    f1_interval: Interval | None
    specificity: float
    roc_area: float
    average_precision: float
    baseline: float  # the emotion's share of the images


def rows(predictions: Predictions) -> list[Row]:
    """The seven emotions in the order of EMOTIONS.

    Precision, recall, F1 and specificity are of the seven-way answer; the areas are of the
    variant's yes/no score of the emotion. Raises `ValueError` where an emotion has no image.
    """
    counts = classification.confusion_matrix(predictions.labels, predictions.predicted)
    faces, answers = counts.sum(axis=1), counts.sum(axis=0)
    if not faces.all():
        raise ValueError("an emotion without an image has no recall")
    found = []
    for i, name in enumerate(EMOTIONS):
        truth, scores = thresholds.one_vs_rest(predictions, name)
        hits, said = int(counts[i, i]), int(answers[i])
        found.append(
            Row(
                name,
                int(faces[i]),
                said,
                float(classification.recall(counts)[i]),
                wilson_interval(hits, int(faces[i])),
                float(classification.precision(counts)[i]),
                wilson_interval(hits, said) if said else None,
                float(classification.f1(counts)[i]),
                _f1_interval(counts, i),
                float(classification.specificity(counts)[i]),
                thresholds.roc(truth, scores).area,
                thresholds.precision_recall(truth, scores).area,
                float(truth.mean()),
            )
        )
    return found


@cached
def split_rows(name: str, split: str) -> list[Row]:
    """`rows` of a variant's committed answers; raises `ResultsError` where there are none."""
    return rows(split_predictions(name, split))


def _f1_interval(counts: np.ndarray, emotion: int) -> Interval | None:
    """None at 0 and 1: every resample repeats those, so the interval would claim to be exact."""
    if not 0 < classification.f1(counts)[emotion] < 1:
        return None
    return bootstrap_interval(counts, lambda drawn: classification.f1(drawn)[..., emotion])


class EmotionRecall(NamedTuple):
    """How many of an emotion's images a variant finds, and what it takes the others for."""

    emotion: str
    correct: int  # its images that were called by its name
    n: int  # its images
    recall: float
    mistaken_for: str | None  # the commonest wrong answer; None where there is none


def rank_by_recall(name: str, split: str) -> list[EmotionRecall]:
    """The seven emotions on a variant's committed answers, the one with the lowest recall first."""
    counts = classification.split_confusion_matrix(name, split)
    recall = classification.recall(counts)
    wrong = counts - np.diag(np.diag(counts))
    return [
        EmotionRecall(
            emotion=EMOTIONS[i],
            correct=int(counts[i, i]),
            n=int(counts[i].sum()),
            recall=float(recall[i]),
            mistaken_for=EMOTIONS[int(wrong[i].argmax())] if wrong[i].any() else None,
        )
        for i in np.argsort(recall, kind="stable")
    ]
