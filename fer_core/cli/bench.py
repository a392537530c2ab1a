"""`python -m fer_core bench`: speed and memory on this machine, saved as a dated report."""

import argparse
import json
from pathlib import Path
from typing import Any

from fer_core.cli.inputs import path_type
from fer_core.cli.output import prepare_folder
from fer_core.cli.own_model import add_onnx_options, own_model


def add_parser(commands: Any) -> None:
    """Add this command to the sub-parsers of `python -m fer_core`."""
    parser = commands.add_parser("bench", help="measure speed and memory on this machine")
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument(
        "--out", type=path_type, default=Path("docs/benchmarks"), help="folder for the report"
    )
    add_onnx_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the benchmark, save the report and print it."""
    from fer_core.reports.benchmark import run_benchmark, write_report

    own_model(args)
    prepare_folder(args.out)
    report = run_benchmark()
    path = write_report(report, args.out)
    if args.json:
        print(json.dumps(report, indent=1))
    else:
        print(path.read_text(), end="")
    return 0
