"""Tune the crop geometry of a chip on PublicTest: python -m training.crop_framing.

FER2013's images are themselves face crops. Each PublicTest image is enlarged and padded with grey,
its face is detected and cropped again. The best geometry is the one with which the multi-class CNN
loses the least accuracy compared with the original images. The command only prints: the numbers go
into `fer_core.faces.align` and docs/faces.md by hand.
"""

import argparse
import dataclasses
import math
import sys

import cv2
import numpy as np
from tqdm import tqdm

from fer_core.artifacts import weights_file
from fer_core.cli.command import report_errors
from fer_core.faces.align import CHIP_SIZE, CROP_GEOMETRY, CropGeometry, Face, crop_chip, detect
from fer_core.models.predictors import load
from fer_core.registry import get_model_spec
from training.engine.arguments import add_data_argument, positive_int
from training.engine.data import FerData, load_data

MODEL_NAME = "multiclass"
ENLARGEMENT = 4  # scale factor, because YuNet needs more than 48 px
BORDER = 96  # px of grey on each side, so that a crop larger than the image needs no reflection
SCALES = (0.95, 1.0, 1.05, 1.1, 1.15, 1.2, 1.3)
VERTICAL_OFFSETS = (-0.04, -0.02, 0.0, 0.02, 0.04)


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.crop_framing", description=__doc__)
    add_data_argument(parser)
    parser.add_argument("--limit", type=positive_int, help="number of images to use, evenly spread")
    args = parser.parse_args(arguments)
    report(load_data(args.data, ["PublicTest"]).split("PublicTest"), args.limit)
    return 0


def report(data: FerData, limit: int | None) -> None:
    """Print the geometry that restores the original crops, and the accuracy of others."""
    step = 1 if limit is None else max(1, len(data) // limit)
    chips, labels = data.chips[::step], data.labels[::step]
    detections = [
        detect(chip_on_grey(chip)) for chip in tqdm(chips, desc="detecting", disable=None)
    ]
    has_one_face = np.array([len(faces) == 1 for faces in detections])
    faces = [faces[0] for faces in detections if len(faces) == 1]
    print(
        f"{len(chips)} PublicTest images; exactly one face detected in {has_one_face.mean():.1%}\n"
    )
    report_geometry(faces)
    if weights_file.is_ready(get_model_spec(MODEL_NAME)):
        report_accuracy(chips[has_one_face], labels[has_one_face], faces)
    else:
        print(f"\nNo accuracies: {MODEL_NAME} is not trained yet")


def chip_on_grey(chip: np.ndarray) -> np.ndarray:
    """Enlarge a chip (48, 48) and pad it with grey to a (384, 384, 3) uint8 RGB image."""
    large = cv2.resize(chip, None, fx=ENLARGEMENT, fy=ENLARGEMENT, interpolation=cv2.INTER_CUBIC)
    edges = (BORDER,) * 4
    grey = cv2.copyMakeBorder(large, *edges, cv2.BORDER_CONSTANT, value=128)
    return cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB)


def report_geometry(faces: list[Face]) -> None:
    """Print the crop geometry that restores the original crops: median and middle 90 %."""
    rows = [_original_geometry(face) for face in faces]
    names = [field.name for field in dataclasses.fields(CropGeometry)]
    print("geometry that restores the original crop, tilts up to 45° (median, middle 90 %):")
    for name, values in zip(names, np.array([row for row in rows if row]).T, strict=True):
        low, median, high = np.quantile(values, (0.05, 0.5, 0.95))
        print(f"  {name:10s} {median:6.3f}   {low:6.3f} to {high:6.3f}")


def _original_geometry(face: Face) -> tuple[float, float, float, float] | None:
    """Return the geometry, field by field, that restores the face's original crop.

    Returns None for tilts above 45°.
    """
    eyes = np.array(face.eyes)
    eye_line = eyes[1] - eyes[0]
    if eye_line[0] < abs(eye_line[1]):
        return None
    x, y, w, h = face.box
    eye_distance, side = math.hypot(*eye_line), CHIP_SIZE * ENLARGEMENT
    down = np.array([-eye_line[1], eye_line[0]]) / eye_distance
    centre = BORDER + side / 2
    offset_from_box = float(down @ (centre - (x + w / 2), centre - (y + h / 2))) / side
    offset_from_eyes = float(down @ (centre - eyes.mean(axis=0))) / side
    return side / math.sqrt(w * h), offset_from_box, side / eye_distance, offset_from_eyes


def report_accuracy(chips: np.ndarray, labels: np.ndarray, faces: list[Face]) -> None:
    """Print the accuracy on the original images and on crops with each geometry."""

    def score(geometry: CropGeometry, faces: list[Face]) -> float:
        crops = [
            crop_chip(chip_on_grey(chip), face, geometry)
            for chip, face in zip(chips, faces, strict=True)
        ]
        return accuracy(np.stack(crops), labels)

    print(
        f"\naccuracy of {MODEL_NAME}: {accuracy(chips, labels):.2%} on the originals; on new crops:"
    )
    print("scale \\ offset" + "".join(f"{offset:+8.3f}" for offset in VERTICAL_OFFSETS))
    for scale in SCALES:
        geometries = [
            dataclasses.replace(CROP_GEOMETRY, scale=scale, vertical_offset=offset)
            for offset in VERTICAL_OFFSETS
        ]
        print(
            f"  {scale:12.2f}" + "".join(f"{score(g, faces):8.2%}" for g in geometries), flush=True
        )
    print(f"  {score(CROP_GEOMETRY, faces):.2%} with the app's geometry ({CROP_GEOMETRY})")
    print(
        f"  {score(CROP_GEOMETRY, [_level(face) for face in faces]):.2%} without "
        "correcting the tilt"
    )
    print(
        f"  {score(CROP_GEOMETRY, [_without_box(face) for face in faces]):.2%} from the eyes alone"
    )


def _level(face: Face) -> Face:
    """Return the face with its eyes on a horizontal line, so that the crop is not rotated."""
    eyes = np.array(face.eyes)
    (x, y), half = eyes.mean(axis=0), math.hypot(*(eyes[1] - eyes[0])) / 2
    return dataclasses.replace(face, eyes=((x - half, y), (x + half, y)))


def _without_box(face: Face) -> Face:
    """Return the face with a box as if the image edge had cut it off."""
    return dataclasses.replace(face, box=(0, 0, 1, 1))


def accuracy(chips: np.ndarray, labels: np.ndarray) -> float:
    """Return the accuracy of `MODEL_NAME` on `chips` (N, 48, 48) uint8."""
    return float((load(MODEL_NAME).predict_proba(chips).argmax(axis=1) == labels).mean())


if __name__ == "__main__":
    sys.exit(main())
