"""`python -m fer_core variants`: every variant, what it is and how good. Imports no NumPy."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from fer_core.artifacts import store, summaries, weights_file
from fer_core.registry import MODELS, ModelSpec


def add_parser(commands: Any) -> None:
    """Add the command to argparse's sub-parsers of `python -m fer_core`."""
    parser = commands.add_parser("variants", aliases=["models"], help="list the variants")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Print a line a variant, or all of them as JSON; status 1 where a file that tells of them is
    damaged, each said on stderr."""
    rows = [_describe(variant) for variant in MODELS.values()]
    problems = list(_problems())
    for sentence in problems:
        print(f"error: {sentence}", file=sys.stderr)
    if chosen.json:
        print(json.dumps(rows, indent=1))
        return int(bool(problems))
    for row in rows:
        accuracy = row["private_test_accuracy"]
        told = "not trained yet" if not row["ready"] else "not evaluated yet"
        if isinstance(accuracy, float):
            told = f"{accuracy:.2%} on PrivateTest"
        print(f"{row['name']:16} {row['title']:42} {told}")
    return int(bool(problems))


def _problems() -> Iterator[str]:
    """What is wrong with the files that tell of the variants, a sentence each."""
    for variant in MODELS.values():
        if (problem := summaries.problem(variant)) is not None:
            yield problem
        if (
            weights_file.is_ready(variant)
            and weights_file.parameter_count(variant) is None
            and not variant.members
        ):
            yield store.corrupted_message(weights_file.path(variant))


def _describe(variant: ModelSpec) -> dict[str, object]:
    study = variant.study_accuracy
    return {
        "name": variant.name,
        "title": variant.title,
        "kind": variant.kind,
        "parameters": weights_file.parameter_count(variant),
        "weights_bytes": weights_file.size_bytes(variant),
        "study_accuracy": dict(study) if isinstance(study, Mapping) else study,
        "private_test_accuracy": summaries.accuracy(variant, "PrivateTest"),
        "ready": weights_file.is_ready(variant),
    }
