"""Measure all models on the Face Research Lab London Set: python -m training.fairness FOLDER.

FOLDER has `people.csv` (id, age, gender, ethnicity) and a photo of each person in `neutral/` and in
`smiling/`, named by the id. The set is on figshare (doi 10.6084/m9.figshare.5047666, CC BY 4.0).
Only counts and areas are written, to fer_core/results.
"""

import argparse
import csv
import sys
from pathlib import Path

import numpy as np

from fer_core import pipeline
from fer_core.artifacts import store, summaries, weights_file
from fer_core.artifacts.provenance import collect_provenance
from fer_core.cli.command import report_errors
from fer_core.cli.output import prepare_folder
from fer_core.errors import DataError
from fer_core.evaluation import fairness
from fer_core.evaluation.fairness import Fairness, Person
from fer_core.models.predictors import load
from fer_core.registry import MODELS

#: First age of each group but the youngest.
AGES = (25, 35)


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.fairness", description=__doc__)
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="the photos and people.csv")
    args = parser.parse_args(arguments)
    prepare_folder(fairness.path().parent)
    people = read_people(args.folder / "people.csv")
    smiles = read_faces(args.folder / "smiling", people)
    neutral = read_faces(args.folder / "neutral", people)
    groups, checksums = {}, {}
    for model in MODELS.values():
        checksum = summaries.weights_checksum(model.name)
        if checksum is None or not weights_file.is_ready(model):
            continue
        predictor = load(model.name)
        groups[model.name] = fairness.measure(
            people, predictor.predict_proba(smiles), predictor.predict_proba(neutral)
        )
        checksums[model.name] = checksum
        for row in groups[model.name]:
            print(
                f"{model.name:16} {row.group:16} n {row.people:3}  smiles called happy "
                f"{row.smiles_found:3}, at the threshold {row.smiles_at_threshold:3}  neutral "
                f"called neutral {row.neutral_kept:3}  area {row.area:.3f}"
            )
    content = fairness.to_json(Fairness(groups, checksums), collect_provenance("cpu"))
    store.write_files({fairness.path(): content.encode()})
    return 0


def read_people(path: Path) -> list[Person]:
    """Read the people; raises `DataError` if the file is missing or not such a table."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        return [
            Person(row["id"], age_group(row["age"]), row["gender"], row["ethnicity"])
            for row in rows
        ]
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise DataError(
            f"{path} is needed: a table of people with the columns id, age, gender, ethnicity."
        ) from error


def age_group(age: str) -> str:
    """The group of an age in years, such as "25 to 34"; "" for one that is not a number."""
    if not age.strip().isdigit():
        return ""
    starts = [0, *(first for first in AGES if first <= int(age))]
    if len(starts) > len(AGES):
        return f"{AGES[-1]} and over"
    last = AGES[len(starts) - 1] - 1
    return f"{starts[-1]} to {last}" if starts[-1] else f"up to {last}"


def read_faces(folder: Path, people: list[Person]) -> np.ndarray:
    """Cut out the largest face of each person's photo, as the app does.

    Returns:
        (N, 48, 48) uint8, in the order of the people.

    Raises:
        DataError: A photo is missing, or has no face.
        ImageError: A photo cannot be read.
    """
    chips = []
    for person in people:
        path = folder / f"{person.name}.jpg"
        if not path.is_file():
            raise DataError(f"there is no {path}")
        detected = pipeline.detect_faces(path)
        if not detected.faces:
            raise DataError(f"no face was found in {path}")
        sizes = [width * height for _, _, width, height in (face.box for face in detected.faces)]
        chips.append(detected.chips[int(np.argmax(sizes))])
    return np.stack(chips)


if __name__ == "__main__":
    sys.exit(main())
