"""The command line: python -m fer_core variants | classify | explain | card | bench.

See README.md.
"""

import argparse

from fer_core.cli import bench, card, classify, explain, models
from fer_core.cli.command import report_errors

COMMANDS = (models, classify, explain, card, bench)


@report_errors
def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 all well, 1 something could not be read or loaded, 2 wrong usage."""
    chosen = _parser().parse_args(arguments)
    status: int = chosen.run(chosen)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fer_core", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser
