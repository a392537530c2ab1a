"""Images that FER2013 has both in Training and in a test split: copies of one photograph.

FER2013 was gathered by web search, and a photograph is often in it more than once: cropped, scaled
or lit differently, with another watermark, mirrored, and at times with another label.
`python -m training.near_copies` finds the copies from the images and writes `near_copies.csv` and
`training_copies.csv` in `fer_core/results/`; docs/near_copies.md has the method and its limits.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np

from fer_core.artifacts import store
from fer_core.artifacts.store import artifacts, cached
from fer_core.emotions import EMOTIONS

#: Matches that correlate less are not recorded.
MIN_CORRELATION = 0.90
#: From this correlation on, two images count as copies of one photograph. Looked at by eye: of the
#: 119 pairs from 0.95 to 0.96, 3 are not the same photograph, of 126 pairs above none; of 36 pairs
#: each from 0.94, 0.92 and 0.90 on, 4, 12 and 21 are not (docs/near_copies.md).
THRESHOLD = 0.95
#: Correlation from which a copy is pixel for pixel the same image, up to rounding.
IDENTICAL = 0.9995
COMMAND = "near_copies"


@dataclass(frozen=True)
class NearCopy:
    """A test image and the Training image that it matches best."""

    test_id: str
    training_id: str
    correlation: float  # normalised cross-correlation, `MIN_CORRELATION` to 1
    mirrored: bool  # whether the Training image matches the mirror image
    training_label: str  # FER2013's label of the Training image

    @property
    def is_copy(self) -> bool:
        """Whether the two images count as copies of one photograph."""
        return self.correlation >= THRESHOLD


def near_copies_path() -> Path:
    """Path of the table of best matches."""
    return artifacts().results / "near_copies.csv"


def training_copies_path() -> Path:
    """Path of the table of Training images with a copy in a test split."""
    return artifacts().results / "training_copies.csv"


def write_matches(matches: Iterable[NearCopy]) -> None:
    """Write the table of best matches, sorted by test image, and record its checksum."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(field.name for field in fields(NearCopy))
    for match in sorted(matches, key=lambda match: match.test_id):
        test_id, training_id, correlation, mirrored, label = astuple(match)
        writer.writerow((test_id, training_id, f"{correlation:.4f}", int(mirrored), label))
    store.write_files({near_copies_path(): table.getvalue().encode()})


def write_training_copies(pairs: Iterable[NearCopy]) -> list[str]:
    """Write the ids of the Training images in pairs of copies, sorted, and return them."""
    ids = sorted({pair.training_id for pair in pairs if pair.is_copy})
    store.write_files({training_copies_path(): "\n".join(["training_id", *ids, ""]).encode()})
    return ids


@cached
def load_training_copies() -> frozenset[str]:
    """Read the ids of the Training images that have a copy in a test split.

    Raises:
        ResultsError: The table is missing or damaged.
    """
    content = store.read_verified(training_copies_path(), COMMAND)
    head, *ids = content.decode(errors="replace").splitlines()
    if head != "training_id" or not all(name.startswith("Training_") for name in ids):
        raise store.corrupted_error(training_copies_path())
    return frozenset(ids)


@cached
def load_matches() -> dict[str, NearCopy]:
    """Read the best match of every test image that correlates at `MIN_CORRELATION` or more.

    Returns:
        Test image id → its match, in the order of the ids.

    Raises:
        ResultsError: The table is missing or damaged.
    """
    content = store.read_verified(near_copies_path(), COMMAND)
    try:
        rows = csv.DictReader(content.decode().splitlines(), strict=True)
        matches = [_parse(row) for row in rows]
    except (ValueError, KeyError, TypeError, csv.Error) as error:
        raise store.corrupted_error(near_copies_path()) from error
    return {match.test_id: match for match in matches}


def load_copies() -> dict[str, NearCopy]:
    """The matches of `load_matches` that count as copies; raises like it."""
    return {test_id: match for test_id, match in load_matches().items() if match.is_copy}


def has_training_copy(ids: Iterable[str]) -> np.ndarray:
    """Whether each test image is a copy of a Training image.

    Args:
        ids: N ids of test images, such as `PublicTest_1218`.

    Returns:
        (N,) bool.

    Raises:
        ResultsError: The table is missing or damaged.
    """
    copies = load_copies()
    return np.array([str(image_id) in copies for image_id in ids], bool)


def _parse(row: dict[str, str]) -> NearCopy:
    correlation, label = float(row["correlation"]), row["training_label"]
    if not MIN_CORRELATION <= correlation <= 1 or label not in EMOTIONS:
        raise ValueError(f"no match: {row}")
    mirrored = {"0": False, "1": True}[row["mirrored"]]
    return NearCopy(row["test_id"], row["training_id"], correlation, mirrored, label)
