"""What a request to the API asks about its photos: the parameters in its address."""

from dataclasses import dataclass
from typing import TypeVar

from starlette.datastructures import QueryParams

from fer_core.artifacts import weights_file
from fer_core.evaluation.default_model import default_model_name
from fer_core.models.precision import PRECISION_CHOICES, PrecisionChoice
from fer_core.registry import MODELS
from pages.runtime.settings import settings
from pages.server.api.error import ApiError

T = TypeVar("T", bound=str)
ALL = "all"
YES_OR_NO = ("true", "false")
PARAMETERS = ("model", "whole_picture", "precision")


@dataclass(frozen=True)
class Question:
    """What is asked about each photo; as the options of `classify` on the command line."""

    models: tuple[str, ...]
    whole_picture: bool
    precision: PrecisionChoice


def question(query: QueryParams) -> Question:
    """Read the parameters.

    Raises:
        ApiError: 400 if one of them is wrong, 503 if no model is there.
    """
    if set(query) - set(PARAMETERS):
        raise ApiError(400, f"The parameters are {', '.join(PARAMETERS)}; there are no others.")
    precision = _one(query, "precision", PRECISION_CHOICES, settings().precision)
    whole = _one(query, "whole_picture", YES_OR_NO, "false") == "true"
    names = [name.strip() for text in query.getlist("model") for name in text.split(",")]
    return Question(tuple(_models(names)), whole, precision)


def _one(query: QueryParams, name: str, choices: tuple[T, ...], default: T) -> T:
    given = query.getlist(name) or [default]
    for choice in choices:
        if given == [choice]:
            return choice
    raise ApiError(400, f"The parameter {name} must be {' or '.join(choices)}, once.")


def _models(names: list[str]) -> list[str]:
    """Names of the models to ask, each once; the default one if none is named."""
    if any(name not in (*MODELS, ALL) for name in names):
        raise ApiError(
            400, f"The parameter model must be {ALL}, or one or more of {', '.join(MODELS)}."
        )
    if ALL in names:
        names = [name for name, model in MODELS.items() if weights_file.is_ready(model)]
    elif not names and (default := default_model_name()) is not None:
        names = [default]
    if not names:
        raise ApiError(503, "No model is in place here.")
    return list(dict.fromkeys(names))
