"""Confusion matrices as heat maps with their downloads, and as rows of numbers."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import plotly.graph_objects as go

from fer_core.emotions import EMOTIONS
from fer_core.evaluation import baselines, classification
from fer_core.evaluation.classification import Scale
from fer_core.evaluation.uncertainty import wilson_interval
from fer_core.reports.format import percent, percent_with_interval, signed
from pages.charts import heat_map
from pages.components import figure
from pages.sections.confusion.panels import Evaluation

UNITS: dict[Scale, str] = {
    "row": "percent of the row's faces",
    "column": "percent of the column's answers",
    "count": "number of faces",
}
_SEVEN = range(len(EMOTIONS))


def draw_matrix(
    evaluation: Evaluation, scale: Scale, key: str, cell: tuple[int, int] | None, *click: Any
) -> None:
    """Draw the matrix of one model; `click` is a callback for `heat_map.show`, then its
    arguments."""
    counts = evaluation.counts
    draw = partial(_matrix, counts, scale)
    recall = ", ".join(
        f"{name} {percent(share)}"
        for name, share, faces in zip(
            EMOTIONS, classification.recall(counts), counts.sum(axis=1), strict=True
        )
        if faces
    )
    alt = f"Confusion matrix of {evaluation.model.title}, {evaluation.title}. Recall: {recall}."
    heat_map.show(draw(cell), key, alt, *click)
    figure.show_downloads(
        draw,
        f"confusion-{key}",
        title=f"Confusion matrix of {evaluation.model.title}, {UNITS[scale]}",
        source=f"{evaluation.title}, {counts.sum():,} faces; no-skill baseline, always the most "
        f"common emotion: {percent(baselines.majority_accuracy(counts.sum(axis=1)), 1)}.",
        rows=lambda: csv_rows([evaluation], scale),
    )


def _matrix(counts: np.ndarray, scale: Scale, cell: tuple[int, int] | None = None) -> go.Figure:
    return heat_map.heat_map(
        classification.normalize_matrix(counts, scale),
        _bold_diagonal([[_number(counts, i, j, scale) for j in _SEVEN] for i in _SEVEN]),
        EMOTIONS,
        EMOTIONS,
        max_value=float(counts.max()) if scale == "count" else 1.0,
        titles=("label ↓", "answer →"),
        hover=[[_sentence(counts, i, j, scale) for j in _SEVEN] for i in _SEVEN],
        totals=([str(n) for n in counts.sum(axis=1)], [str(n) for n in counts.sum(axis=0)]),
        totals_titles=("faces", "answers"),
        selected=cell,
    )


def draw_difference(
    first: Evaluation,
    second: Evaluation,
    scale: Scale,
    cell: tuple[int, int] | None,
    *click: Any,
) -> None:
    """Draw the first model's matrix minus the second's, in points or, for counts, in faces."""
    change = classification.normalize_matrix(first.counts, scale) - classification.normalize_matrix(
        second.counts, scale
    )
    values = change if scale == "count" else 100 * change
    unit = "faces" if scale == "count" else "points"
    draw = partial(_difference, first, second, values, unit)
    diagonal = ", ".join(f"{name} {signed(values[i, i])}" for i, name in enumerate(EMOTIONS))
    alt = (
        f"Difference of two confusion matrices, {first.model.title} minus "
        f"{second.model.title}, {first.title}, in {unit}. Correct answers: {diagonal}."
    )
    heat_map.show(draw(cell), "difference", alt, *click)
    figure.show_downloads(
        draw,
        "confusion-difference",
        title=f"Difference of two confusion matrices, {first.model.title} minus "
        f"{second.model.title}, in {unit}",
        source=f"{first.title}, {first.counts.sum():,} faces. "
        "Plus: more often in the first model. Blue: the first model is better.",
        rows=lambda: csv_rows([first, second], scale),
    )


def _difference(
    first: Evaluation,
    second: Evaluation,
    values: np.ndarray,
    unit: str,
    cell: tuple[int, int] | None = None,
) -> go.Figure:
    answers = first.counts.sum(axis=0) - second.counts.sum(axis=0)
    # The colour says which model is better, the sign which answers more often.
    better = np.where(np.eye(len(EMOTIONS), dtype=bool), values, -values)
    return heat_map.heat_map(
        better,
        _bold_diagonal([[signed(value) for value in row] for row in values]),
        EMOTIONS,
        EMOTIONS,
        max_value=float(np.abs(values).max()),
        diverging=True,
        titles=("label ↓", "answer →"),
        hover=[
            [
                f"{EMOTIONS[i]} called {EMOTIONS[j]}: {signed(values[i, j], 1)} {unit}"
                for j in _SEVEN
            ]
            for i in _SEVEN
        ],
        totals=([str(n) for n in first.counts.sum(axis=1)], [signed(n) for n in answers]),
        totals_titles=("faces", "answers"),
        selected=cell,
    )


def csv_rows(evaluations: Sequence[Evaluation], scale: Scale) -> list[dict[str, Any]]:
    """One row per model and label: the numbers of the seven answers, and that label's faces."""
    return [
        {
            "model": evaluation.model.name,
            "test_set": evaluation.title,
            "numbers": scale,
            "label": label,
        }
        | dict(zip(EMOTIONS, values, strict=True))
        | {"faces": faces}
        for evaluation in evaluations
        for label, values, faces in zip(
            EMOTIONS,
            classification.normalize_matrix(evaluation.counts, scale).tolist(),
            evaluation.counts.sum(axis=1).tolist(),
            strict=True,
        )
    ]


def _bold_diagonal(texts: list[list[str]]) -> list[list[str]]:
    for i, row in enumerate(texts):
        row[i] = f"<b>{row[i]}</b>"
    return texts


def _per_cent(share: float) -> str:
    """0.237 → '24'; a share above 0 is never printed as 0."""
    return "<1" if 0 < share < 0.005 else f"{100 * share:.0f}"


def _number(counts: np.ndarray, i: int, j: int, scale: Scale) -> str:
    if scale == "count":
        return str(counts[i, j])
    if scale == "row" and not counts[i].any():
        return "–"  # no face has this label
    return _per_cent(float(classification.normalize_matrix(counts, scale)[i, j])).replace(
        "<", "&lt;"
    )


def _sentence(counts: np.ndarray, i: int, j: int, scale: Scale) -> str:
    label, answer, n = EMOTIONS[i], EMOTIONS[j], counts[i, j]
    if scale == "column":
        total = counts[:, j].sum()
        return f"{n} of {total} {answer} answers are labelled {label}{_share(n, total)}"
    total = counts[i].sum()
    return f"{n} of {total} {label} faces are called {answer}{_share(n, total)}"


def _share(n: int, total: int) -> str:
    if not total:
        return ""
    return f": {percent_with_interval(n / total, wilson_interval(int(n), int(total)))}"
