"""A model's committed summary, `results/<model>.json`, and facts derived from it.

Written by `python -m training.evaluate`. Imports no NumPy.
"""

import io
import zipfile
from collections import Counter
from collections.abc import Hashable
from pathlib import Path
from typing import Any

from fer_core.artifacts import store, weights_file
from fer_core.errors import ResultsError
from fer_core.registry import MODELS, ModelSpec, get_model_spec, networks_of

EVALUATE_COMMAND = "evaluate all"  # the `training` command that writes the results
TEST_SPLIT_SIZE = 3589  # images in FER2013's PublicTest, and in PrivateTest


def path(model: ModelSpec) -> Path:
    """Path of the summary."""
    return store.artifacts().results / f"{model.name}.json"


def predictions_path(model: ModelSpec) -> Path:
    """Path of the predictions, see `fer_core.artifacts.predictions`."""
    return path(model).with_suffix(".npz")


def load_summary(model: ModelSpec) -> dict[str, Any] | None:
    """Load the committed summary; None if it is missing or must not be shown (see `problem`).

    Own models have none; a committed file of such a name is another model's.
    """
    return None if problem(model) else _read(model)


def problem(model: ModelSpec) -> str | None:
    """Why a model's results must not be shown, one sentence.

    They are damaged, they are those of other weights than the weights on disk, or those of a part
    of FER2013 or of other images than the other models'. None if they are fine, or if it was never
    evaluated.
    """
    return (
        None
        if model.is_own
        else (
            store.problem(path(model), EVALUATE_COMMAND)
            or retraining_problem(model)
            or _images_problem(model)
        )
    )


def retraining_problem(model: ModelSpec) -> str | None:
    """That a model was trained anew since it was evaluated, one sentence; otherwise None.

    For an ensemble, that it was fitted anew or that a member was trained anew. Without weights
    nothing was trained.
    """
    summary = _read(model) or {}
    recorded = {model.name: summary.get("sha256")}
    # The members at the ensemble's evaluation; older results have only those of its fit.
    recorded |= summary.get("members") or summary.get("parts") or {}
    changed = [
        name
        for name, checksum in recorded.items()
        if checksum and weights_checksum(name) not in (checksum, None)
    ]
    if not changed:
        return None
    member = "" if changed[0] == model.name else f"{model.name} is made of {changed[0]}, which "
    subject = member or f"{model.name} "
    return (
        f"{subject}was trained anew since {model.name if member else 'it'} was evaluated: run "
        f"`python -m training.evaluate {model.name}`."
    )


def missing_results(model: ModelSpec) -> str:
    """Why a model has no accuracy to show, in a few words; `problem` has the whole sentence."""
    if retraining_problem(model):
        return "trained anew since it was evaluated"
    return "results cannot be shown" if problem(model) else "not evaluated yet"


def weights_checksum(model_name: str) -> str | None:
    """As `weights_file.checksum`, by name."""
    return weights_file.checksum(get_model_spec(model_name))


def _images_problem(model: ModelSpec) -> str | None:
    """That a model was evaluated on too few or other images than most models, one sentence."""
    again = f"run `python -m training.evaluate {model.name}`."
    for split, report in (_read(model) or {}).get("splits", {}).items():
        if report["n"] != TEST_SPLIT_SIZE:
            return (
                f"{model.name} was evaluated on {report['n']:,} images of {split} instead of "
                f"{TEST_SPLIT_SIZE:,}: {again}"
            )
    checksums = [
        store.read_checksums(file.parent) for file in (path(model), weights_file.path(model))
    ]
    if model.name not in _on_different_images(*(frozenset(part.items()) for part in checksums)):
        return None
    return f"{model.name} was evaluated on different images than other models: {again}"


@store.cached
def _on_different_images(*checksums: frozenset[tuple[str, str]]) -> frozenset[str]:
    """Names of the models evaluated on other images than most; `checksums` are the cache's key."""
    images = {
        model.name: fingerprint
        for model in MODELS.values()
        if (fingerprint := _images_fingerprint(model)) is not None
    }
    usual = Counter(images.values()).most_common(1)
    return frozenset(name for name, fingerprint in images.items() if fingerprint != usual[0][0])


def _images_fingerprint(model: ModelSpec) -> Hashable | None:
    """Equal for models whose predictions are for the same images; None without usable results."""
    if _read(model) is None or retraining_problem(model):
        return None
    try:
        return _ids_checksum(store.read_verified(predictions_path(model), EVALUATE_COMMAND))
    except ResultsError:
        return None


def _ids_checksum(content: bytes) -> tuple[int, int] | None:
    """Size and CRC-32 of the array of ids, from the directory of an .npz file's content."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            member = file.getinfo("ids.npy")
    except (zipfile.BadZipFile, KeyError):
        return None
    return member.file_size, member.CRC


def _read(model: ModelSpec) -> dict[str, Any] | None:
    """The summary as committed, parsed once and shared; None if it is missing or damaged."""
    if model.is_own:
        return None
    file = path(model)
    try:
        content = store.read_verified(file, EVALUATE_COMMAND)
        return store.artifacts().get_or_compute(
            (_read, file, content), lambda: store.read_json(file, EVALUATE_COMMAND)
        )
    except ResultsError:
        return None


def require_summary(model: ModelSpec) -> dict[str, Any]:
    """Load the summary; raises `ResultsError` if it is missing or must not be shown."""
    summary = load_summary(model)
    if summary is None:
        raise ResultsError(problem(model) or f"{model.title} has not been evaluated yet.")
    return summary


def evaluated_models() -> list[ModelSpec]:
    """The models with a committed summary, in registry order."""
    return [model for model in MODELS.values() if load_summary(model) is not None]


def accuracy(model: ModelSpec, split: str) -> float | None:
    """Seven-class accuracy on a split, a fraction; None if the model was not evaluated."""
    summary = load_summary(model)
    return None if summary is None else float(summary["splits"][split]["accuracy"])


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
    recipes = [summary["recipe"] for summary in _network_summaries(model)]
    return any(recipe.get("votes", 0) or recipe.get("by_votes") for recipe in recipes)


def trained_by_votes(model: ModelSpec) -> bool:
    """Whether the votes alone taught the network, so that it answers what the crowd would say."""
    return bool((load_summary(model) or {}).get("recipe", {}).get("by_votes"))


def trained_with_faults(model: ModelSpec) -> bool:
    """Whether the network was trained with faults of photos: exposure, resolution, blur, noise."""
    recipe = (load_summary(model) or {}).get("recipe", {})
    return bool(recipe.get("augmentation", {}).get("faults"))


def teacher_name(model: ModelSpec) -> str:
    """Name of the teacher it was distilled from; "" if none."""
    return str((load_summary(model) or {}).get("recipe", {}).get("teacher", ""))


def has_retrained_teacher(model: ModelSpec) -> bool:
    """Whether its teacher has been retrained since, so that it now predicts differently."""
    checksums = (load_summary(model) or {}).get("taught_by", {})
    return any(weights_checksum(name) != checksum for name, checksum in checksums.items())


def retrained_members(model: ModelSpec) -> list[str]:
    """Names of the members whose weights have changed since the ensemble was fitted."""
    fitted_on = (load_summary(model) or {}).get("parts", {})
    return [name for name in fitted_on if fitted_on[name] != weights_checksum(name)]


def _network_summaries(model: ModelSpec) -> list[dict[str, Any]]:
    """The summaries of the evaluated networks: the model itself, or an ensemble's members."""
    return [summary for network in networks_of(model) if (summary := load_summary(network))]
