"""The raw maps of what is made of several networks: `individual`, ensembles, stacking."""

import json
from typing import NamedTuple

import numpy as np

from fer_core.artifacts import weights_file
from fer_core.emotions import EMOTIONS
from fer_core.explain.ensembles import Decision, decision
from fer_core.explain.raw import raw_maps
from fer_core.explain.request import Question
from fer_core.models.predictors import load, load_yes_no
from fer_core.registry import get


class Addends(NamedTuple):
    """What one part adds to the maps of N faces."""

    names: list[str]
    shares: np.ndarray  # (N,)
    raw: np.ndarray  # (N, 48, 48), already multiplied by the shares


def individual_maps(q: Question) -> np.ndarray:
    """(N, 48, 48): each face's map by the yes/no model of the emotion that is asked about."""
    found = _own_models(q, q.marks)
    if q.against is None:
        return found
    return np.maximum(found - _own_models(q, q.against_marks), 0)


def _own_models(q: Question, marks: np.ndarray) -> np.ndarray:
    found = np.zeros(q.chips.shape, np.float32)
    for k in range(len(EMOTIONS)):
        rows = np.flatnonzero(marks[:, k])
        if len(rows):
            found[rows] = _yes_no_maps(q, k, rows, np.ones(len(rows)))
    return found


def composite_maps(q: Question) -> list[Addends]:
    """Every part's share of the maps; their sum is the composite's raw map."""
    d = _decision(q)
    found = []
    for k, name in enumerate(EMOTIONS):
        raw = np.zeros(q.chips.shape, np.float32)
        rows = np.flatnonzero(d.shares[:, k])
        if len(rows):
            raw[rows] = _yes_no_maps(q, k, rows, d.signs[rows, k])
        names = [f"{name}: {'yes' if sign > 0 else 'no'}" for sign in d.signs[:, k]]
        found.append(_weighed(names, d.shares[:, k], raw))
    if "multiclass" in get(q.variant).members:
        raw = raw_maps("multiclass", q.chips, d.multiclass, q.method.name, q.depth)
        found.append(_weighed(["multiclass"] * len(raw), d.shares[:, -1], raw))
    return found


def _decision(q: Question) -> Decision:
    variant = get(q.variant)
    fitted = json.loads(weights_file.checked(weights_file.path(variant)).read_text())["fitted"]
    scores = load_yes_no("individual").scores(q.chips)
    probabilities = np.zeros_like(scores)
    if "multiclass" in variant.members:
        probabilities = load("multiclass").predict_proba(q.chips)
    return decision(variant.name, fitted, scores, probabilities, q.marks, q.against_marks)


def _yes_no_maps(q: Question, k: int, rows: np.ndarray, signs: np.ndarray) -> np.ndarray:
    chips, asked = q.chips[rows], signs[:, None]
    return raw_maps("individual", chips, asked, q.method.name, q.depth, member=EMOTIONS[k])


def _weighed(names: list[str], shares: np.ndarray, raw: np.ndarray) -> Addends:
    return Addends(names, shares, (shares[:, None, None] * raw).astype(np.float32))
