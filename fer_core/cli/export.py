"""`python -m fer_core export`: a model as an ONNX file for other programs, or as a folder."""

import argparse
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from fer_core.artifacts import weights_file
from fer_core.cli.inputs import STANDARD_STREAM, add_model_argument, path_argument
from fer_core.cli.output import OutputFile, prepare_folder
from fer_core.errors import UsageError
from fer_core.models.precision import Precision, resolve
from fer_core.registry import ModelSpec, get_model_spec, networks_of


def add_parser(commands: Any) -> None:
    """Add this command to the sub-parsers of `python -m fer_core`."""
    parser = commands.add_parser("export", help="write a model as an ONNX file for other programs")
    add_model_argument(parser)
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument(
        "--out",
        type=path_argument,
        metavar="FILE.onnx",
        help="write the graph to this file, and the weights to FILE.onnx.data beside it",
    )
    target.add_argument(
        "--hf",
        type=path_argument,
        metavar="FOLDER",
        help="write a folder in the style of Hugging Face: one file with probabilities, the model "
        "card, the labels and the licence",
    )
    parser.add_argument("--one-file", action="store_true", help="keep the weights in FILE.onnx")
    parser.add_argument(
        "--probabilities",
        action="store_true",
        help="end with probabilities instead of logits, as ensembles always do",
    )
    parser.add_argument(
        "--int8", action="store_true", help="export the graph that computes in 8-bit integers"
    )
    parser.add_argument("--force", action="store_true", help="overwrite existing files")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the file or the folder.

    Raises:
        UsageError: A file exists, there is no int8 graph, or standard output would get two files.
        FerError: The model's files are missing or damaged, or a file cannot be written.
    """
    model = get_model_spec(args.model)
    precision: Precision = "int8" if args.int8 else "fp32"
    if resolve(model, precision) != precision:
        raise UsageError(f"{model.name} has no int8 graph: leave out --int8.")
    if args.hf is not None:
        _write_folder(model, precision, Path(args.hf), args.force)
    elif args.out == STANDARD_STREAM and not args.one_file:
        raise UsageError("standard output takes one file only: add --one-file.")
    else:
        _write_files(model, precision, args)
    return 0


def _write_files(model: ModelSpec, precision: Precision, args: argparse.Namespace) -> None:
    with ExitStack() as stack:
        sources = [str(path) for path in _sources(model)]
        graph_file = stack.enter_context(OutputFile(args.out, sources, args.force))
        data_path = Path(f"{args.out}.data")
        if not args.one_file:
            data_file = stack.enter_context(OutputFile(str(data_path), sources, args.force))
        from fer_core.reports import onnx_file

        exported = onnx_file.build(model, precision, args.probabilities)
        if args.one_file:
            graph_file.write(exported.SerializeToString())
            return
        graph, data = onnx_file.split(exported, data_path.name)
        data_file.write(data)
        graph_file.write(graph)


def _sources(model: ModelSpec) -> list[Path]:
    """The committed files that a model's graph is made of: never overwritten."""
    return [path for one in [model, *networks_of(model)] for path in weights_file.files(one)]


def _write_folder(model: ModelSpec, precision: Precision, folder: Path, force: bool) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise UsageError(f"{folder} is not empty: name another folder, or add --force.")
    from fer_core.reports import hugging_face

    contents = hugging_face.files(model, precision)
    prepare_folder(folder)
    for name, content in contents.items():
        with OutputFile(str(folder / name), force=force) as output:
            output.write(content)
