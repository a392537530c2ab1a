"""Fit the combinations on PublicTest answers of their members: a few numbers each.

What is said of a combination on PublicTest is always out of fold: fitted on four fifths, asked
about the fifth that was left out.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold

from fer_core.artifacts import store, weights_file
from fer_core.artifacts.provenance import stamp
from fer_core.emotions import EMOTIONS
from fer_core.models import ensembles
from fer_core.models.predictors import member_answers
from fer_core.probability import log_odds
from fer_core.registry import ModelSpec, Rule, get_model_spec
from training.engine.calibration import best_vector
from training.engine.data import FerData

FOLDS = StratifiedKFold(5, shuffle=True, random_state=0)
SHARES = np.linspace(0, 1, 21)


def train(variant: ModelSpec, data: FerData, folder: Path) -> None:
    """Fit a combination on PublicTest and write its JSON file into `folder`."""
    public = data.split("PublicTest")
    members = {
        name: store.sha256(weights_file.path(get_model_spec(name))) for name in variant.members
    }
    content = {
        "provenance": {"variant": variant.name, "fitted_on": "PublicTest", "parts": members}
        | stamp("cpu"),
        "fitted": fit(variant, member_answers(variant, public.chips), public.labels),
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / weights_file.path(variant).name
    path.write_text(json.dumps(content, indent=1) + "\n")
    store.record(path)


def fit(variant: ModelSpec, answers: Sequence[np.ndarray], labels: np.ndarray) -> dict[str, Any]:
    """The numbers of a combination from its members' answers (N, 7) and `labels` (N,)."""
    if variant.combine is None:
        raise ValueError(f"{variant.name} combines nothing")
    return FITS[variant.combine](labels, *answers)


def out_of_fold(
    variant: ModelSpec, answers: Sequence[np.ndarray], labels: np.ndarray
) -> np.ndarray:
    """(N, 7) answers, each from a fit that did not see that image."""
    found = np.zeros((len(labels), len(EMOTIONS)), np.float32)
    for seen, unseen in FOLDS.split(labels, labels):
        fitted = fit(variant, [each[seen] for each in answers], labels[seen])
        found[unseen] = ensembles.combine(variant, fitted, [each[unseen] for each in answers])
    return found


def _vector_scaling(labels: np.ndarray, scores: np.ndarray) -> dict[str, Any]:
    """Slope and offset an emotion that make one answer out of seven independent ones."""
    slope, offset = best_vector(log_odds(scores), labels)
    return {"slope": slope.tolist(), "offset": offset.tolist()}


def _weighted_mean(
    labels: np.ndarray, scores: np.ndarray, probabilities: np.ndarray
) -> dict[str, Any]:
    scaling = _vector_scaling(labels, scores)
    single = ensembles.vector_scaling(scaling, scores)
    chosen = np.arange(len(labels)), labels
    truth = probabilities[chosen], single[chosen]  # each one's probability of the label
    losses = [-np.log(s * truth[0] + (1 - s) * truth[1]).mean() for s in SHARES]
    return scaling | {"multiclass_share": float(SHARES[int(np.argmin(losses))])}


def _logistic_regression(
    labels: np.ndarray, scores: np.ndarray, probabilities: np.ndarray
) -> dict[str, Any]:
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


#: By the rule that a combination's record in the registry names.
FITS: Mapping[Rule, Callable[..., dict[str, Any]]] = {
    "vector_scaling": _vector_scaling,
    "weighted_mean": _weighted_mean,
    "logistic_regression": _logistic_regression,
    "mean": lambda labels, *answers: {},
}
