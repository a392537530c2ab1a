"""`python -m fer_core explain`: one face of a photo, one heat map, one PNG."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_core.cli.command import wrap_write_errors
from fer_core.emotions import EMOTIONS
from fer_core.errors import FerError
from fer_core.explain.layers import DEPTHS
from fer_core.explain.methods import METHODS, get_method
from fer_core.registry import MODELS

if TYPE_CHECKING:  # imported when the command runs, so that the others start without them
    import numpy as np

    from fer_core.explain.explanation import Explanation
    from fer_core.pipeline import DetectedFaces


def add_parser(commands: Any) -> None:
    """Add the command to argparse's sub-parsers of `python -m fer_core`."""
    parser = commands.add_parser("explain", help="draw where a variant sees an emotion in a face")
    parser.add_argument("path", type=Path, metavar="PATH", help="photo")
    parser.add_argument("--variant", choices=MODELS, required=True)
    parser.add_argument("--emotion", choices=EMOTIONS, help="default: the variant's own answer")
    parser.add_argument("--against", choices=EMOTIONS, help="ask why --emotion and not this one")
    parser.add_argument("--method", choices=METHODS, default="grad_cam")
    parser.add_argument(
        "--depth", type=int, choices=DEPTHS, help="layer, 1 early to 4 late; default: the truest"
    )
    parser.add_argument(
        "--face", type=int, metavar="N", help="which one, from the left; default: the largest"
    )
    parser.add_argument(
        "--whole-picture", action="store_true", help="take the whole picture as the face"
    )
    parser.add_argument("--out", type=Path, metavar="FILE.png", required=True)
    parser.set_defaults(run=run, wrong_usage=parser.error)


def run(chosen: argparse.Namespace) -> int:
    """Write the picture and print one line. Raises `FerError` where that cannot be done, and leaves
    with status 2 for a question that makes no sense."""
    from fer_core.explain.api import explain
    from fer_core.reports.export import printable
    from fer_core.reports.saliency_figure import draw_figure

    try:
        get_method(chosen.method, chosen.variant)  # before anything slow
        photo = _read(chosen.path, chosen.whole_picture)
        number = _choose(photo, chosen.face)
        chip = photo.chips[number - 1]
        asked = chosen.variant, chip[None], chosen.emotion, chosen.method
        [found] = explain(*asked, contrast=chosen.against, depth=chosen.depth)
    except ValueError as error:
        chosen.wrong_usage(str(error))
    answer, test = _words(found, chip)
    picture = draw_figure(found, photo.image, photo.faces[number - 1], chip, [answer, test])
    with wrap_write_errors(chosen.out):
        picture.save(chosen.out, "PNG")
    strength = "flat map" if found.flat else f"{found.peak:.2g} {METHODS[found.method].unit}"
    print(
        f"{printable(str(chosen.path))}  face {number}  {found.method}  {strength}  {answer} {test}"
    )
    return 0


def _read(path: Path, whole_picture: bool) -> "FoundFaces":
    from fer_core.imaging.decode import guard_process
    from fer_core.pipeline import detect_faces

    guard_process()
    found = detect_faces(path, use_full_image=whole_picture)
    if not found.faces:
        raise FerError("no face found; --whole-picture takes the whole picture as the face")
    return found


def _choose(photo: "FoundFaces", number: int | None) -> int:
    """The number of the face, counted from 1 as `classify` counts them."""
    sizes = [face.box[2] * face.box[3] for face in photo.faces]
    if number is None:
        return sizes.index(max(sizes)) + 1
    if not 1 <= number <= len(sizes):
        raise FerError(f"there is no face {number}: the photo has {len(sizes)}")
    return number


def _words(found: "Explanation", chip: "np.ndarray") -> tuple[str, str]:
    """The variant's answer, and what hiding the hottest places does to it: a sentence each."""
    from fer_core.explain.faithfulness import HOT_FRACTION, measure_faithfulness
    from fer_core.models.predictors import load

    predict = load(found.variant).predict_proba
    column = EMOTIONS.index(found.emotion)
    share = float(predict(chip[None])[0, column])
    answer = f"Probability of {found.emotion}: {share:.1%}."
    if found.flat:
        return answer, "A flat map cannot be put to the test."
    test = measure_faithfulness(chip, found.map, predict, column)
    return answer, (
        f"With the hottest {HOT_FRACTION:.0%} blurred it changes by {-100 * test.confidence_drop:+.1f} points, "
        f"with as much elsewhere by {-100 * test.random_drop:+.1f}."
    )
