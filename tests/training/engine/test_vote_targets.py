"""Training by FER+ votes: targets, images that choose epochs, Training without test copies."""

from pathlib import Path

import ferplus_file
import numpy as np
import pytest

from fer_core.datasets import near_copies
from fer_core.datasets.fer2013_ids import row_numbers
from fer_core.emotions import EMOTIONS
from training.engine.data import FerData, labelled_by_majority, vote_targets


@pytest.fixture
def voted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FerData:
    """Five Training images: a clear majority, an outlier, a tie, no face, and no votes at all."""
    monkeypatch.setenv("FER2013_DIR", str(tmp_path / "fer2013"))
    votes = {
        0: {"happiness": 7, "neutral": 3},
        1: {"sadness": 5, "anger": 4, "fear": 1},
        2: {"sadness": 4, "unknown": 4, "anger": 2},
        3: {"NF": 6, "happiness": 4},
    }
    ferplus_file.write(tmp_path / "fer2013new.csv", votes)
    ids = np.array([f"Training_{number}" for number in row_numbers()[:5]])
    return FerData(ids, np.zeros(5, np.uint8), np.zeros((5, 48, 48), np.uint8))


def test_votes_become_targets_without_outliers(voted: FerData) -> None:
    expected = np.zeros((5, 7))
    for row, shares in enumerate(
        (
            {"happy": 0.7, "neutral": 0.3},
            {"sad": 5 / 9, "angry": 4 / 9},
            {"sad": 2 / 3, "angry": 1 / 3},
        )
    ):
        for emotion, share in shares.items():
            expected[row, EMOTIONS.index(emotion)] = share
    np.testing.assert_allclose(vote_targets(voted), expected, atol=1e-6)


def test_epochs_are_chosen_by_clear_majorities(voted: FerData) -> None:
    clear = labelled_by_majority(voted)
    assert clear.ids.tolist() == voted.ids[:2].tolist()
    assert [EMOTIONS[label] for label in clear.labels] == ["happy", "sad"]


def test_training_images_with_a_test_copy_are_left_out() -> None:
    copied = sorted(near_copies.load_training_copies())
    assert {match.training_id for match in near_copies.load_copies().values()} <= set(copied)
    ids = np.array([*copied[:3], "Training_0", "PublicTest_1218"])
    data = FerData(ids, np.zeros(5, np.uint8), np.zeros((5, 48, 48), np.uint8))
    assert data.without_test_copies().ids.tolist() == ["Training_0", "PublicTest_1218"]
