"""Choose how much of a face a chip shows: python -m training.crop_framing [--data DIR] [--limit N].

FER2013's pictures are themselves crops. Each PublicTest picture is enlarged onto a grey ground, its
face is detected and cropped again, and the framing under which the multi-class network loses least
against the original pictures is the one to take. Only PublicTest is used. Nothing is written: the
numbers go into `fer_core.faces.align.CropGeometry` and docs/faces.md by hand.
"""

import argparse
import dataclasses
import math
import sys
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from fer_core.artifacts import weights_file
from fer_core.cli.command import report_errors
from fer_core.faces.align import CHIP_SIZE, CROP_GEOMETRY, Face, CropGeometry, crop_chip, detect
from fer_core.models.predictors import load
from fer_core.registry import get_model_spec
from training.engine.data import DEFAULT_DATA, FerData, load_data

MODEL_NAME = "multiclass"
ENLARGEMENT = 4  # times: YuNet sees little in 48 px
BORDER = 96  # px of grey on each side, so that a frame larger than the picture shows no edge twice
SCALES = (0.95, 1.0, 1.05, 1.1, 1.15, 1.2, 1.3)
VERTICAL_OFFSETS = (-0.04, -0.02, 0.0, 0.02, 0.04)


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="FER2013 folder or archive")
    parser.add_argument("--limit", type=int, help="take about this many pictures, evenly spread")
    chosen = parser.parse_args(arguments)
    report(load_data(chosen.data).split("PublicTest"), chosen.limit)
    return 0


def report(data: FerData, limit: int | None) -> None:
    step = 1 if limit is None else max(1, len(data) // limit)
    chips, labels = data.chips[::step], data.labels[::step]
    found = [detect(chip_on_grey(chip)) for chip in tqdm(chips, desc="detecting", disable=None)]
    one = np.array([len(faces) == 1 for faces in found])
    faces = [faces[0] for faces in found if len(faces) == 1]
    print(f"{len(chips)} PublicTest pictures; exactly one face found in {one.mean():.1%}\n")
    report_geometry(faces)
    if weights_file.is_ready(get_model_spec(MODEL_NAME)):
        report_accuracy(chips[one], labels[one], faces)
    else:
        print(f"\n{MODEL_NAME} is not trained yet: no accuracies")


def chip_on_grey(chip: np.ndarray) -> np.ndarray:
    """A chip (48, 48) as a photo (384, 384, 3) uint8 RGB: enlarged, on grey."""
    large = cv2.resize(chip, None, fx=ENLARGEMENT, fy=ENLARGEMENT, interpolation=cv2.INTER_CUBIC)
    edges = (BORDER,) * 4
    grey = cv2.copyMakeBorder(large, *edges, cv2.BORDER_CONSTANT, value=128)
    return cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB)


def report_geometry(faces: list[Face]) -> None:
    """Which framing would give the original crop back: its side, and where its middle lies."""
    rows = [_original_frame(face) for face in faces]
    names = [field.name for field in dataclasses.fields(CropGeometry)]
    print("framing that restores the original crop, tilts up to 45° (median, middle 90 %):")
    for name, values in zip(names, np.array([row for row in rows if row]).T, strict=True):
        low, median, high = np.quantile(values, (0.05, 0.5, 0.95))
        print(f"  {name:10s} {median:6.3f}   {low:6.3f} to {high:6.3f}")


def _original_frame(face: Face) -> tuple[float, float, float, float] | None:
    """The fields of `Framing` that give the original crop for this face; None for strong tilts."""
    eyes = np.array(face.eyes)
    across = eyes[1] - eyes[0]
    if across[0] < abs(across[1]):
        return None
    x, y, w, h = face.box
    apart, side = math.hypot(*across), CHIP_SIZE * ENLARGEMENT
    down = np.array([-across[1], across[0]]) / apart
    middle = BORDER + side / 2
    drop_from_box = float(down @ (middle - (x + w / 2), middle - (y + h / 2))) / side
    drop_from_eyes = float(down @ (middle - eyes.mean(axis=0))) / side
    return side / math.sqrt(w * h), drop_from_box, side / apart, drop_from_eyes


def report_accuracy(chips: np.ndarray, labels: np.ndarray, faces: list[Face]) -> None:
    """Accuracy on the pictures cropped again, framing by framing, beside that on the originals."""

    def score(framing: CropGeometry, chosen: list[Face]) -> float:
        again = [crop_chip(chip_on_grey(c), f, framing) for c, f in zip(chips, chosen, strict=True)]
        return accuracy(np.stack(again), labels)

    print(
        f"\naccuracy of {MODEL_NAME}: {accuracy(chips, labels):.2%} on the originals; cropped again:"
    )
    print("  side \\ drop" + "".join(f"{drop:+8.3f}" for drop in VERTICAL_OFFSETS))
    for side in SCALES:
        framings = [dataclasses.replace(CROP_GEOMETRY, scale=side, vertical_offset=drop) for drop in VERTICAL_OFFSETS]
        print(f"  {side:11.2f}" + "".join(f"{score(f, faces):8.2%}" for f in framings), flush=True)
    print(f"  {score(CROP_GEOMETRY, faces):.2%} as the app frames now ({CROP_GEOMETRY})")
    print(
        f"  {score(CROP_GEOMETRY, [_level(face) for face in faces]):.2%} the same, tilts left as they are"
    )
    print(f"  {score(CROP_GEOMETRY, [_boxless(face) for face in faces]):.2%} framed by the eyes alone")


def _level(face: Face) -> Face:
    """The same face with its eyes made to lie side by side, so that nothing turns it upright."""
    eyes = np.array(face.eyes)
    (x, y), half = eyes.mean(axis=0), math.hypot(*(eyes[1] - eyes[0])) / 2
    return dataclasses.replace(face, eyes=((x - half, y), (x + half, y)))


def _boxless(face: Face) -> Face:
    """The same face as if the picture's edge had cut its box."""
    return dataclasses.replace(face, box=(0, 0, 1, 1))


def accuracy(chips: np.ndarray, labels: np.ndarray) -> float:
    """Share of `chips` (N, 48, 48) uint8 whose most probable emotion is the label."""
    return float((load(MODEL_NAME).predict_proba(chips).argmax(axis=1) == labels).mean())


if __name__ == "__main__":
    sys.exit(main())
