"""The options of commands that take a user's own ONNX file as a model."""

import argparse
import sys
from typing import TYPE_CHECKING

from fer_core.cli.inputs import path_argument
from fer_core.errors import UsageError

if TYPE_CHECKING:  # imported only when the command runs, to keep the other commands fast
    from fer_core.models.own_onnx import OwnOnnx

OPTIONS = ("size", "channels", "mean", "std", "scale", "layout", "title")


def add_onnx_options(parser: argparse.ArgumentParser, *, labels: str = "--labels") -> None:
    """Add `--onnx` and what goes with it; `own_model` reads them.

    Args:
        parser: Of the command.
        labels: The option that names the outputs.
    """
    group = parser.add_argument_group(
        "your own model", "What the file's metadata, or FILE.json beside it, say may be left out."
    )
    group.add_argument(
        "--onnx", type=path_argument, metavar="FILE", help="an ONNX file of your own as a model"
    )
    group.add_argument(
        labels,
        dest="onnx_labels",
        type=_labels,
        metavar="A,B,...",
        help="names of its outputs, in their order",
    )
    group.add_argument("--size", type=int, metavar="N", help="side length of its input in pixels")
    group.add_argument("--channels", type=int, choices=(1, 3), help="of its input")
    group.add_argument(
        "--mean", type=_numbers, metavar="M", help="subtracted from pixels; one or three numbers"
    )
    group.add_argument("--std", type=_numbers, metavar="S", help="divides the difference")
    group.add_argument(
        "--scale",
        type=int,
        choices=(1, 255),
        help="what white is before that; default: 255 if the mean is above 1, otherwise 1",
    )
    group.add_argument("--layout", choices=("NCHW", "NHWC"), help="order of its dimensions")
    group.add_argument("--title", metavar="NAME", help="its name in the output of tables")
    parser.set_defaults(labels_option=labels)


def own_model(args: argparse.Namespace) -> "OwnOnnx | None":
    """The file that the options name, registered in this process; None without `--onnx`.

    Notes about it go to stderr. `predictors.load` finds it by its `name`.

    Raises:
        UsageError: There are options of a file, but no file.
        OwnModelError: The file cannot be used, or an option is missing.
    """
    options = {"labels": args.onnx_labels} | {name: getattr(args, name) for name in OPTIONS}
    if args.onnx is None:
        if given := [name for name, value in options.items() if value is not None]:
            option = args.labels_option if given[0] == "labels" else f"--{given[0]}"
            raise UsageError(f"{option} goes with --onnx FILE.")
        return None
    from fer_core.models.own_onnx import OwnOnnx, register
    from fer_core.models.own_onnx_file import OwnModelError

    own = OwnOnnx(args.onnx, **options)
    try:
        notes = register(own).notes
    except OwnModelError as error:  # `--labels` may be another option of this command
        named = str(error).replace("option labels", f"option {args.labels_option}")
        raise OwnModelError(named) from error
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    return own


def _labels(text: str) -> tuple[str, ...]:
    return tuple(label.strip() for label in text.split(","))


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(float(number) for number in text.split(","))


_numbers.__name__ = "list of numbers"  # argparse names it in its message
