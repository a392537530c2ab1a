"""`python -m fer_core explain`: the heat map of one face in a photo, as a PNG."""

import argparse
import io
import sys
from typing import TYPE_CHECKING, Any

from fer_core.cli.inputs import STANDARD_STREAM, path_argument, photo_file
from fer_core.cli.output import OutputFile
from fer_core.emotions import EMOTIONS
from fer_core.errors import FerError
from fer_core.explain.layers import DEPTHS
from fer_core.explain.methods import METHODS, get_method
from fer_core.imaging.photo_file import PhotoFile
from fer_core.registry import MODELS
from fer_core.text import printable

if TYPE_CHECKING:  # imported only when the command runs, to keep the other commands fast
    import numpy as np

    from fer_core.explain.explanation import Explanation
    from fer_core.pipeline import DetectedFaces


def add_parser(commands: Any) -> None:
    """Add this command to the sub-parsers of `python -m fer_core`."""
    parser = commands.add_parser("explain", help="draw a heat map of the evidence for an emotion")
    parser.add_argument(
        "path", type=path_argument, metavar="PATH", help="photo, or - for standard input"
    )
    parser.add_argument(
        "--model",
        "--variant",
        choices=MODELS,
        required=True,
        metavar="MODEL",
        help=f"model to explain: {', '.join(MODELS)}",
    )
    parser.add_argument(
        "--emotion",
        choices=EMOTIONS,
        metavar="EMOTION",
        help=f"{', '.join(EMOTIONS)}; default: the model's prediction",
    )
    parser.add_argument(
        "--contrast",
        "--against",
        choices=EMOTIONS,
        metavar="EMOTION",
        help="explain why --emotion rather than this emotion",
    )
    parser.add_argument(
        "--method",
        choices=METHODS,
        default="grad_cam",
        help="explanation method; default: %(default)s",
    )
    parser.add_argument(
        "--depth",
        type=int,
        choices=DEPTHS,
        help="1 (early) to 4 (late); default: the most faithful layer for this model and method",
    )
    parser.add_argument(
        "--face", type=int, metavar="N", help="face number, from the left; default: the largest"
    )
    parser.add_argument(
        "--whole-picture", action="store_true", help="treat the whole picture as one face"
    )
    parser.add_argument(
        "--out",
        type=path_argument,
        metavar="FILE.png",
        required=True,
        help="file for the figure; - for standard output",
    )
    parser.add_argument("--force", action="store_true", help="overwrite an existing file")
    parser.set_defaults(run=run, wrong_usage=parser.error)


def run(args: argparse.Namespace) -> int:
    """Write the figure and print one line.

    Raises:
        FerError: The photo or the model cannot be read, or the figure cannot be written.
        SystemExit: The combination of arguments is invalid (status 2).
    """
    try:
        get_method(args.method, args.model)  # before anything slow
    except ValueError as error:
        args.wrong_usage(str(error))
    photo = photo_file(args.path)
    with OutputFile(args.out, [photo.path], args.force) as output:
        content, line = _explain(photo, args)
        output.write(content)
    print(line, file=sys.stderr if args.out == STANDARD_STREAM else None)
    return 0


def _explain(photo: PhotoFile, args: argparse.Namespace) -> tuple[bytes, str]:
    """Draw the figure; return it as PNG, and a line that describes it."""
    from fer_core.explain.api import explain
    from fer_core.reports.saliency_figure import draw_figure

    detected = _detect(photo, args.whole_picture)
    number = _face_number(detected, args.face)
    chip = detected.chips[number - 1]
    try:
        [explanation] = explain(
            args.model,
            chip[None],
            args.emotion,
            args.method,
            contrast=args.contrast,
            depth=args.depth,
        )
    except ValueError as error:
        args.wrong_usage(str(error))
    answer, faithfulness = _sentences(explanation, chip)
    face = detected.faces[number - 1]
    figure = io.BytesIO()
    draw_figure(explanation, detected.image, face, chip, [answer, faithfulness]).save(figure, "PNG")
    method = METHODS[explanation.method]
    peak = "flat map" if explanation.flat else f"{explanation.peak:.2g} {method.unit}"
    name = printable(photo.name)
    line = f"{name}  face {number}  {method.name}  {peak}  {answer} {faithfulness}"
    return figure.getvalue(), line


def _detect(photo: PhotoFile, use_full_image: bool) -> "DetectedFaces":
    from fer_core.imaging.decode import guard_process
    from fer_core.pipeline import detect_faces

    guard_process()
    try:
        data = photo.read()
    except OSError as error:
        raise FerError(f"{photo.name} cannot be read: {error.strerror}.") from error
    detected = detect_faces(data, use_full_image=use_full_image)
    if not detected.faces:
        raise FerError("no face found; --whole-picture treats the whole picture as one face")
    return detected


def _face_number(detected: "DetectedFaces", number: int | None) -> int:
    """The face to explain, counted from 1 as in `classify`; the largest by default."""
    areas = [face.box[2] * face.box[3] for face in detected.faces]
    if number is None:
        return areas.index(max(areas)) + 1
    if not 1 <= number <= len(areas):
        raise FerError(f"there is no face {number}: the photo has {len(areas)}")
    return number


def _sentences(explanation: "Explanation", chip: "np.ndarray") -> tuple[str, str]:
    """Two sentences: the explained probability, and how it reacts to blurring the hottest area."""
    from fer_core.explain.faithfulness import HOT_FRACTION, measure_faithfulness
    from fer_core.models.predictors import load

    predict = load(explanation.model_name).predict_proba
    column = EMOTIONS.index(explanation.emotion)
    probability = float(predict(chip[None])[0, column])
    answer = f"Probability of {explanation.emotion}: {probability:.1%}."
    if explanation.flat:
        return answer, "The map is flat, so its faithfulness cannot be tested."
    test = measure_faithfulness(chip, explanation.map, predict, column)
    return answer, (
        f"Blurring the hottest {HOT_FRACTION:.0%} changes it by "
        f"{-100 * test.confidence_drop:+.1f} points, "
        f"blurring random areas of the same size by {-100 * test.random_drop:+.1f}."
    )
