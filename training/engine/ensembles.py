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
from fer_core.artifacts.provenance import collect_provenance
from fer_core.emotions import EMOTIONS
from fer_core.models import ensembles
from fer_core.models.predictors import member_predictions
from fer_core.probability import log_odds
from fer_core.registry import ModelSpec, EnsembleRule, get_model_spec
from training.engine.calibration import fit_vector_scaling
from training.engine.data import FerData

FOLDS = StratifiedKFold(5, shuffle=True, random_state=0)
MULTICLASS_SHARES = np.linspace(0, 1, 21)


def train(model: ModelSpec, data: FerData, folder: Path) -> None:
    """Fit a combination on PublicTest and write its JSON file into `folder`."""
    public = data.split("PublicTest")
    members = {
        name: store.sha256(weights_file.path(get_model_spec(name))) for name in model.members
    }
    content = {
        "provenance": {"variant": model.name, "fitted_on": "PublicTest", "parts": members}
        | collect_provenance("cpu"),
        "fitted": fit(model, member_predictions(model, public.chips), public.labels),
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / weights_file.path(model).name
    path.write_text(json.dumps(content, indent=1) + "\n")
    store.record_checksums(path)


def fit(model: ModelSpec, answers: Sequence[np.ndarray], labels: np.ndarray) -> dict[str, Any]:
    """The numbers of a combination from its members' answers (N, 7) and `labels` (N,)."""
    if model.combine is None:
        raise ValueError(f"{model.name} combines nothing")
    return FIT_FUNCTIONS[model.combine](labels, *answers)


def out_of_fold(
    model: ModelSpec, answers: Sequence[np.ndarray], labels: np.ndarray
) -> np.ndarray:
    """(N, 7) answers, each from a fit that did not see that image."""
    found = np.zeros((len(labels), len(EMOTIONS)), np.float32)
    for seen, unseen in FOLDS.split(labels, labels):
        fitted = fit(model, [each[seen] for each in answers], labels[seen])
        found[unseen] = ensembles.combine(model, fitted, [each[unseen] for each in answers])
    return found


def _vector_scaling(labels: np.ndarray, scores: np.ndarray) -> dict[str, Any]:
    """Slope and offset an emotion that make one answer out of seven independent ones."""
    slope, offset = fit_vector_scaling(log_odds(scores), labels)
    return {"slope": slope.tolist(), "offset": offset.tolist()}


def _weighted_mean(
    labels: np.ndarray, scores: np.ndarray, probabilities: np.ndarray
) -> dict[str, Any]:
    scaling = _vector_scaling(labels, scores)
    single = ensembles.vector_scaling(scaling, scores)
    chosen = np.arange(len(labels)), labels
    truth = probabilities[chosen], single[chosen]  # each one's probability of the label
    losses = [-np.log(s * truth[0] + (1 - s) * truth[1]).mean() for s in MULTICLASS_SHARES]
    return scaling | {"multiclass_share": float(MULTICLASS_SHARES[int(np.argmin(losses))])}


def _logistic_regression(
    labels: np.ndarray, scores: np.ndarray, probabilities: np.ndarray
) -> dict[str, Any]:
    search = GridSearchCV(
        LogisticRegression(max_iter=2000),
        {"C": [0.001, 0.01, 0.1, 1.0]},
        scoring="neg_log_loss",
        cv=FOLDS,
    ).fit(ensembles.stacking_features(scores, probabilities), labels)
    best = search.best_estimator_
    return {
        "coefficients": best.coef_.tolist(),
        "intercept": best.intercept_.tolist(),
        "regularisation": float(best.C),
    }


#: By the rule that a combination's record in the registry names.
FIT_FUNCTIONS: Mapping[EnsembleRule, Callable[..., dict[str, Any]]] = {
    "vector_scaling": _vector_scaling,
    "weighted_mean": _weighted_mean,
    "logistic_regression": _logistic_regression,
    "mean": lambda labels, *answers: {},
}
