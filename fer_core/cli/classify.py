"""`python -m fer_core classify`: the emotion of every face in photos or folders of photos."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_core.artifacts import summaries, weights_file
from fer_core.artifacts.summaries import default_model_name
from fer_core.cli.command import wrap_write_errors
from fer_core.errors import FerError, WeightsError
from fer_core.registry import MODELS

if TYPE_CHECKING:  # imported only when the command runs, to keep the other commands fast
    from fer_core.pipeline import PhotoAnswers

IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff"})


def add_parser(commands: Any) -> None:
    """Add this command to the sub-parsers of `python -m fer_core`."""
    parser = commands.add_parser("classify", help="classify the emotion of every face in photos")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="photo or folder")
    parser.add_argument(
        "--model",
        "--variant",
        choices=[*MODELS, "all"],
        metavar="MODEL",
        help=f"{', '.join(MODELS)} or all; default: the most accurate on PublicTest",
    )
    parser.add_argument(
        "--whole-picture", action="store_true", help="treat the whole picture as one face"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object per photo")
    form.add_argument("--csv", type=Path, metavar="FILE", help="write one row per face and model")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print or write the answers; return 1 if a photo failed or `all` had to skip a model."""
    from fer_core.imaging.decode import guard_process
    from fer_core.imaging.load import read
    from fer_core.pipeline import PhotoAnswers
    from fer_core.pipeline import classify as classify_photo
    from fer_core.reports.export import answers_to_csv

    guard_process()
    model_names = _selected_models(args.model)
    loadable = [name for name in model_names if args.model != "all" or _can_load(name)]
    for name in loadable:
        if outdated := summaries.retraining_problem(MODELS[name]):
            print(f"note: {outdated}", file=sys.stderr)
    answers = []
    for path in _photo_paths(args.paths):
        try:
            data = read(path)
        except OSError as error:
            photo = PhotoAnswers(str(path), error=f"The file cannot be read: {error.strerror}.")
        else:
            photo = classify_photo(data, str(path), loadable, use_full_image=args.whole_picture)
        answers.append(photo)
        if args.json:
            print(json.dumps(photo.as_dict()), flush=True)
        elif args.csv is None:
            _print_answers(photo)
    if args.csv is not None:
        with wrap_write_errors(args.csv):
            args.csv.write_text(answers_to_csv(answers), encoding="utf-8")
    return int(len(loadable) < len(model_names) or any(photo.error for photo in answers))


def _selected_models(name: str | None) -> list[str]:
    """Names of the models to use: one, or for "all" every trained model.

    Untrained models are reported on stderr. A model whose committed files are missing stays in the
    list, so that loading it reports the error.
    """
    if name != "all":
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


def _can_load(model_name: str) -> bool:
    """Whether a model loads; report the error on stderr, so that the others still answer."""
    from fer_core.models.predictors import load

    try:
        load(model_name)
    except WeightsError as error:
        print(f"error: {model_name}: {error}", file=sys.stderr)
        return False
    return True


def _photo_paths(paths: list[Path]) -> Iterator[Path]:
    """The given files, and all images in the given folders, recursively."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in IMAGE_SUFFIXES)
        else:
            yield path


def _print_answers(photo: "PhotoAnswers") -> None:
    from fer_core.reports.export import printable

    print(printable(photo.name))
    if photo.error:
        print(f"  {photo.error}")
    elif not photo.faces:
        print("  no face found; --whole-picture treats the whole picture as one face")
    for number, face in enumerate(photo.faces, 1):
        for model_name, answer in face.answers.items():
            probability = answer.probabilities[answer.emotion]
            print(f"  face {number}  {model_name:16} {answer.emotion:9} {probability:6.1%}")
