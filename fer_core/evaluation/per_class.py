"""Per-class metrics: recall, precision and more for every emotion."""

from typing import NamedTuple

import numpy as np

from fer_core.artifacts.predictions import Predictions, memoized
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import classification, thresholds
from fer_core.evaluation.uncertainty import Interval, bootstrap_interval, wilson_interval


class Row(NamedTuple):
    """The metrics of one emotion in the data: fractions in [0, 1] with 95 % intervals.

    Recall, precision and specificity have Wilson intervals, F1 a bootstrap interval; those of the
    two areas are in `fer_core.evaluation.areas`. An interval is None where it is undefined:
    precision without predictions, specificity without other labels, and F1 of 0 or 1, for which
    every resample gives the same value.

    Random answers, each emotion as often as it occurs, score the emotion's share for recall,
    precision, F1 and average precision, one minus the share for specificity and 0.5 for ROC AUC.
    """

    emotion: str
    faces: int  # images with this label, the support
    answers: int  # images with this prediction
    recall: float
    recall_interval: Interval
    precision: float  # 0 if the emotion is never predicted
    precision_interval: Interval | None
    f1: float
    f1_interval: Interval | None
    specificity: float
    specificity_interval: Interval | None
    roc_area: float  # ROC AUC; NaN where all images have this label
    average_precision: float
    baseline: float  # the emotion's share of the images


@memoized
def rows(predictions: Predictions) -> list[Row]:
    """Compute the metrics of the emotions that some image is labelled with.

    Precision, recall, F1 and specificity are those of the seven-class prediction; ROC AUC and
    average precision are those of the model's one-vs-rest score. They are in the order of EMOTIONS.
    """
    counts = classification.matrix_of(predictions)
    faces, answers = counts.sum(axis=1), counts.sum(axis=0)
    table = []
    for i, emotion in enumerate(EMOTIONS):
        if not faces[i]:
            continue
        truth, scores = thresholds.one_vs_rest(predictions, emotion)
        hits, n_answers = int(counts[i, i]), int(answers[i])
        table.append(
            Row(
                emotion,
                int(faces[i]),
                n_answers,
                float(classification.recall(counts)[i]),
                wilson_interval(hits, int(faces[i])),
                float(classification.precision(counts)[i]),
                wilson_interval(hits, n_answers) if n_answers else None,
                float(classification.f1(counts)[i]),
                _f1_interval(counts, i),
                float(classification.specificity(counts)[i]),
                _specificity_interval(counts, i),
                thresholds.roc(truth, scores).area,
                thresholds.precision_recall(truth, scores).area,
                float(truth.mean()),
            )
        )
    return table


def _specificity_interval(counts: np.ndarray, emotion: int) -> Interval | None:
    others = int(counts.sum() - counts[emotion].sum())
    false_alarms = int(counts[:, emotion].sum() - counts[emotion, emotion])
    return wilson_interval(others - false_alarms, others) if others else None


def _f1_interval(counts: np.ndarray, emotion: int) -> Interval | None:
    """None at 0 and 1: all resamples are equal there, so the interval would look exact."""
    if not 0 < classification.f1(counts)[emotion] < 1:
        return None
    return bootstrap_interval(counts, lambda samples: classification.f1(samples)[..., emotion])


class EmotionRecall(NamedTuple):
    """A model's recall of one emotion and its most frequent mistake."""

    emotion: str
    correct: int  # correctly predicted images
    n: int  # images with this label
    recall: float
    mistaken_for: str | None  # most frequent wrong prediction; None if there is none


def rank_by_recall(predictions: Predictions) -> list[EmotionRecall]:
    """Rank the emotions by a model's recall, lowest first.

    Returns:
        The emotions that some image is labelled with.
    """
    counts = classification.matrix_of(predictions)
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
        if counts[i].any()
    ]
