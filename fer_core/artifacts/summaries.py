"""A variant's committed summary, `results/<variant>.json`, and what follows from it.

`python -m training.evaluate` writes it. Imports no NumPy.
"""

from pathlib import Path
from typing import Any

from fer_core.artifacts import store, weights_file
from fer_core.errors import ResultsError
from fer_core.registry import MODELS, ModelSpec, get_model_spec

EVALUATE_COMMAND = "evaluate all"  # the command that writes a variant's results


def path(variant: ModelSpec) -> Path:
    """Where the summary lies; the predictions lie beside it in an `.npz`."""
    return store.artifacts().results / f"{variant.name}.json"


def load_summary(variant: ModelSpec) -> dict[str, Any] | None:
    """The committed results; None where there are none, or where the file is not what was
    committed, which `problem` says."""
    try:
        return store.read_json(path(variant), EVALUATE_COMMAND)
    except ResultsError:
        return None


def problem(variant: ModelSpec) -> str | None:
    """The sentence that says what is wrong with the committed summary; None where all is well or
    the variant was never evaluated."""
    return store.problem(path(variant), EVALUATE_COMMAND)


def evaluated_models() -> list[ModelSpec]:
    """The variants whose results are committed, in the order of the registry."""
    return [variant for variant in MODELS.values() if load_summary(variant) is not None]


def accuracy(variant: ModelSpec, split: str) -> float | None:
    """Committed seven-way accuracy on a split, a fraction; None where not evaluated."""
    results = load_summary(variant)
    return None if results is None else float(results["splits"][split]["accuracy"])


def default_model_name() -> str | None:
    """Name of the ready variant most accurate on PublicTest (never chosen on PrivateTest)."""
    ready = {n: v for n, v in MODELS.items() if weights_file.is_ready(v)}
    known = {n: a for n, v in ready.items() if (a := accuracy(v, "PublicTest")) is not None}
    if known:
        return max(known, key=lambda n: known[n])
    return next(iter(ready), None)


def thresholds(variant: ModelSpec) -> dict[str, float]:
    """The score from which on each of its yes/no models says yes, by emotion, as chosen on
    PublicTest; empty where it has none."""
    found: dict[str, float] = (load_summary(variant) or {}).get("thresholds", {})
    return found


def label_sources(variant: ModelSpec) -> tuple[str, ...]:
    """Whose labels its networks, a combination's members, learned from, each said once; empty where
    none was evaluated."""
    return tuple(sorted({made["labels"] for made in _networks_made(variant)}))


def trained_on_votes(variant: ModelSpec) -> bool:
    """Whether people's votes (FER+) had a share in what its networks learned."""
    return any(made["recipe"].get("votes", 0) for made in _networks_made(variant))


def teacher_name(variant: ModelSpec) -> str:
    """Name of the variant whose answers it learned to give (distillation); "" for none."""
    return str((load_summary(variant) or {}).get("recipe", {}).get("teacher", ""))


def has_retrained_teacher(variant: ModelSpec) -> bool:
    """Whether the teacher has been trained anew since, so that its answers are others now."""
    taught_by = (load_summary(variant) or {}).get("taught_by", {})
    return any(
        (load_summary(get_model_spec(name)) or {}).get("sha256") != digest
        for name, digest in taught_by.items()
    )


def retrained_members(variant: ModelSpec) -> list[str]:
    """The members whose weights have changed since a combination was fitted on their answers."""
    fitted_on = (load_summary(variant) or {}).get("parts", {})
    sums = store.read_checksums(store.artifacts().weights)
    return [
        member
        for member in variant.members
        if member in fitted_on
        and fitted_on[member] != sums.get(weights_file.path(get_model_spec(member)).name)
    ]


def _networks_made(variant: ModelSpec) -> list[dict[str, Any]]:
    """The results of its networks, a combination's members, that were evaluated."""
    networks = [get_model_spec(member) for member in variant.members] or [variant]
    return [made for network in networks if (made := load_summary(network))]
