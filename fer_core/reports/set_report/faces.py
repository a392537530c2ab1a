"""The faces of a report: a model's most confident mistakes, as chips that may be blurred."""

from typing import Final

import numpy as np

from fer_core.artifacts.predictions import Predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.reports.drawing import data_uri
from fer_core.reports.format import percent
from fer_core.reports.set_report.elements import Child, Element, el, section
from fer_core.reports.set_report.tables import where
from fer_core.text import counted

MAX_FACES: Final = 24
MOSAIC: Final = 8  # px, side of a mosaic's cell
SHOWN_SIDE: Final = 96  # px


def mosaic(chip: np.ndarray) -> np.ndarray:
    """Blur a face: each cell of `MOSAIC` px becomes its mean.

    Args:
        chip: (48, 48) uint8 grey.

    Returns:
        The same shape and dtype.
    """
    cells = len(chip) // MOSAIC
    means: np.ndarray = chip.reshape(cells, MOSAIC, cells, MOSAIC).mean(axis=(1, 3))
    return means.round().astype(np.uint8).repeat(MOSAIC, axis=0).repeat(MOSAIC, axis=1)


def most_confident_mistakes(predictions: Predictions, limit: int = MAX_FACES) -> np.ndarray:
    """Indices of wrongly answered faces, the most confident first."""
    wrong = np.flatnonzero(~predictions.correct)
    confidence = predictions.probabilities.max(axis=1)[wrong]
    order: np.ndarray = wrong[np.argsort(-confidence, kind="stable")]
    return order[:limit]


def faces_section(
    evaluation_set: EvaluationSet, name: str, chips: np.ndarray, *, blur: bool
) -> Element:
    """The most confident mistakes of a model.

    Args:
        evaluation_set: The faces.
        name: The model.
        chips: (N, 48, 48) uint8 grey, in the order of the set.
        blur: Whether to show a mosaic of each face instead.
    """
    predictions = evaluation_set.predictions(name)
    mistakes = most_confident_mistakes(predictions)
    number = int((~predictions.correct).sum())
    title, faces = evaluation_set.title_of(name), where(evaluation_set)
    heading = "Most confident mistakes"
    if not number:
        return section(heading, el("p", f"{title} makes no mistake on {faces}."))
    mistakes_text = counted(number, "mistake")
    shown = mistakes_text if number <= MAX_FACES else f"{MAX_FACES} of {mistakes_text}"
    how = " The faces are blurred." if blur else ""
    return section(
        heading,
        el(
            "p",
            f"{shown} of {title} on {faces}, the most confident first: the label, the answer and "
            f"its probability.{how}",
        ),
        el("div", *(_face(predictions, i, chips[i], blur) for i in mistakes), class_="faces"),
    )


def _face(predictions: Predictions, index: int, chip: np.ndarray, blur: bool) -> Child:
    label = EMOTIONS[int(predictions.labels[index])]
    answer = EMOTIONS[int(predictions.predicted[index])]
    share = percent(float(predictions.probabilities[index].max()))
    return el(
        "figure",
        el(
            "img",
            src=data_uri(mosaic(chip) if blur else chip),
            alt=f"{'Blurred face' if blur else 'Face'} labelled {label}, answered as {answer}",
            width=SHOWN_SIDE,
            height=SHOWN_SIDE,
        ),
        el("figcaption", f"{label} → {answer}", el("br"), share),
    )
