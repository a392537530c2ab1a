"""A set and some models' results on it as one HTML document."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

import fer_core
from fer_core.evaluation import baselines, set_notes, ties
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.ties import Standing
from fer_core.reports import standing
from fer_core.reports.drawing import WARNING
from fer_core.reports.set_report import charts, tables
from fer_core.reports.set_report.elements import (
    Child,
    bold,
    bullets,
    document,
    el,
    figure,
    section,
)
from fer_core.reports.set_report.faces import faces_section
from fer_core.reports.set_report.method import method_sections
from fer_core.reports.set_report.one_model import model_part

MAX_MODELS: Final = 12  # with a part of their own, the most accurate ones; the tables have all
#: What a browser lets the document load: nothing but what is in it, and no script at all.
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
MAX_COLUMNS: Final = 5  # of groups
CHIP_SHAPE: Final = (48, 48)


def html_report(
    evaluation_set: EvaluationSet,
    model_names: Sequence[str],
    *,
    chips: np.ndarray | None = None,
    blur: bool = False,
    created: datetime | None = None,
) -> str:
    """Report how well models do on a set of labelled faces.

    The document is complete in itself: it loads nothing, runs no script, and prints on A4.

    Args:
        evaluation_set: The faces with the models' answers.
        model_names: One or more of its models.
        chips: (N, 48, 48) uint8 grey, the faces in the order of the set, to show the most confident
            mistakes of the most accurate model; no face is shown without. FER2013's faces must not
            be passed on, so a report that shows them must not either.
        blur: Whether to show a mosaic of each face instead.
        created: When the report is made; by default now.

    Returns:
        The HTML document.

    Raises:
        ValueError: There is no model, or the chips do not fit the set.
        ResultsError: Predictions are missing or damaged.
        MissingPackageError: SciPy or scikit-learn is missing.
    """
    if not model_names:
        raise ValueError("a report needs at least one model")
    if chips is not None and chips.shape != (len(evaluation_set), *CHIP_SHAPE):
        raise ValueError(f"chips {chips.shape} do not fit {len(evaluation_set)} faces")
    standings = ties.standings(evaluation_set, tuple(model_names))
    names = [row.name for row in standings]
    body = [
        *_opening(evaluation_set, created or datetime.now().astimezone()),
        _scores_section(evaluation_set, standings),
        _pairs_section(evaluation_set, standings),
        *_groups_sections(evaluation_set, names[:MAX_MODELS]),
        _models_section(evaluation_set, names),
        _agreement_section(evaluation_set, names[:MAX_MODELS]),
    ]
    if chips is not None:
        body.append(faces_section(evaluation_set, names[0], chips, blur=blur))
    body += method_sections(evaluation_set, names)
    return document(_title(evaluation_set), POLICY, _style(), body)


def _title(evaluation_set: EvaluationSet) -> str:
    return f"Test report: {evaluation_set.title}"


def _opening(evaluation_set: EvaluationSet, created: datetime) -> list[Child]:
    """The heading, the faces, and what a reader must know of them."""
    makers = set_notes.size_note, set_notes.missing_note, set_notes.purpose_note
    known = [note for maker in makers if (note := maker(evaluation_set))]
    made = f"Made on {created:%Y-%m-%d} at {created:%H:%M} with FER Explorer {fer_core.__version__}"
    return [
        el("h1", _title(evaluation_set)),
        el("p", f"{made}. {WARNING}", class_="muted"),
        section(
            "The faces",
            tables.emotions_table(evaluation_set),
            *(el("p", note, class_="notice") for note in known),
            bullets(note.replace("**", "") for note in evaluation_set.notes),
        ),
    ]


def _scores_section(evaluation_set: EvaluationSet, standings: Sequence[Standing]) -> Child:
    faces = tables.where(evaluation_set)
    baseline = baselines.majority_accuracy_of(evaluation_set.labels)
    titles = [evaluation_set.title_of(row.name) for row in standings]
    return section(
        "Which model is best?",
        el("p", *bold(standing.verdict(standings, evaluation_set))),
        figure(
            charts.accuracies(standings, titles, baseline, faces),
            f"Accuracy on {faces}, with 95 % intervals. {tables.baseline_text(evaluation_set)}",
            class_="wide",
        ),
        tables.scores_table(evaluation_set, standings),
    )


def _pairs_section(evaluation_set: EvaluationSet, standings: Sequence[Standing]) -> Child:
    if len(standings) < 2:
        return None
    return section("Against the best", tables.pairs_table(evaluation_set, standings))


def _groups_sections(evaluation_set: EvaluationSet, names: Sequence[str]) -> list[Child]:
    if not evaluation_set.groups:
        return []
    columns = list(evaluation_set.groups)
    left = len(columns) - MAX_COLUMNS
    more = f"The first {MAX_COLUMNS} of {len(columns)} columns of groups."
    parts = [
        part
        for column in columns[:MAX_COLUMNS]
        for part in tables.groups_part(evaluation_set, column, names)
    ]
    return [section("Groups", el("p", more) if left > 0 else None, *parts)]


def _models_section(evaluation_set: EvaluationSet, names: Sequence[str]) -> Child:
    left = len(names) - MAX_MODELS
    more = f"The {MAX_MODELS} most accurate models; {left} more are in the tables above."
    return section(
        "Each model",
        el("p", more) if left > 0 else None,
        *(model_part(evaluation_set, name) for name in names[:MAX_MODELS]),
    )


def _agreement_section(evaluation_set: EvaluationSet, names: Sequence[str]) -> Child:
    if len(names) < 2:
        return None
    return section("Do the models agree?", tables.agreement_table(evaluation_set, names))


@cache
def _style() -> str:
    return Path(__file__).with_name("report.css").read_text(encoding="utf-8")
