"""A model's committed summary, `results/<model>.json`, and facts derived from it.

Written by `python -m training.evaluate`. Imports no NumPy.
"""

from pathlib import Path
from typing import Any

from fer_core.artifacts import store, weights_file
from fer_core.errors import ResultsError
from fer_core.registry import MODELS, ModelSpec, get_model_spec

EVALUATE_COMMAND = "evaluate all"  # the `training` command that writes the results


def path(model: ModelSpec) -> Path:
    """Path of the summary; the predictions are next to it in an `.npz` file."""
    return store.artifacts().results / f"{model.name}.json"


def load_summary(model: ModelSpec) -> dict[str, Any] | None:
    """Load the committed summary; None if it is missing or damaged (see `problem`)."""
    try:
        return store.read_json(path(model), EVALUATE_COMMAND)
    except ResultsError:
        return None


def problem(model: ModelSpec) -> str | None:
    """Describe what is wrong with the summary; None if it is intact or was never recorded."""
    return store.problem(path(model), EVALUATE_COMMAND)


def evaluated_models() -> list[ModelSpec]:
    """The models with a committed summary, in registry order."""
    return [model for model in MODELS.values() if load_summary(model) is not None]


def accuracy(model: ModelSpec, split: str) -> float | None:
    """Seven-class accuracy on a split, a fraction; None if the model was not evaluated."""
    summary = load_summary(model)
    return None if summary is None else float(summary["splits"][split]["accuracy"])


def default_model_name() -> str | None:
    """Name of the model with the highest PublicTest accuracy whose weights are in place.

    PrivateTest is never used for this choice. None if no model is ready.
    """
    ready = {name: model for name, model in MODELS.items() if weights_file.is_ready(model)}
    scores = {name: accuracy(model, "PublicTest") for name, model in ready.items()}
    accuracies = {name: score for name, score in scores.items() if score is not None}
    if accuracies:
        return max(accuracies, key=lambda name: accuracies[name])
    return next(iter(ready), None)


def thresholds(model: ModelSpec) -> dict[str, float]:
    """Emotion → decision threshold of its yes/no model, chosen on PublicTest; empty if none."""
    by_emotion: dict[str, float] = (load_summary(model) or {}).get("thresholds", {})
    return by_emotion


def label_sources(model: ModelSpec) -> tuple[str, ...]:
    """The sources of the labels its networks were trained on, without repetition.

    For an ensemble the networks are its members'. Empty if none was evaluated.
    """
    return tuple(sorted({summary["labels"] for summary in _network_summaries(model)}))


def trained_on_votes(model: ModelSpec) -> bool:
    """Whether the annotators' votes (FER+) were part of its networks' training targets."""
    return any(summary["recipe"].get("votes", 0) for summary in _network_summaries(model))


def teacher_name(model: ModelSpec) -> str:
    """Name of the teacher it was distilled from; "" if none."""
    return str((load_summary(model) or {}).get("recipe", {}).get("teacher", ""))


def has_retrained_teacher(model: ModelSpec) -> bool:
    """Whether its teacher has been retrained since, so that it now predicts differently."""
    checksums = (load_summary(model) or {}).get("taught_by", {})
    return any(
        (load_summary(get_model_spec(name)) or {}).get("sha256") != checksum
        for name, checksum in checksums.items()
    )


def retrained_members(model: ModelSpec) -> list[str]:
    """Names of the members whose weights have changed since the ensemble was fitted."""
    fitted_on = (load_summary(model) or {}).get("parts", {})
    checksums = store.read_checksums(store.artifacts().weights)
    return [
        member
        for member in model.members
        if member in fitted_on
        and fitted_on[member] != checksums.get(weights_file.path(get_model_spec(member)).name)
    ]


def _network_summaries(model: ModelSpec) -> list[dict[str, Any]]:
    """The summaries of the evaluated networks: the model itself, or an ensemble's members."""
    networks = [get_model_spec(member) for member in model.members] or [model]
    return [summary for network in networks if (summary := load_summary(network))]
