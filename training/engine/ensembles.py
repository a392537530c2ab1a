"""Fit the ensembles on their members' PublicTest predictions; each has a few parameters.

PublicTest predictions of an ensemble are always out of fold: the parameters are fitted on four
fifths of the images and applied to the remaining fifth.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold

from fer_core.artifacts import store, weights_file
from fer_core.artifacts.provenance import collect_provenance
from fer_core.emotions import EMOTIONS
from fer_core.errors import DataError
from fer_core.models import ensembles
from fer_core.models.predictors import member_predictions
from fer_core.probability import log_odds
from fer_core.registry import EnsembleRule, ModelSpec, get_model_spec
from training.engine.calibration import fit_vector_scaling
from training.engine.data import FerData

FOLDS = StratifiedKFold(5, shuffle=True, random_state=0)
MULTICLASS_SHARES = np.linspace(0, 1, 21)


def train(model: ModelSpec, data: FerData, folder: Path) -> None:
    """Fit an ensemble on PublicTest and write its JSON file into `folder`.

    Raises `DataError` if PublicTest has too few faces.
    """
    public_test = data.split("PublicTest")
    require_folds(model, public_test.labels)
    members = {
        name: store.sha256(weights_file.path(get_model_spec(name))) for name in model.members
    }
    content = {
        "provenance": {"variant": model.name, "fitted_on": "PublicTest", "parts": members}
        | collect_provenance("cpu"),
        "fitted": fit(model, member_predictions(model, public_test.chips), public_test.labels),
    }
    store.write_files({folder / weights_file.path(model).name: store.json_bytes(content)})


def fit(model: ModelSpec, predictions: Sequence[np.ndarray], labels: np.ndarray) -> dict[str, Any]:
    """Fit an ensemble's parameters.

    Args:
        model: The ensemble.
        predictions: One (N, 7) array per member.
        labels: (N,) indices into EMOTIONS.

    Raises:
        ValueError: The model is not an ensemble.
    """
    if model.combine is None:
        raise ValueError(f"{model.name} is not an ensemble")
    return FIT_FUNCTIONS[model.combine](labels, *predictions)


def out_of_fold(
    model: ModelSpec, predictions: Sequence[np.ndarray], labels: np.ndarray
) -> np.ndarray:
    """Predict each image with parameters fitted without it.

    Args:
        model: The ensemble.
        predictions: One (N, 7) array per member.
        labels: (N,) indices into EMOTIONS.

    Returns:
        (N, 7) float32 probabilities.
    """
    require_folds(model, labels)
    probabilities = np.zeros((len(labels), len(EMOTIONS)), np.float32)
    for train_fold, test_fold in FOLDS.split(labels, labels):
        fitted = fit(model, [member[train_fold] for member in predictions], labels[train_fold])
        probabilities[test_fold] = ensembles.combine(
            model, fitted, [member[test_fold] for member in predictions]
        )
    return probabilities


def require_folds(model: ModelSpec, labels: np.ndarray) -> None:
    """Raise `DataError` if an emotion has fewer PublicTest faces than there are folds."""
    counts = np.bincount(labels, minlength=len(EMOTIONS))
    fewest = int(counts.argmin())
    if counts[fewest] < FOLDS.n_splits:
        raise DataError(
            f"{model.name} needs {FOLDS.n_splits} PublicTest images of each emotion; "
            f"{EMOTIONS[fewest]} has {counts[fewest]}."
        )


def _vector_scaling(labels: np.ndarray, scores: np.ndarray) -> dict[str, Any]:
    """Fit one slope and offset per emotion, which turn seven yes/no scores into probabilities."""
    slope, offset = fit_vector_scaling(log_odds(scores), labels)
    return {"slope": slope.tolist(), "offset": offset.tolist()}


def _weighted_mean(
    labels: np.ndarray, scores: np.ndarray, probabilities: np.ndarray
) -> dict[str, Any]:
    scaling = _vector_scaling(labels, scores)
    single = ensembles.vector_scaling(scaling, scores)
    of_label = np.arange(len(labels)), labels
    p_multiclass, p_single = probabilities[of_label], single[of_label]
    losses = [-np.log(s * p_multiclass + (1 - s) * p_single).mean() for s in MULTICLASS_SHARES]
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


#: Combination rule, as named in the registry → function that fits its parameters.
FIT_FUNCTIONS: Mapping[EnsembleRule, Callable[..., dict[str, Any]]] = {
    "vector_scaling": _vector_scaling,
    "weighted_mean": _weighted_mean,
    "logistic_regression": _logistic_regression,
    "mean": lambda labels, *predictions: {},
}
