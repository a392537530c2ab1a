"""Classify expressions in photos, draw heat maps, measure, inspect and export models, run the app.

`COMMAND --help` lists a command's options.
"""

import argparse
import sys
from pathlib import Path

from fer_core import __version__
from fer_core.cli import bench, card, classify, evaluate, explain, export, models, serve
from fer_core.cli.command import report_errors

COMMANDS = (models, classify, evaluate, explain, card, export, bench, serve)
PROGRAM = "fer-explorer"  # as installed; a checkout has `python -m fer_core`


@report_errors
def main(arguments: list[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: Command-line arguments without the program name; default: `sys.argv[1:]`.

    Returns:
        Exit status: 0 for success, 1 if something could not be read, loaded or written, 2 if a file
        would be overwritten, 130 after Ctrl-C, 141 after a closed pipe. Other wrong usage leaves
        the process with status 2.
    """
    args = _parser().parse_args(arguments)
    status: int = args.run(args)
    return status


def _parser() -> argparse.ArgumentParser:
    is_installed = Path(sys.argv[0]).stem == PROGRAM
    name = PROGRAM if is_installed else "python -m fer_core"
    parser = argparse.ArgumentParser(prog=name, description=__doc__)
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_parser(commands)
    return parser
