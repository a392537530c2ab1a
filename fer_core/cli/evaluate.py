"""`python -m fer_core evaluate`: how well models do on labelled photos of the user's own."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_core.cli import set_outputs
from fer_core.cli.inputs import find_photos, path_argument
from fer_core.cli.model_choice import loadable, positive, selected_models
from fer_core.cli.own_model import add_onnx_options, own_model
from fer_core.cli.progress import Progress
from fer_core.errors import UsageError
from fer_core.imaging.photo_file import PhotoFile
from fer_core.registry import MODELS, get_model_spec

if TYPE_CHECKING:  # imported only when the command runs, to keep the other commands fast
    from fer_core.answers import PhotoAnswers
    from fer_core.bulk.job import Job
    from fer_core.own_sets.build import SetBuilder
    from fer_core.own_sets.labels import Vocabulary
    from fer_core.own_sets.sources import Labelled, LabelledItem
    from fer_core.own_sets.table import LabelTable

BATCH_SIZE = 8  # photos
LEFT_OUT = ("", "none")  # as the emotion in --map LABEL=EMOTION


def add_parser(commands: Any) -> None:
    """Add this command to the sub-parsers of `python -m fer_core`."""
    parser = commands.add_parser("evaluate", help="measure models on labelled photos of your own")
    parser.add_argument(
        "paths",
        nargs="+",
        type=path_argument,
        metavar="PATH",
        help="folder of folders named after emotions, .zip file of one, photos; or one file of "
        "results from --out, without asking the models again",
    )
    parser.add_argument(
        "--labels",
        type=path_argument,
        metavar="FILE",
        help="take the labels from a table (.csv, .tsv, .jsonl) with columns file and label",
    )
    parser.add_argument(
        "--scheme",
        metavar="NAME",
        help="what numbers as labels mean: fer2013, rafdb, affectnet or ferplus",
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        type=_mapping,
        metavar="LABEL=EMOTION",
        help="take a label for an emotion; LABEL=none leaves its photos out; repeatable",
    )
    parser.add_argument(
        "--group",
        action="append",
        default=[],
        metavar="COLUMN",
        help="measure by the groups in this column of the table too; repeatable",
    )
    parser.add_argument(
        "--split", default="", type=str.strip, metavar="NAME", help="only photos of this split"
    )
    parser.add_argument(
        "--model",
        choices=[*MODELS, "all"],
        default="all",
        metavar="MODEL",
        help=f"{', '.join(MODELS)} or all, the default",
    )
    add_onnx_options(parser, labels="--onnx-labels")
    parser.add_argument(
        "--whole-picture",
        action="store_true",
        help="the photos are cropped faces already: do not look for a face",
    )
    parser.add_argument(
        "--workers", type=positive, default=1, metavar="N", help="processes; default: 1"
    )
    set_outputs.add_arguments(parser)
    parser.set_defaults(run=run)


def _mapping(text: str) -> tuple[str, str | None]:
    label, sign, emotion = text.rpartition("=")
    if not sign or not label:
        raise argparse.ArgumentTypeError(f"{text} is not LABEL=EMOTION")
    return label, None if emotion.strip().casefold() in LEFT_OUT else emotion


def run(args: argparse.Namespace) -> int:
    """Print the scores; return 1 if a photo could not be read or `all` had to skip a model."""
    set_outputs.check(args)
    if set_outputs.is_results_file(args.paths):
        return _run_on_results(args)
    return _run_on_photos(args)


def _run_on_results(args: argparse.Namespace) -> int:
    from fer_core.own_sets.results_file import load_results

    about_photos = args.labels, args.scheme, args.map, args.group, args.split, args.whole_picture
    if any(about_photos) or args.onnx or args.model != "all" or args.faces != set_outputs.NO_FACES:
        raise UsageError(
            "A file of results has labels and answers, and no photos: only --out, --report and "
            "--force go with it."
        )
    with set_outputs.opened(args, args.paths) as write:
        write(load_results(args.paths[0]), ())
    return 0


def _run_on_photos(args: argparse.Namespace) -> int:
    from fer_core.bulk.job import Job
    from fer_core.own_sets.build import SetBuilder
    from fer_core.own_sets.labels import Vocabulary

    vocabulary = Vocabulary(args.scheme, dict(args.map))
    labelled = _labelled(args, vocabulary)
    inputs = [args.labels, args.onnx, *args.paths, *(item.photo.path for item in labelled.items)]
    with set_outputs.opened(args, inputs) as write:
        own = own_model(args)
        names = selected_models(args.model)
        if own and own.name not in names:  # `all` has it
            names.append(own.name)
        Job(()).prepare()
        loaded = tuple(loadable(names, "fp32", args.model == "all"))
        builder = SetBuilder({name: get_model_spec(name) for name in loaded}, vocabulary)
        job = Job(loaded, args.whole_picture, own=own, keep_chips=True)
        _ask(labelled, job, builder, args.workers)
        write(builder.build("own", title=_title(args), notes=labelled.notes), builder.chips)
    return int(bool(builder.apart["unreadable"]) or len(loaded) < len(names))


def _title(args: argparse.Namespace) -> str:
    name = Path(os.path.abspath(args.paths[0])).name  # noqa: PTH100 (links keep their name)
    return f"{name} ({args.split})" if args.split else name


def _labelled(args: argparse.Namespace, vocabulary: "Vocabulary") -> "Labelled":
    """The photos that the arguments name, with their labels."""
    from fer_core.own_sets.archive import PhotoArchive
    from fer_core.own_sets.collect import collect

    photos: list[tuple[str, PhotoFile]] = []
    archives: list[PhotoArchive] = []
    for name in args.paths:
        if name == "-":
            raise UsageError("A photo from standard input has no label: name files or folders.")
        if Path(name).suffix.lower() == ".zip" and Path(name).is_file():
            archives.append(PhotoArchive(Path(name)))
        else:
            photos += _found(name, whole_paths=bool(args.labels))
    return collect(
        photos,
        vocabulary,
        archives=archives,
        table=_table(args),
        group_columns=args.group,
        split=args.split,
    )


def _found(name: str, whole_paths: bool) -> Iterator[tuple[str, PhotoFile]]:
    """The photos of one argument, with the part of their paths that may say what they are.

    Args:
        name: A file, folder, pattern or address.
        whole_paths: Whether a table has the labels, whose rows may have any part of a path.
    """
    above = os.path.dirname(os.path.abspath(name))  # noqa: PTH100, PTH120 (links keep their name)
    is_folder = Path(name).is_dir()
    files = find_photos([name])
    if [file.path for file in files] == [str(Path(name))] and not Path(name).exists():
        raise UsageError(files[0].error or f"{name} does not exist.")
    for file in files:
        path = file.path or file.name
        if is_folder:
            path = os.path.relpath(os.path.abspath(path), above)  # noqa: PTH100
        elif not whole_paths:
            path = _from_variable_part(path, name)
        yield path, file


def _from_variable_part(path: str, argument: str) -> str:
    """A path from the first part of the argument with a wildcard on, and at least its own folder.

    The folders above, such as a home folder called joy, say nothing about the photo.
    """
    given, parts = Path(argument).parts, Path(path).parts
    variable = (i for i, part in enumerate(given) if any(sign in part for sign in "*?"))
    first = next(variable, len(given) - 1)
    return "/".join(parts[max(0, min(first, len(parts) - 2)) :])


def _table(args: argparse.Namespace) -> "LabelTable | None":
    from fer_core.own_sets.archive import MAX_TABLE_BYTES
    from fer_core.own_sets.table import read_table

    if not args.labels:
        return None
    try:
        with Path(args.labels).open("rb") as file:
            content = file.read(MAX_TABLE_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{args.labels} cannot be read: {error.strerror}.") from error
    if len(content) > MAX_TABLE_BYTES:
        raise UsageError(f"{args.labels} is larger than {MAX_TABLE_BYTES >> 20} MB.")
    return read_table(content, args.labels, args.group)


def _ask(
    labelled: "Labelled",
    job: "Job",
    builder: "SetBuilder",
    workers: int,
) -> None:
    """Classify the photos whose label is an emotion, and fill the builder in their order."""
    from fer_core.bulk.job import batches
    from fer_core.bulk.processes import classify_batches
    from fer_core.models.cache import MODEL_CACHE

    items = builder.sort_out(labelled.items)
    if workers > 1:
        MODEL_CACHE.clear()  # each worker loads its own
    files = [replace(item.photo, name=item.name) for item in items]
    progress = Progress(len(files), sys.stderr.isatty())
    answers = classify_batches(batches(files, BATCH_SIZE), job, workers)
    for item, answer in _in_order(items, answers, progress):
        builder.add(item, answer)
    progress.finish()


def _in_order(
    items: Sequence["LabelledItem"],
    batches: Iterator[list["PhotoAnswers"]],
    progress: Progress,
) -> Iterator[tuple["LabelledItem", "PhotoAnswers"]]:
    """Each item with its answers; several processes finish in any order."""
    waiting: dict[str, PhotoAnswers] = {}
    rest = iter(items)
    item = next(rest, None)
    for batch in batches:
        for answers in batch:
            waiting[answers.name] = answers
            progress.add(len(answers.faces), answers.error is not None)
        progress.show()
        while item and item.name in waiting:
            yield item, waiting.pop(item.name)
            item = next(rest, None)
