"""A user's own predictions for a known evaluation set, from a CSV, TSV or `.npz` file.

Such files come from strangers: their size is bounded and nothing in them is run.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

import numpy as np

from fer_core.artifacts.predictions import Predictions
from fer_core.datasets.fer2013_ids import id_from_stem
from fer_core.evaluation import prediction_files
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.prediction_files import MAX_BYTES, MAX_MB, PredictionsFileError

PICTURE_SUFFIXES: Final = (".jpg", ".jpeg", ".png")
#: How far from 1 a row may sum: seven numbers rounded to two decimals.
SUM_TOLERANCE: Final = 0.036
EXACT_TOLERANCE: Final = 0.002  # seven numbers in half precision
ONE_HOT_NOTE: Final = (
    "The file has answers without probabilities, so figures that depend on confidence, such as "
    "calibration and the areas under curves, mean nothing."
)


@dataclass(frozen=True, eq=False)
class OwnPredictions:
    """What a file answers about the faces of a set.

    Attributes:
        predictions: For all faces of the set, in its order and with its labels.
        has_confidence: Whether the file has probabilities and not only answers.
        notes: What its user should know, such as rows left out; sentences.
    """

    predictions: Predictions
    has_confidence: bool
    notes: tuple[str, ...]


def read_file(path: Path, faces: EvaluationSet) -> OwnPredictions:
    """As `read`, from a file on disk.

    Raises:
        PredictionsFileError: As of `read`, or the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise PredictionsFileError(f"{path} cannot be read: {error.strerror}.") from error
    return read(content, path.name, faces)


def read(content: bytes, name: str, faces: EvaluationSet) -> OwnPredictions:
    """Read predictions and put them into the order of a set.

    Args:
        content: A table with a head, separated by commas, semicolons or tabs: the column `id`, and
            one column per emotion or the column `answer`. Or an `.npz` file with `ids`, (N,) str
            or integers, and `probabilities`, (N, 7) in the order of EMOTIONS. An id is one of the
            set, a row of fer2013.csv or the name of a picture of either.
        name: Name of the file; its suffix says what it is.
        faces: The set; all of its faces must be answered, and other faces are left out.

    Raises:
        PredictionsFileError: The file is too large or cannot be read, faces are missing or are
            answered twice, or numbers are no probabilities.
        ResultsError: The set has no faces.
    """
    if len(content) > MAX_BYTES:
        raise PredictionsFileError(f"{name} has more than {MAX_MB} MB, the most that is read.")
    is_npz = PurePosixPath(name).suffix.lower() == ".npz"
    table = (prediction_files.read_npz if is_npz else prediction_files.read_table)(content)
    known = faces.predictions(next(iter(faces.models))) if len(faces) else None
    assert known is not None  # `len` has raised
    rows, notes = _rows(table.ids, known.ids, faces)
    probabilities = table.probabilities[rows]
    if table.has_confidence:
        probabilities = _checked(probabilities, known.ids, notes)
    else:
        notes.append(ONE_HOT_NOTE)
    predictions = Predictions(known.ids, known.labels, probabilities)
    return OwnPredictions(predictions, table.has_confidence, tuple(notes))


def _rows(
    given: Sequence[str], wanted: np.ndarray, faces: EvaluationSet
) -> tuple[list[int], list[str]]:
    """The row of each face of the set, and a note about rows that are of none."""
    stems = Counter(map(_stem, wanted.tolist()))
    known = {_stem(each): each for each in wanted.tolist() if stems[_stem(each)] == 1}
    known |= {each: each for each in wanted.tolist()}
    ids = [_set_id(each, known, faces.is_fer2013) for each in given]
    if repeated := [each for each, n in Counter(filter(None, ids)).items() if n > 1]:
        raise PredictionsFileError(
            f"Faces that the file answers more than once: {_some(repeated)}."
        )
    other = [each[:60] for each, found in zip(given, ids, strict=True) if found is None]
    places = {each: row for row, each in enumerate(ids) if each}
    if missing := [each for each in wanted.tolist() if each not in places]:
        hint = f"; rows of other or unknown faces: {_some(other)}" if other else ""
        raise PredictionsFileError(
            f"Faces of {faces.title} that the file does not answer, of {len(wanted):,}: "
            f"{_some(missing)}{hint}."
        )
    notes = [f"Rows of other or unknown faces, left out: {_some(other)}."] if other else []
    return [places[each] for each in wanted.tolist()], notes


def _set_id(given: str, known: Mapping[str, str], is_fer2013: bool) -> str | None:
    """The face of the set that an id or file name in the user's file stands for.

    Args:
        given: The id or name.
        known: Ids of the set, and their `_stem` where it is of one only → id.
        is_fer2013: Whether rows of fer2013.csv stand for ids of the set.
    """
    if given in known:
        return known[given]
    stem = _stem(given)
    return known.get((is_fer2013 and id_from_stem(stem)) or stem)


def _stem(name: str) -> str:
    """A picture's name without folders and suffix."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.stem if path.suffix.lower() in PICTURE_SUFFIXES else path.name


def _checked(probabilities: np.ndarray, ids: np.ndarray, notes: list[str]) -> np.ndarray:
    """Probabilities whose rows sum to 1; appends a note where they were divided by their sums."""
    unknown = ~np.isfinite(probabilities).all(axis=1)
    if unknown.any():
        raise PredictionsFileError(
            f"Faces answered with NaN or infinite numbers: {_some(ids[unknown])}."
        )
    sums = probabilities.sum(axis=1)
    differences = abs(sums - 1)
    outside = ((probabilities < 0) | (probabilities > 1 + EXACT_TOLERANCE)).any(axis=1)
    if outside.any():
        is_percent = (probabilities >= 0).all() and (abs(sums / 100 - 1) < SUM_TOLERANCE).all()
        advice = "percentages: divide them by 100" if is_percent else "logits: apply softmax first"
        raise PredictionsFileError(
            f"Faces answered with numbers below 0 or above 1: {_some(ids[outside])}; the numbers "
            f"look like {advice}."
        )
    unequal = differences > SUM_TOLERANCE
    if unequal.any():
        raise PredictionsFileError(
            f"Faces whose probabilities do not sum to 1: {_some(ids[unequal])}; divide each row "
            "by its sum if these are independent scores or a class was left out."
        )
    if differences.max() > EXACT_TOLERANCE:
        notes.append(
            f"Some rows sum to between {sums.min():.3f} and {sums.max():.3f} instead of 1, and "
            "were divided by their sums."
        )
    normalised: np.ndarray = probabilities / sums[:, None]
    return normalised


def _some(ids: Sequence[str] | np.ndarray) -> str:
    """How many they are, and the first as an example."""
    return f"{len(ids):,}, such as {ids[0]}" if len(ids) > 1 else str(ids[0])
