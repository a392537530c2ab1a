"""`python -m fer_core card`: the model card of one model as Markdown, printed or saved."""

import argparse
from typing import Any

from fer_core.cli.inputs import STANDARD_STREAM, add_model_argument, path_argument
from fer_core.cli.output import OutputFile
from fer_core.registry import get_model_spec


def add_parser(commands: Any) -> None:
    """Add this command to the sub-parsers of `python -m fer_core`."""
    parser = commands.add_parser("card", help="print the model card of a model (Markdown)")
    add_model_argument(parser)
    parser.add_argument(
        "--out", type=path_argument, metavar="FILE.md", help="write the card to this file"
    )
    parser.add_argument("--force", action="store_true", help="overwrite an existing file")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print or write the card; raise `FerError` if the file exists or cannot be written."""
    from fer_core.reports.model_card import to_markdown

    if args.out in (None, STANDARD_STREAM):
        print(to_markdown(get_model_spec(args.model)), end="")
        return 0
    with OutputFile(args.out, force=args.force) as output:
        output.write(to_markdown(get_model_spec(args.model)).encode())
    return 0
