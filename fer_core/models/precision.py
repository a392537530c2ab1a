"""The precision in which networks compute: single precision, or 8-bit integers (int8).

Some networks have a second graph, `<model>.int8.onnx`, made by `python -m training.quantize`. It is
faster where the processor multiplies 8-bit numbers, and its answers differ a little. Results of the
test splits, and heat maps, are of single precision. Imports no NumPy.
"""

from functools import cache
from typing import Any, Literal, get_args

from fer_core.artifacts import int8, weights_file
from fer_core.artifacts.store import artifacts
from fer_core.registry import ModelSpec, get_model_spec, networks_of

Precision = Literal["fp32", "int8"]
#: `auto` is int8 where it is faster and loses at most `int8.MAX_LOSS`; `int8` is that wherever
#: there is such a graph.
PrecisionChoice = Literal["auto", "fp32", "int8"]
PRECISION_CHOICES: tuple[PrecisionChoice, ...] = get_args(PrecisionChoice)
#: NumPy's names of processor features that include dot products of 8-bit numbers (VNNI, SDOT).
INT8_FEATURES = frozenset({"AVX512_ICL", "AVX512_SPR", "ASIMDDP"})


def resolve(model: ModelSpec, choice: PrecisionChoice) -> Precision:
    """Decide in which precision a model answers; an ensemble in that of its members.

    The processor decides and not a measurement, so that a machine always gives the same answers.

    Raises:
        ValueError: `choice` is none of `PRECISION_CHOICES`.
    """
    if choice not in PRECISION_CHOICES:
        raise ValueError(f"precision must be {' or '.join(PRECISION_CHOICES)}, not {choice!r}")
    if choice == "fp32" or not _has_graphs(model):
        return "fp32"
    return "int8" if choice == "int8" or (has_fast_int8() and is_close(model)) else "fp32"


def is_close(model: ModelSpec) -> bool:
    """Whether a model with int8 loses little by it, and so do an ensemble's members."""
    members = [get_model_spec(name) for name in model.members]
    comparisons = [int8.comparison(one) for one in (model, *members)]
    return _has_graphs(model) and all(each and each.is_close for each in comparisons)


def _has_graphs(model: ModelSpec) -> bool:
    return not model.is_own and all(
        artifacts().stamp(weights_file.int8_path(one)) for one in networks_of(model)
    )


@cache
def has_fast_int8() -> bool:
    """Whether this processor is known to compute faster in int8 than in single precision."""
    import numpy as np  # takes longer than all other commands of the command line

    config: Any = np.show_config(mode="dicts")
    features = config.get("SIMD Extensions", {})
    return not INT8_FEATURES.isdisjoint([*features.get("baseline", ()), *features.get("found", ())])
