"""Evaluated sets as CSV: one row per face and model."""

import csv
import io
from collections import defaultdict
from typing import Final

import numpy as np

from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.own_sets.results_content import MAX_FACES, MAX_MODELS, SetContent, text_arrays
from fer_core.text import escape_formula, unescape_formula

COLUMNS: Final = ("id", "label", "model", "title", *EMOTIONS)
_SCORES: Final = tuple(f"yes_{emotion}" for emotion in EMOTIONS)
_GROUP: Final = "group_"  # before the name of a column of groups


def to_csv(content: SetContent) -> str:
    """Write a set: id, label, groups, model, seven probabilities, and yes/no scores if any."""
    columns = [*COLUMNS, *(f"{_GROUP}{c}" for c in content.groups), *_SCORES[: _width(content)]]
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(map(escape_formula, columns))
    for model, probabilities in content.probabilities.items():
        scores = content.scores.get(model)
        for i, name in enumerate(content.ids.tolist()):
            texts = [name, EMOTIONS[content.labels[i]], model, content.titles[model]]
            texts = [escape_formula(text) for text in texts]
            groups = [escape_formula(str(values[i])) for values in content.groups.values()]
            own = _numbers(scores[i]) if scores is not None else [""] * _width(content)
            writer.writerow([*texts, *_numbers(probabilities[i]), *groups, *own])
    return file.getvalue()


def from_csv(content: bytes) -> SetContent:
    """Read a table of `to_csv`; `SetContent.checked` checks what comes out.

    Raises:
        ResultsError: It has other columns or rows, or not each face for each model.
        ValueError: It is no text, or has no numbers where they must be.
    """
    try:
        rows = csv.DictReader(
            io.StringIO(content.decode("utf-8-sig"), newline=""), restval="", strict=True
        )
        names = [unescape_formula(name) for name in rows.fieldnames or ()]
        if missing := [name for name in COLUMNS if name not in names]:
            raise ResultsError(f"it has no column {', '.join(missing)}.")
        rows.fieldnames = names
        return _parse(rows, names)
    except csv.Error as error:
        raise ResultsError(f"{error}.") from error


def _parse(rows: "csv.DictReader[str]", names: list[str]) -> SetContent:
    group_columns = [name for name in names if name.startswith(_GROUP)]
    has_scores = set(_SCORES) <= set(names)
    faces: dict[str, tuple[str, ...]] = {}  # id → label and groups
    order: dict[str, list[str]] = defaultdict(list)  # model → ids
    titles: dict[str, str] = {}
    probabilities: dict[str, list[list[float]]] = defaultdict(list)
    scores: dict[str, list[list[float]]] = defaultdict(list)
    for row in rows:
        if len(titles) > MAX_MODELS or len(faces) > MAX_FACES:
            raise ResultsError("it has too many models or faces.")
        name, model = unescape_formula(row["id"]), unescape_formula(row["model"])
        face = (row["label"], *(unescape_formula(row[column]) for column in group_columns))
        if faces.setdefault(name, face) != face:
            raise ResultsError("a face has different labels or groups in several rows.")
        order[model].append(name)
        titles.setdefault(model, unescape_formula(row["title"]))
        probabilities[model].append([float(row[emotion]) for emotion in EMOTIONS])
        if has_scores and row[_SCORES[0]]:
            scores[model].append([float(row[column]) for column in _SCORES])
    ids = list(faces)
    if any(names_ != ids for names_ in order.values()):
        raise ResultsError("not every model has every face once, in one order.")
    labels = [face[0] for face in faces.values()]
    if unknown := sorted(set(labels) - set(EMOTIONS)):
        raise ResultsError(f"it has labels that are no emotions, such as {unknown[0]}.")
    columns = [[face[i] for face in faces.values()] for i in range(1, len(group_columns) + 1)]
    id_array, *groups = text_arrays([ids, *columns])
    return SetContent(
        "",
        id_array,
        np.array([EMOTIONS.index(label) for label in labels], np.int64),
        {model: np.array(values) for model, values in probabilities.items()},
        {model: np.array(values) for model, values in scores.items()},
        {c.removeprefix(_GROUP): a for c, a in zip(group_columns, groups, strict=True)},
        titles,
    )


def _width(content: SetContent) -> int:
    return len(EMOTIONS) if content.scores else 0


def _numbers(values: np.ndarray) -> list[str]:
    return [f"{value:.6f}" for value in values]
