"""`python -m fer_core classify`: the emotion of every face in photos and folders of photos."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_core.artifacts import weights_file
from fer_core.artifacts.summaries import default_model_name
from fer_core.cli.command import wrap_write_errors
from fer_core.errors import FerError, WeightsError
from fer_core.registry import MODELS

if TYPE_CHECKING:  # imported when the command runs, so that the others start without it
    from fer_core.pipeline import PhotoAnswers

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff"})


def add_parser(commands: Any) -> None:
    """Add the command to argparse's sub-parsers of `python -m fer_core`."""
    parser = commands.add_parser("classify", help="name the emotion of every face in photos")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="photo or folder")
    parser.add_argument("--variant", choices=[*MODELS, "all"], help="default: best on PublicTest")
    parser.add_argument(
        "--whole-picture", action="store_true", help="take the whole picture as the face"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object a photo, a line each")
    form.add_argument("--csv", type=Path, metavar="FILE", help="write one line a face and variant")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Print or write the answers; status 1 where a photo or a variant of `all` gave none."""
    from fer_core.imaging.decode import guard_process
    from fer_core.imaging.load import read
    from fer_core.pipeline import PhotoAnswers
    from fer_core.pipeline import classify as classify_photo
    from fer_core.reports.export import answers_to_csv

    guard_process()
    names = _chosen_variants(chosen.variant)
    whole = [name for name in names if chosen.variant != "all" or _is_whole(name)]
    answers = []
    for path in _pictures(chosen.paths):
        try:
            data = read(path)
        except OSError as error:
            photo = PhotoAnswers(str(path), error=f"The file cannot be read: {error.strerror}.")
        else:
            photo = classify_photo(data, str(path), whole, whole_picture=chosen.whole_picture)
        answers.append(photo)
        if chosen.json:
            print(json.dumps(photo.as_dict()), flush=True)
        elif chosen.csv is None:
            _print_answers(photo)
    if chosen.csv is not None:
        with wrap_write_errors(chosen.csv):
            chosen.csv.write_text(answers_to_csv(answers), encoding="utf-8")
    return int(len(whole) < len(names) or any(photo.error for photo in answers))


def _chosen_variants(name: str | None) -> list[str]:
    """The variants to ask; of `all` those that are trained, the others named on stderr.

    One whose committed files are lost is among them, to be refused with a sentence.
    """
    if name != "all":
        best = name or default_model_name()
        if best is None:
            raise FerError("no variant is trained yet")
        return [best]
    wanted = []
    for variant in MODELS.values():
        if weights_file.is_ready(variant) or weights_file.has_lost_files(variant):
            wanted.append(variant.name)
        else:
            print(f"{variant.name}: not trained yet", file=sys.stderr)
    return wanted


def _is_whole(name: str) -> bool:
    """Whether a variant can be loaded; what is wrong is told on stderr, so that others answer."""
    from fer_core.models.predictors import load

    try:
        load(name)
    except WeightsError as error:
        print(f"error: {name}: {error}", file=sys.stderr)
        return False
    return True


def _pictures(paths: list[Path]) -> Iterator[Path]:
    """The named files, and of a folder the pictures in it and below."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in PICTURES)
        else:
            yield path


def _print_answers(photo: "PhotoAnswers") -> None:
    from fer_core.reports.export import printable

    print(printable(photo.name))
    if photo.error:
        print(f"  {photo.error}")
    elif not photo.faces:
        print("  no face found; --whole-picture takes the whole picture as the face")
    for number, found in enumerate(photo.faces, 1):
        for name, answer in found.answers.items():
            share = answer.probabilities[answer.emotion]
            print(f"  face {number}  {name:16} {answer.emotion:9} {share:6.1%}")
