"""`python -m fer_core card`: a variant's model card as Markdown, printed or written to a file."""

import argparse
from pathlib import Path
from typing import Any

from fer_core.cli.command import wrap_write_errors
from fer_core.errors import FerError
from fer_core.registry import MODELS, get_model_spec


def add_parser(commands: Any) -> None:
    """Add the command to argparse's sub-parsers of `python -m fer_core`."""
    parser = commands.add_parser("card", help="print a variant's model card (Markdown)")
    parser.add_argument("model", choices=MODELS, metavar="MODEL", help=", ".join(MODELS))
    parser.add_argument("--out", type=Path, metavar="FILE.md", help="write the card there instead")
    parser.add_argument(
        "--force", action="store_true", help="overwrite the file where there is one"
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Print or write the card. Raises `FerError` where the file exists or cannot be written."""
    from fer_core.reports.model_card import to_markdown

    text = to_markdown(get_model_spec(chosen.model))
    if chosen.out is None:
        print(text, end="")
        return 0
    if chosen.out.exists() and not chosen.force:
        raise FerError(f"{chosen.out} exists; --force overwrites it.")
    with wrap_write_errors(chosen.out):
        chosen.out.write_text(text, encoding="utf-8")
    return 0
