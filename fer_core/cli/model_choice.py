"""The models that a command asks, and numbers in its arguments."""

import sys
from collections.abc import Iterator, Sequence

from fer_core.artifacts import weights_file
from fer_core.errors import FerError, WeightsError
from fer_core.models.precision import PrecisionChoice
from fer_core.registry import MODELS


def positive(text: str) -> int:
    """An argument that is a whole number above 0, for `argparse`."""
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


positive.__name__ = "number above 0"  # argparse names it in its message


def share(text: str) -> float:
    """An argument that is a number from 0 to 1, for `argparse`."""
    if not 0 <= (number := float(text)) <= 1:
        raise ValueError(text)
    return number


share.__name__ = "number from 0 to 1"


def selected_models(name: str | None) -> list[str]:
    """Names of the models to use: one, or for "all" every trained model.

    Untrained models are reported on stderr. A model whose committed files are missing stays in the
    list, so that loading it reports the error.
    """
    if name != "all":
        from fer_core.evaluation.default_model import default_model_name  # needs NumPy

        best = name or default_model_name()
        if best is None:
            raise FerError("no model is trained yet")
        return [best]
    selected = []
    for model in MODELS.values():
        if weights_file.is_ready(model) or weights_file.has_lost_files(model):
            selected.append(model.name)
        else:
            print(f"{model.name}: not trained yet", file=sys.stderr)
    return selected


def loadable(
    model_names: Sequence[str], precision: PrecisionChoice, skip_damaged: bool
) -> Iterator[str]:
    """Load the models before the first photo.

    Args:
        model_names: Names of the models.
        precision: As of `predictors.load`.
        skip_damaged: Report a model that cannot be loaded on stderr, so that the others still
            answer, instead of raising `WeightsError`.
    """
    from fer_core.models.predictors import load

    for name in model_names:
        try:
            load(name, precision)
        except WeightsError as error:
            if not skip_damaged:
                raise
            print(f"error: {name}: {error}", file=sys.stderr)
        else:
            yield name
