"""What int8 changes in the answers, in words."""

from fer_core.artifacts import int8
from fer_core.artifacts.int8 import Int8Comparison
from fer_core.evaluation.uncertainty import compare_counts, wilson_interval
from fer_core.models.precision import is_close
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports.format import (
    format_points_interval,
    percent,
    percent_with_interval,
    points,
)
from fer_core.reports.markdown import table


def answer_note(model: ModelSpec) -> str:
    """What to know beside an answer in int8."""
    note = "Computed in int8 (8-bit integers)."
    comparison = int8.comparison(model)
    if comparison is None:
        return note
    return (
        f"{note} On {percent(comparison.same_answer / comparison.n, 1)} of {comparison.n:,} "
        "PublicTest faces the answer is the same as in single precision, which scores and heat "
        "maps use."
    )


def card_text(model: ModelSpec) -> str:
    """What int8 changes for this model; empty where that was not measured."""
    comparison = int8.comparison(model)
    if comparison is None:
        return ""
    used = "Used where the processor is faster with it" if is_close(model) else "Used on request"
    return (
        f"{used}. On {comparison.n:,} PublicTest faces the answer is the same as in single "
        f"precision for {_same(comparison)}, and accuracy changes by {_change(comparison)} points. "
        "All other numbers are of single precision; int8 was not scored on PrivateTest"
    )


def markdown_table() -> str:
    """What int8 changes, for every model that has it."""
    heads = ("model", "PublicTest faces", "same answer", "accuracy, points", "used by `auto`")
    comparisons = [(model, int8.comparison(model)) for model in MODELS.values()]
    body = [
        (
            f"`{model.name}`",
            f"{comparison.n:,}",
            _same(comparison),
            _change(comparison),
            "yes" if is_close(model) else "no",
        )
        for model, comparison in comparisons
        if comparison
    ]
    return table(heads, body)


def _same(comparison: Int8Comparison) -> str:
    """'98.4 % (97.9–98.8)'."""
    interval = wilson_interval(comparison.same_answer, comparison.n)
    return percent_with_interval(comparison.same_answer / comparison.n, interval)


def _change(comparison: Int8Comparison) -> str:
    """'−0.1 (−0.4 to +0.2)', in percentage points; the interval is paired."""
    counts = comparison.both_correct, comparison.int8_only, comparison.fp32_only
    change = compare_counts(*counts, comparison.n - sum(counts))
    return f"{points(change.difference, 2)} ({format_points_interval(change.interval, 2)})"
