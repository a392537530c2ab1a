"""Records of a user's own models, which are not in the registry unless a program adds them."""

import itertools
import re
from collections.abc import Iterable
from typing import Final

from fer_core.registry import MODELS, ModelSpec

MAX_NAME: Final = 40  # characters of a name
MAX_TITLE: Final = 80
MAX_SHORT_TITLE: Final = 24


def own_model_spec(
    name: str, title: str = "", file: str = "", taken: Iterable[str] = ()
) -> ModelSpec:
    """Make the record of a user's own model.

    Args:
        name: Becomes an identifier of ASCII letters, digits, - and _; the name of a model in the
            registry gets a suffix.
        title: Display name; by default `name` as it was given.
        file: Path of its ONNX file, if there is one.
        taken: Identifiers of other models, case ignored; one that is taken gets a number.

    Examples:
        >>> own_model_spec("my net, v2").name
        'my_net_v2'
        >>> own_model_spec("resnet101").name
        'resnet101_own'
        >>> own_model_spec("my net", taken=["my_net"]).name
        'my_net_2'
    """
    safe = re.sub(r"[^A-Za-z0-9_-]+", "_", name)[:MAX_NAME].strip("_") or "own_model"
    ours = {known.lower() for known, model in MODELS.items() if not model.is_own} | {"all"}
    if safe.lower() in ours:
        safe = f"{safe}_own"
    safe = _numbered(safe, {*ours, *map(str.lower, taken)})
    shown = " ".join((title or name).split())[:MAX_TITLE] or safe
    if shown in {model.title for model in MODELS.values() if not model.is_own}:
        shown += " (own)"
    return ModelSpec(
        name=safe,
        title=shown,
        short_title=shown if len(shown) <= MAX_SHORT_TITLE else f"{shown[: MAX_SHORT_TITLE - 1]}…",
        kind="own model",
        summary="A model of your own: nothing is known here of its training.",
        architecture="Not known: it is your own model.",
        predictor="own",
        file=file,
    )


def _numbered(name: str, taken: set[str]) -> str:
    """The name, with a number if it is in `taken`, whose names are in lower case."""
    numbered = (f"{name}_{number}" for number in itertools.count(2))
    return next(n for n in itertools.chain([name], numbered) if n.lower() not in taken)


def register(model: ModelSpec) -> None:
    """Add an own model to the registry of this process, where all that list models find it.

    For the operator of an app and for commands, never for what a visitor sends.

    Raises:
        ValueError: It is no own model, or the name is taken by another one.
    """
    if not model.is_own or MODELS.get(model.name, model) != model:
        raise ValueError(f"{model.name} is the name of another model, or no own model")
    MODELS[model.name] = model
