"""`python -m fer_core card`: the model card of one model as Markdown, printed or saved."""

import argparse
from pathlib import Path
from typing import Any

from fer_core.cli.command import wrap_write_errors
from fer_core.errors import FerError
from fer_core.registry import MODELS, get_model_spec


def add_parser(commands: Any) -> None:
    """Add this command to the sub-parsers of `python -m fer_core`."""
    parser = commands.add_parser("card", help="print the model card of a model (Markdown)")
    parser.add_argument(
        "model", choices=MODELS, metavar="MODEL", help=f"one of {', '.join(MODELS)}"
    )
    parser.add_argument("--out", type=Path, metavar="FILE.md", help="write the card to this file")
    parser.add_argument("--force", action="store_true", help="overwrite an existing file")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print or write the card; raise `FerError` if the file exists or cannot be written."""
    from fer_core.reports.model_card import to_markdown

    text = to_markdown(get_model_spec(args.model))
    if args.out is None:
        print(text, end="")
        return 0
    if args.out.exists() and not args.force:
        raise FerError(f"{args.out} exists; --force overwrites it.")
    with wrap_write_errors(args.out):
        args.out.write_text(text, encoding="utf-8")
    return 0
