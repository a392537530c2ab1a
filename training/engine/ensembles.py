"""Fit the composite variants on PublicTest answers of their parts: a few numbers each.

What is said of a composite on PublicTest is always out of fold: fitted on four fifths, asked about
the fifth that was left out.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold

from fer_core.artifacts import weights_file
from fer_core.artifacts.provenance import stamp
from fer_core.emotions import EMOTIONS
from fer_core.models import ensembles
from fer_core.models.predictors import load, load_individual
from fer_core.probability import log_odds
from fer_core.registry import ModelSpec, get
from training.engine.calibration import best_vector
from training.engine.data import FerData

FOLDS = StratifiedKFold(5, shuffle=True, random_state=0)
SHARES = np.linspace(0, 1, 21)


def train(variant: ModelSpec, data: FerData, folder: Path) -> None:
    """Fit a composite on PublicTest and write its JSON file into `folder`."""
    public = data.split("PublicTest")
    scores, probabilities = part_answers(public.chips)
    content = {
        "provenance": {
            "variant": variant.name,
            "fitted_on": "PublicTest",
            "parts": {
                part: weights_file.sha256(weights_file.path(get(part))) for part in variant.members
            },
        }
        | stamp("cpu"),
        "fitted": fit(variant.name, scores, probabilities, public.labels),
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / weights_file.path(variant).name
    path.write_text(json.dumps(content, indent=1) + "\n")
    weights_file.record(path)


def part_answers(chips: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The yes/no scores and the multi-class probabilities of (N, 48, 48) chips, (N, 7) each."""
    return load_individual().scores(chips), load("multiclass").predict_proba(chips)


def fit(
    name: str, scores: np.ndarray, probabilities: np.ndarray, labels: np.ndarray
) -> dict[str, Any]:
    """The numbers of composite `name` from its parts' answers (N, 7) and `labels` (N,)."""
    if name == "ensemble_single":
        return _vector_scaling(scores, labels)
    if name == "ensemble_full":
        scaling = _vector_scaling(scores, labels)
        single = ensembles.single(scores, scaling)
        chosen = np.arange(len(labels)), labels
        truth = probabilities[chosen], single[chosen]  # each one's probability of the label
        losses = [-np.log(s * truth[0] + (1 - s) * truth[1]).mean() for s in SHARES]
        return scaling | {"multiclass_share": float(SHARES[int(np.argmin(losses))])}
    search = GridSearchCV(
        LogisticRegression(max_iter=2000),
        {"C": [0.001, 0.01, 0.1, 1.0]},
        scoring="neg_log_loss",
        cv=FOLDS,
    ).fit(ensembles.features(scores, probabilities), labels)
    best = search.best_estimator_
    return {
        "coefficients": best.coef_.tolist(),
        "intercept": best.intercept_.tolist(),
        "regularisation": float(best.C),
    }


def out_of_fold(
    name: str, scores: np.ndarray, probabilities: np.ndarray, labels: np.ndarray
) -> np.ndarray:
    """(N, 7) answers, each from a fit that did not see that image."""
    answers = np.zeros((len(labels), len(EMOTIONS)), np.float32)
    for seen, unseen in FOLDS.split(scores, labels):
        fitted = fit(name, scores[seen], probabilities[seen], labels[seen])
        answers[unseen] = ensembles.combine(name, fitted, scores[unseen], probabilities[unseen])
    return answers


def _vector_scaling(scores: np.ndarray, labels: np.ndarray) -> dict[str, list[float]]:
    """Slope and offset an emotion that make one answer out of seven independent ones."""
    slope, offset = best_vector(log_odds(scores), labels)
    return {"slope": slope.tolist(), "offset": offset.tolist()}
