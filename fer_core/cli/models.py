"""`python -m fer_core models`: all models with their kind, size and accuracy. Imports no NumPy."""

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

from fer_core.artifacts import store, summaries, weights_file
from fer_core.cli.own_model import add_onnx_options, own_model
from fer_core.registry import MODELS
from fer_core.reports.model_record import model_record


def add_parser(commands: Any) -> None:
    """Add this command to the sub-parsers of `python -m fer_core`."""
    parser = commands.add_parser("models", aliases=["variants"], help="list the models")
    parser.add_argument("--json", action="store_true", help="print all details as JSON")
    add_onnx_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print one line per model, or all models as JSON.

    Damaged weights, and results that are damaged or of other weights or images, are reported on
    stderr, and the status is then 1.
    """
    own_model(args)
    rows = [model_record(model) for model in MODELS.values()]
    problems = list(_problems())
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    if args.json:
        print(json.dumps(rows, indent=1))
        return int(bool(problems))
    for model, row in zip(MODELS.values(), rows, strict=True):
        accuracy = row["private_test_accuracy"]
        state = "not trained yet" if not row["ready"] else summaries.missing_results(model)
        if isinstance(accuracy, float):
            state = f"{accuracy:.2%} on PrivateTest"
        print(f"{row['name']:16} {row['title']:42} {state}")
    return int(bool(problems))


def _problems() -> Iterator[str]:
    """One sentence per damaged or missing file, and per model with outdated results."""
    for model in MODELS.values():
        if (problem := summaries.problem(model)) is not None:
            yield problem
        if (
            weights_file.is_ready(model)
            and weights_file.parameter_count(model) is None
            and not model.members
            and not model.is_own
        ):
            yield store.corrupted_message(weights_file.path(model))
