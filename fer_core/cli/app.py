"""The command line: python -m fer_core variants | classify | explain | bench (see README.md)."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from fer_core.artifacts import summaries, weights_file
from fer_core.artifacts.summaries import default_variant
from fer_core.cli import explain as explain_command
from fer_core.errors import FerError, WeightsError
from fer_core.registry import VARIANTS, ModelSpec

if TYPE_CHECKING:
    from fer_core.pipeline import PhotoAnswers

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff"})


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 all well, 1 something could not be read or loaded, 2 wrong usage."""
    chosen = _parser().parse_args(arguments)
    try:
        status: int = chosen.run(chosen)
    except FerError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return status


def variants(chosen: argparse.Namespace) -> int:
    rows = [_describe(variant) for variant in VARIANTS.values()]
    problems = list(_problems())
    for sentence in problems:
        print(f"error: {sentence}", file=sys.stderr)
    if chosen.json:
        print(json.dumps(rows, indent=1))
        return int(bool(problems))
    for row in rows:
        accuracy = row["private_test_accuracy"]
        told = "not trained yet" if not row["ready"] else "not evaluated yet"
        if isinstance(accuracy, float):
            told = f"{accuracy:.2%} on PrivateTest"
        print(f"{row['name']:16} {row['title']:42} {told}")
    return int(bool(problems))


def _problems() -> Iterator[str]:
    """What is wrong with the files that tell of the variants, a sentence each."""
    for variant in VARIANTS.values():
        if (problem := summaries.problem(variant)) is not None:
            yield problem
        if (
            weights_file.ready(variant)
            and weights_file.parameters(variant) is None
            and not variant.members
        ):
            yield f"{weights_file.path(variant).name} is damaged; restore it from the repository."


def _describe(variant: ModelSpec) -> dict[str, object]:
    study = variant.study_accuracy
    return {
        "name": variant.name,
        "title": variant.title,
        "kind": variant.kind,
        "parameters": weights_file.parameters(variant),
        "weights_bytes": weights_file.size(variant),
        "study_accuracy": dict(study) if isinstance(study, Mapping) else study,
        "private_test_accuracy": summaries.accuracy(variant, "PrivateTest"),
        "ready": weights_file.ready(variant),
    }


def classify(chosen: argparse.Namespace) -> int:
    from fer_core.imaging.decode import MAX_BYTES
    from fer_core.pipeline import PhotoAnswers
    from fer_core.pipeline import classify as classify_photo
    from fer_core.reports.export import as_csv

    names = _chosen_variants(chosen.variant)
    whole = [name for name in names if chosen.variant != "all" or _is_whole(name)]
    answers = []
    for path in _pictures(chosen.paths):
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)  # one byte over is enough to be refused
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
        chosen.csv.write_text(as_csv(answers), encoding="utf-8")
    return int(len(whole) < len(names) or any(photo.error for photo in answers))


def _chosen_variants(name: str | None) -> list[str]:
    """The variants to ask; of `all` those that are trained, the others named on stderr.

    One whose committed files are lost is among them, to be refused with a sentence.
    """
    if name != "all":
        best = name or default_variant()
        if best is None:
            raise FerError("no variant is trained yet")
        return [best]
    wanted = []
    for variant in VARIANTS.values():
        if weights_file.ready(variant) or weights_file.lost(variant):
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


def bench(chosen: argparse.Namespace) -> int:
    from fer_core.reports.benchmark import measure, write

    report = measure()
    path = write(report, chosen.out)
    if chosen.json:
        print(json.dumps(report, indent=1))
    else:
        print(path.read_text(), end="")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fer_core", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    listing = commands.add_parser("variants", help="list the eight variants")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=variants)

    photos = commands.add_parser("classify", help="name the emotion of every face in photos")
    photos.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="photo or folder")
    photos.add_argument("--variant", choices=[*VARIANTS, "all"], help="default: best on PublicTest")
    photos.add_argument(
        "--whole-picture", action="store_true", help="take the whole picture as the face"
    )
    form = photos.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object a photo, a line each")
    form.add_argument("--csv", type=Path, metavar="FILE", help="write one line a face and variant")
    photos.set_defaults(run=classify)

    explain_command.add(commands)

    speed = commands.add_parser("bench", help="measure speed and memory on this machine")
    speed.add_argument("--json", action="store_true")
    speed.add_argument("--out", type=Path, default=Path("docs/benchmarks"), help="folder")
    speed.set_defaults(run=bench)
    return parser
