"""What `evaluate` writes about a set: its table, a file of results and a report."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from fer_core.cli.inputs import path_argument
from fer_core.cli.output import OutputFile
from fer_core.errors import UsageError, requires_extra

if TYPE_CHECKING:  # imported only when the command runs, to keep the other commands fast
    import numpy as np

    from fer_core.evaluation.evaluation_set import EvaluationSet

    #: Takes the set and the chip of each face, (48, 48) uint8 grey; none if there are no pictures.
    Write: TypeAlias = Callable[[EvaluationSet, Sequence[np.ndarray]], None]

NO_FACES, BLURRED, PLAIN = "none", "blurred", "plain"  # in a report
REPORT_ENDINGS = (".html", ".htm")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that name files to write."""
    parser.add_argument(
        "--out", type=path_argument, metavar="FILE", help="write the set as .npz, .json or .csv"
    )
    parser.add_argument(
        "--report", type=path_argument, metavar="FILE", help="write a report as one .html file"
    )
    parser.add_argument(
        "--faces",
        choices=(NO_FACES, BLURRED, PLAIN),
        default=NO_FACES,
        help="show the best model's most confident mistakes in the report; default: none",
    )
    parser.add_argument("--force", action="store_true", help="overwrite an existing FILE")


def check(args: argparse.Namespace) -> None:
    """Reject options before any work.

    Raises:
        UsageError: A file has a wrong ending, or faces are asked for without a report.
        MissingPackageError: A report is asked for and a package that it needs is missing.
    """
    from fer_core.own_sets.results_file import ENDINGS

    for name, endings in ((args.out, ENDINGS), (args.report, REPORT_ENDINGS)):
        if name and Path(name).suffix.lower() not in endings:
            raise UsageError(f"{name} must end in {', '.join(endings)}.")
    if args.faces != NO_FACES and not args.report:
        raise UsageError("--faces is about a report: name its file with --report.")
    if args.report:
        with requires_extra("evaluation", "A report needs"):
            import sklearn.metrics  # noqa: F401 (the report imports them)


def is_results_file(paths: Sequence[str]) -> bool:
    """Whether the only path is that of a file of results."""
    from fer_core.own_sets.results_file import ENDINGS

    return [Path(path).suffix.lower() in ENDINGS for path in paths] == [True]


@contextmanager
def opened(args: argparse.Namespace, inputs: Sequence[str | None]) -> Iterator["Write"]:
    """Open the files to write; gives the function that fills them and prints the table.

    Args:
        args: The command's.
        inputs: What the command reads.
    """
    with ExitStack() as stack:
        out, report = (
            stack.enter_context(OutputFile(name, inputs, args.force)) if name else None
            for name in (args.out, args.report)
        )

        def write(evaluated: "EvaluationSet", chips: "Sequence[np.ndarray]") -> None:
            from fer_core.own_sets.results_file import results_bytes
            from fer_core.reports.set_text import set_lines

            if out:
                out.write(results_bytes(evaluated, Path(args.out).suffix))
            if report:
                report.write(_report(evaluated, chips, args.faces).encode())
            for line in set_lines(evaluated):
                print(line)

        yield write


def _report(evaluated: "EvaluationSet", chips: "Sequence[np.ndarray]", faces: str) -> str:
    import numpy as np

    from fer_core.reports.set_report import html_report

    pictures = None if faces == NO_FACES else np.array(chips)
    return html_report(evaluated, list(evaluated.models), chips=pictures, blur=faces == BLURRED)
