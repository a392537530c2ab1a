"""`python -m fer_core app`: the app in a browser, from an installation or a checkout."""

import argparse
from importlib import import_module
from pathlib import Path
from typing import Any

from fer_core.errors import requires_extra

SCRIPT = "streamlit_app.py"


def add_parser(commands: Any) -> None:
    """Add this command to the sub-parsers of `python -m fer_core`."""
    parser = commands.add_parser("app", help="serve the app in a browser")
    parser.add_argument(
        "--port", type=int, default=8501, metavar="N", help="port of the app; default: %(default)s"
    )
    parser.add_argument(
        "options", nargs="*", metavar="-- OPTION", help="further options of `streamlit run`"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve the app until Ctrl-C.

    Streamlit finds the app's settings beside its script; they win over those of the current folder.

    Raises:
        MissingPackageError: Streamlit is not installed.
        SystemExit: The app has ended, or Streamlit refuses an option.
    """
    with requires_extra("app", "The app needs"):  # by name: the library knows no Streamlit
        streamlit = import_module("streamlit.web.cli")
    words = ["run", str(script_path()), "--server.port", str(args.port), *args.options]
    status: int = streamlit.main(words, prog_name="streamlit")
    return status


def script_path() -> Path:
    """The app's script, which an installation has in a folder beside the package."""
    beside = Path(__file__).parents[2]
    installed = beside / "fer_explorer_app" / SCRIPT
    return installed if installed.is_file() else beside / SCRIPT
