"""Photos for many visitors at once, and a check of the answers they get."""

import csv
import io
from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image, ImageEnhance

from fer_core import pipeline
from fer_core.emotions import EMOTIONS
from fer_core.imaging.sample_photo import sample_photo
from fer_core.reports.answers import answers_to_csv

Rows = list[dict[str, str]]
TOLERANCE = 2e-4  # of a probability; networks compute a little differently on busy threads


def make_photo(number: int) -> bytes:
    """The sample photo, rotated, lit and resized at random: JPEG, 420 to 1,100 px wide."""
    random = np.random.default_rng(number)
    photo = Image.open(io.BytesIO(sample_photo())).convert("RGB")
    photo = photo.rotate(random.uniform(-12, 12), Image.Resampling.BICUBIC)
    photo = ImageEnhance.Brightness(photo).enhance(random.uniform(0.6, 1.3))
    side = int(random.integers(420, 1100))
    file = io.BytesIO()
    photo.resize((side, side)).save(file, "JPEG")
    return file.getvalue()


def expected_rows(photo: bytes, model_names: Sequence[str]) -> Rows:
    """The library's own answers as the rows of a CSV file, without a file name."""
    answers = pipeline.classify(photo, "", model_names, precision="auto")  # as the app's default
    return read_rows(answers_to_csv([answers]))


def read_rows(text: str) -> Rows:
    """The rows of a CSV file of answers, without their times."""
    return [
        {key: value for key, value in row.items() if key not in ("ms", "created")}
        for row in csv.DictReader(io.StringIO(text))
    ]


def wrong_rows(text: str, expected: Mapping[str, Rows]) -> Rows:
    """The rows of a CSV file that are not the expected ones.

    Args:
        text: The file that a visitor downloaded.
        expected: For each file name, in order, the rows of `expected_rows`.
    """
    correct = [row | {"file": name} for name, rows in expected.items() for row in rows]
    actual = read_rows(text)
    pairs = zip(actual, correct, strict=False)
    missing = correct[len(actual) :] + actual[len(correct) :]
    return missing + [row for row, other in pairs if not _is_same(row, other)]


def _is_same(row: Mapping[str, str], other: Mapping[str, str]) -> bool:
    keys = (row.keys() | other.keys()) - set(EMOTIONS)
    if any(row.get(key) != other.get(key) for key in keys):
        return False
    values = [[float(r.get(name) or "nan") for name in EMOTIONS] for r in (row, other)]
    return np.allclose(*values, rtol=0, atol=TOLERANCE, equal_nan=True)
