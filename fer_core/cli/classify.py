"""`python -m fer_core classify`: the emotion of every face in photos, or in films."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_core.cli import classify_film
from fer_core.cli.answer_output import (
    SCHEMAS,
    AnswerOutput,
    chosen_output,
    formatter,
    print_what_is_missing,
    rest,
)
from fer_core.cli.asked_models import asked_models, load_job
from fer_core.cli.inputs import find_photos, listed_paths, path_argument
from fer_core.cli.model_choice import positive, share
from fer_core.cli.output import OutputFile, check_writable, refuse_overwriting
from fer_core.cli.own_model import add_onnx_options
from fer_core.cli.progress import Progress
from fer_core.errors import FerError, UsageError
from fer_core.imaging.photo_file import PhotoFile
from fer_core.models.precision import PRECISION_CHOICES
from fer_core.registry import MODELS
from fer_core.text import counted

if TYPE_CHECKING:  # imported only when the command runs, to keep the other commands fast
    from fer_core.answers import PhotoAnswers
    from fer_core.bulk.job import Job

BATCH_SIZE = 8  # photos
MAX_WINDOWS_WORKERS = 61


def add_parser(commands: Any) -> None:
    """Add this command to the sub-parsers of `python -m fer_core`."""
    parser = commands.add_parser(
        "classify", help="classify the emotion of every face in photos or films"
    )
    parser.add_argument(
        "paths",
        nargs="*",
        type=path_argument,
        metavar="PATH",
        help="photo, folder, pattern such as '*.jpg', address such as s3://bucket/folder, "
        "- for a photo from standard input, or films such as film.mp4",
    )
    parser.add_argument(
        "--list",
        type=path_argument,
        metavar="FILE",
        help="classify the photos that FILE lists too, one path a line; - for standard input",
    )
    parser.add_argument(
        "--model",
        "--variant",
        choices=[*MODELS, "all"],
        metavar="MODEL",
        help=f"{', '.join(MODELS)} or all; default: the one that agrees most with the crowd (FER+) "
        "on PublicTest",
    )
    parser.add_argument(
        "--whole-picture", action="store_true", help="treat the whole picture as one face"
    )
    parser.add_argument(
        "--precision",
        choices=PRECISION_CHOICES,
        default="auto",
        help="single precision (fp32), 8-bit integers where a model has them (int8), or "
        "auto, the default: int8 where it is faster and loses at most 0.3 points of accuracy",
    )
    parser.add_argument(
        "--every",
        type=classify_film.seconds,
        metavar="SECONDS",
        help="time between two frames of a film that are looked at; default: "
        f"{classify_film.EVERY}; with it, animations (GIF, WebP) are films too",
    )
    parser.add_argument(
        "--min-confidence",
        type=share,
        default=0,
        metavar="P",
        help="leave answers with a probability below P, from 0 to 1, unsure: without an emotion",
    )
    add_onnx_options(parser)
    _add_output_options(parser)
    _add_speed_options(parser)
    parser.set_defaults(run=run, wrong_usage=parser.error)


def _add_output_options(parser: argparse.ArgumentParser) -> None:
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--json", action="store_true", help="print one JSON object per photo or frame"
    )
    form.add_argument(
        "--csv",
        type=path_argument,
        metavar="FILE",
        help="write one row per face and model; - for standard output",
    )
    form.add_argument(
        "--out",
        type=path_argument,
        metavar="FILE",
        help="write a .csv or .parquet table, or JSON lines (.jsonl); of a film also subtitles "
        "(.vtt) or text for ELAN (.txt)",
    )
    parser.add_argument(
        "--schema", choices=SCHEMAS, help="give the fields the names and form of another tool"
    )
    parser.add_argument("--force", action="store_true", help="overwrite an existing FILE")
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on with FILE: leave out photos that are in it and have not changed",
    )


def _add_speed_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--workers",
        type=positive,
        default=1,
        metavar="N",
        help="processes that share the photos, for example one per core; default: 1",
    )
    parser.add_argument(
        "--batch-size",
        type=positive,
        metavar="N",
        help=f"photos whose faces are classified together; default: {BATCH_SIZE}",
    )
    parser.add_argument(
        "--engine",
        choices=("local", "ray"),
        default="local",
        help="where the workers are: on this machine, or on a Ray cluster",
    )
    parser.add_argument(
        "--address", metavar="ADDRESS", help="of the Ray cluster; default: one on this machine"
    )
    parser.add_argument(
        "--device", choices=("cpu", "cuda"), default="cpu", help="where the models compute"
    )


def run(args: argparse.Namespace) -> int:
    """Print or write the answers; return 1 if a photo failed or `all` had to skip a model."""
    if films := classify_film.films(args):
        return classify_film.run(films, args)
    target = chosen_output(args)
    files = _photos(args)
    inputs = [file.path for file in files]
    if args.list:
        inputs.append(None if args.list == "-" else args.list)
    if args.onnx:
        inputs.append(args.onnx)
    if target.form == "parquet":
        refuse_overwriting(target.name, inputs, args.force or args.resume)
        check_writable(Path(target.name))
    model_names, own = asked_models(args)
    if args.schema and len(model_names) > 1:
        raise UsageError(f"The form of {args.schema} has the answers of one model: name it.")
    kept, total = 0, len(files)
    if args.resume:
        left = rest(target, model_names, files)
        files, kept = left.files, left.keep
        print(f"{counted(total - len(files), 'photo')} done before.", file=sys.stderr)
    force = args.force or args.resume
    with OutputFile(target.written_name, inputs, force, kept) as output:
        job = load_job(model_names, args, own)
        print_what_is_missing(job.model_names, target)
        is_complete = _write_answers(files, job, args, target, output, has_head=kept > 0)
    if target.form == "parquet":
        from fer_core.bulk import parquet

        parquet.write(target.name)
    return int(len(job.model_names) < len(model_names) or not is_complete)


def _photos(args: argparse.Namespace) -> list[PhotoFile]:
    """All photos that the arguments name."""
    if not args.paths and not args.list:
        args.wrong_usage("name photos or folders, or a list of them with --list")
    files = find_photos([*args.paths, *(listed_paths(args.list) if args.list else [])])
    is_shared = args.workers > 1 or args.engine == "ray"
    if is_shared and any(file.path is None for file in files):
        raise UsageError("A photo from standard input needs --workers 1, and no Ray.")
    if os.name == "nt" and args.workers > MAX_WINDOWS_WORKERS:
        args.wrong_usage(f"Windows allows {MAX_WINDOWS_WORKERS} workers")
    if args.address and args.engine != "ray":
        args.wrong_usage("--address is for --engine ray")
    return files


def _write_answers(
    files: Sequence[PhotoFile],
    job: "Job",
    args: argparse.Namespace,
    target: AnswerOutput,
    output: OutputFile,
    *,
    has_head: bool,
) -> bool:
    """Classify and write one batch after the other; return whether all photos could be read."""
    from fer_core.answers import PhotoAnswers
    from fer_core.bulk.resume import INCOMPLETE_NAME

    head, format_photos = formatter(target)
    output.write(b"" if has_head else head)  # at once, so that what was cut off is gone
    is_visible = not target.is_file and sys.stdout.isatty()  # the answers show the progress
    progress = Progress(len(files), not is_visible and (target.is_file or sys.stderr.isatty()))
    try:
        for answers in _answers(files, job, args):
            output.write(format_photos(answers))
            for photo in answers:
                progress.add(len(photo.faces), photo.error is not None)
            progress.show()
    except (KeyboardInterrupt, FerError):
        progress.end_line()
        note = f"Only {progress.done} of {len(files)} photos were classified."
        if target.form == "parquet":
            note += f" Their rows are in {target.written_name}; --resume goes on after them."
        if not is_visible:
            print(note, file=sys.stderr)
        if target.form != "parquet":
            with suppress(FerError):
                output.write(format_photos([PhotoAnswers(INCOMPLETE_NAME, error=note)]))
        raise
    progress.finish()
    return not progress.failed


def _answers(
    files: Sequence[PhotoFile], job: "Job", args: argparse.Namespace
) -> Iterator[list["PhotoAnswers"]]:
    """Answers batch by batch, from the chosen engine."""
    batch_size = args.batch_size or BATCH_SIZE
    if args.engine == "ray" and files:
        from fer_core.bulk.cluster import classify_on_cluster

        return classify_on_cluster(
            files, job, workers=args.workers, batch_size=batch_size, address=args.address
        )
    from fer_core.bulk.job import batches
    from fer_core.bulk.processes import classify_batches

    return classify_batches(batches(files, batch_size), job, args.workers)
