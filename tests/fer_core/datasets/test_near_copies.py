"""The table of near copies: written, read back, verified."""

import csv
from pathlib import Path

import numpy as np
import pytest

from fer_core.artifacts.predictions import load_predictions
from fer_core.artifacts.store import Artifacts, record_checksums
from fer_core.datasets import fer2013_stats, near_copies
from fer_core.datasets.near_copies import NearCopy
from fer_core.errors import ResultsError

MATCHES = [
    NearCopy("PublicTest_2", "Training_7", 0.9499, True, "sad"),
    NearCopy("PrivateTest_1", "Training_8", 0.95, False, "happy"),
]


def test_what_is_written_is_read_back(no_artifacts: Artifacts) -> None:
    near_copies.write_matches(MATCHES)
    assert near_copies.load_matches() == {match.test_id: match for match in MATCHES}
    assert list(near_copies.load_matches()) == ["PrivateTest_1", "PublicTest_2"]


def test_copies_are_the_matches_from_the_threshold_on(no_artifacts: Artifacts) -> None:
    near_copies.write_matches(MATCHES)
    ids = np.array(["PublicTest_2", "PrivateTest_1", "PrivateTest_3"])
    assert near_copies.has_training_copy(ids).tolist() == [False, True, False]


@pytest.mark.parametrize(
    "line",
    ["PublicTest_2,Training_7,0.5,0,sad", "PublicTest_2,Training_7,0.96,0,glum", "a,b,c,d,e", "a"],
)
def test_a_damaged_table_is_reported(copied_results: Path, line: str) -> None:
    path = near_copies.near_copies_path()
    path.write_text(f"{path.read_text().splitlines()[0]}\n{line}\n")
    with pytest.raises(ResultsError, match="checksum"):
        near_copies.load_matches()
    record_checksums(path)
    with pytest.raises(ResultsError, match=r"near_copies\.csv is damaged"):
        near_copies.load_matches()


def test_the_committed_table_is_of_the_test_images() -> None:
    with near_copies.near_copies_path().open() as file:
        rows = list(csv.DictReader(file))
    ids = [row["test_id"] for row in rows]
    assert ids == sorted(set(ids))
    assert set(ids) <= set(load_predictions("multiclass").ids.tolist())
    assert all(row["training_id"].startswith("Training_") for row in rows)


def test_identical_duplicates_are_copies() -> None:
    """Found independently, by the hash of the pixels."""
    duplicates = fer2013_stats.load_stats().train_duplicates
    matches = near_copies.load_matches()
    assert near_copies.has_training_copy(duplicates).all()
    assert all(matches[i].correlation >= near_copies.IDENTICAL for i in duplicates)
