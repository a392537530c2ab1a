"""Classify facial expressions in photos, draw heat maps and inspect the models.

`python -m fer_core COMMAND --help` lists a command's options.
"""

import argparse

from fer_core.cli import bench, card, classify, explain, export, models
from fer_core.cli.command import report_errors

COMMANDS = (models, classify, explain, card, export, bench)


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
    parser = argparse.ArgumentParser(prog="python -m fer_core", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_parser(commands)
    return parser
