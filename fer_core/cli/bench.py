"""`python -m fer_core bench`: speed and memory on this machine, kept as a file with its date."""

import argparse
import json
from pathlib import Path
from typing import Any


def add_parser(commands: Any) -> None:
    """Add the command to argparse's sub-parsers of `python -m fer_core`."""
    parser = commands.add_parser("bench", help="measure speed and memory on this machine")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks"), help="folder")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Measure, write the report into the folder and print it."""
    from fer_core.reports.benchmark import run_benchmark, write_report

    report = run_benchmark()
    path = write_report(report, chosen.out)
    if chosen.json:
        print(json.dumps(report, indent=1))
    else:
        print(path.read_text(), end="")
    return 0
