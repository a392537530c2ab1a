"""The model that answers where a visitor has chosen none.

A person who shows a photo asks what people would call the expression, so the ruler is the crowd:
the model with the highest accuracy by the FER+ majority on PublicTest. Where the votes were never
counted, FER2013's own labels decide. PrivateTest never does.
"""

from collections.abc import Callable

from fer_core.artifacts import summaries, weights_file
from fer_core.errors import ResultsError
from fer_core.evaluation import ferplus_agreement
from fer_core.registry import MODELS, ModelSpec

SPLIT = "PublicTest"


def default_model_name() -> str | None:
    """Name of the default model, among those whose weights are in place; None if none are."""
    first = (model.name for model in _ready())
    return _best(_crowd_accuracy) or best_by_labels() or next(first, None)


def best_by_labels() -> str | None:
    """Name of the model with the highest accuracy by FER2013's labels; None without results."""
    return _best(lambda model: summaries.accuracy(model, SPLIT))


def _best(accuracy: Callable[[ModelSpec], float | None]) -> str | None:
    scores = {model.name: accuracy(model) for model in _ready()}
    known = {name: score for name, score in scores.items() if score is not None}
    return max(known, key=lambda name: known[name], default=None)


def _ready() -> list[ModelSpec]:
    return [model for model in MODELS.values() if weights_file.is_ready(model)]


def _crowd_accuracy(model: ModelSpec) -> float | None:
    try:
        row = ferplus_agreement.load_agreement().for_model(model, SPLIT)
    except ResultsError:
        return None
    return row.majority_accuracy if row else None
