"""`python -m fer_core classify`: the emotion of every face in photos or folders of photos."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fer_core.artifacts import summaries, weights_file
from fer_core.cli.command import show_progress
from fer_core.cli.inputs import STANDARD_STREAM, PhotoFile, find_photos, path_argument
from fer_core.cli.output import OutputFile
from fer_core.errors import FerError, WeightsError
from fer_core.models.precision import PRECISION_CHOICES, PrecisionChoice
from fer_core.registry import MODELS
from fer_core.reports.export import CSV_ENCODING, answers_to_csv, photo_notes

if TYPE_CHECKING:  # imported only when the command runs, to keep the other commands fast
    from fer_core.pipeline import PhotoAnswers

INCOMPLETE_NAME = "(incomplete)"  # in the place of a photo's name


def add_parser(commands: Any) -> None:
    """Add this command to the sub-parsers of `python -m fer_core`."""
    parser = commands.add_parser("classify", help="classify the emotion of every face in photos")
    parser.add_argument(
        "paths",
        nargs="+",
        type=path_argument,
        metavar="PATH",
        help="photo, folder, pattern such as '*.jpg', or - for standard input",
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
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object per photo")
    form.add_argument(
        "--csv",
        type=path_argument,
        metavar="FILE",
        help="write one row per face and model; - for standard output",
    )
    parser.add_argument("--force", action="store_true", help="overwrite an existing FILE")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print or write the answers; return 1 if a photo failed or `all` had to skip a model."""
    from fer_core.imaging.decode import guard_process

    guard_process()
    files = find_photos(args.paths)
    with OutputFile(args.csv or STANDARD_STREAM, [f.path for f in files], args.force) as output:
        model_names = _selected_models(args.model)
        loadable = list(_loadable(model_names, args.precision, args.model == "all"))
        for name in loadable:
            if outdated := summaries.retraining_problem(MODELS[name]):
                print(f"note: {outdated}", file=sys.stderr)
        is_complete = _write_answers(files, loadable, args, output)
    return int(len(loadable) < len(model_names) or not is_complete)


def _write_answers(
    files: Sequence[PhotoFile], model_names: list[str], args: argparse.Namespace, output: OutputFile
) -> bool:
    """Classify and write one photo after the other; return whether all could be read."""
    from fer_core.pipeline import PhotoAnswers

    format_photo = _formatter(args, output)
    to_file = args.csv not in (None, STANDARD_STREAM)
    is_visible = not to_file and sys.stdout.isatty()  # the answers themselves show the progress
    has_progress = not is_visible and (to_file or sys.stderr.isatty())
    done = failed = 0
    try:
        for file in files:
            photo = _classify(file, model_names, args)
            output.write(format_photo(photo))
            done += 1
            failed += photo.error is not None
            if has_progress:
                show_progress(done, len(files))
    except (KeyboardInterrupt, FerError):
        note = f"Only {done} of {len(files)} photos were classified."
        if not is_visible:
            print(f"\n{note}" if sys.stderr.isatty() else note, file=sys.stderr)
        with suppress(FerError):
            output.write(format_photo(PhotoAnswers(INCOMPLETE_NAME, error=note)))
        raise
    return not failed


def _formatter(args: argparse.Namespace, output: OutputFile) -> Callable[["PhotoAnswers"], bytes]:
    """The function that formats one photo's answers; writes the header of a CSV file."""
    if args.json:
        return lambda photo: (json.dumps(photo.as_dict()) + "\n").encode()
    if args.csv is None:
        return lambda photo: _as_text(photo).encode(sys.stdout.encoding, "replace")
    output.write(
        answers_to_csv([]).encode("utf-8" if args.csv == STANDARD_STREAM else CSV_ENCODING)
    )
    return lambda photo: answers_to_csv([photo], header=False).encode()


def _classify(file: PhotoFile, model_names: list[str], args: argparse.Namespace) -> "PhotoAnswers":
    from fer_core.pipeline import PhotoAnswers, classify

    # JSON can hold any file name, so that a program finds the file again.
    name = str(file.path) if args.json and file.path else file.name
    if file.error:
        return PhotoAnswers(name, error=file.error)
    try:
        data = file.read()
    except OSError as error:
        return PhotoAnswers(name, error=f"The file cannot be read: {error.strerror}.")
    return classify(
        data,
        name,
        model_names,
        use_full_image=args.whole_picture,
        precision=args.precision,
    )


def _selected_models(name: str | None) -> list[str]:
    """Names of the models to use: one, or for "all" every trained model.

    Untrained models are reported on stderr. A model whose committed files are missing stays in the
    list, so that loading it reports the error.
    """
    if name != "all":
        from fer_core.evaluation.default_model import default_model_name  # needs NumPy

        best = name or default_model_name()
        if best is None:
            raise FerError("no model is trained yet")
        return [best]
    selected = []
    for model in MODELS.values():
        if weights_file.is_ready(model) or weights_file.has_lost_files(model):
            selected.append(model.name)
        else:
            print(f"{model.name}: not trained yet", file=sys.stderr)
    return selected


def _loadable(
    model_names: list[str], precision: PrecisionChoice, skip_damaged: bool
) -> Iterator[str]:
    """Load the models before the first photo.

    Args:
        model_names: Names of the models.
        precision: As of `predictors.load`.
        skip_damaged: Report a model that cannot be loaded on stderr, so that the others still
            answer, instead of raising `WeightsError`.
    """
    from fer_core.models.predictors import load

    for name in model_names:
        try:
            load(name, precision)
        except WeightsError as error:
            if not skip_damaged:
                raise
            print(f"error: {name}: {error}", file=sys.stderr)
        else:
            yield name


def _as_text(photo: "PhotoAnswers") -> str:
    lines = [photo.name]
    if photo.error:
        lines.append(f"  {photo.error}")
    elif not photo.faces:
        lines.append("  no face found; --whole-picture treats the whole picture as one face")
    for number, face in enumerate(photo.faces, 1):
        for model_name, answer in face.answers.items():
            probability = answer.probabilities[answer.emotion]
            lines.append(f"  face {number}  {model_name:16} {answer.emotion:9} {probability:6.1%}")
    lines += [f"  ({note})" for note in photo_notes(photo)]
    return "\n".join(lines) + "\n"
