"""What is recorded of FER2013 is what is there."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fer_core.artifacts import store
from fer_core.artifacts.provenance import collect_provenance
from fer_core.datasets import fer2013_stats
from fer_core.datasets.fer2013 import SPLITS, Fer2013Dataset
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from training import dataset_stats as command
from training.engine.data import FerData, load_data

SIZES = {"Training": 28709, "PublicTest": 3589, "PrivateTest": 3589}


def test_recorded_numbers_are_the_known_ones() -> None:
    known = fer2013_stats.load_stats()
    assert {split: known.total(split) for split in SIZES} == SIZES
    assert list(known.counts["PrivateTest"].values()) == [491, 55, 528, 879, 626, 594, 416]
    assert list(known.counts["Training"].values()) == [3995, 436, 4097, 7215, 4965, 4830, 3171]
    assert (known.groups, known.images_in_groups) == (1516, 3369)
    assert (known.groups_across_splits, known.groups_with_conflicting_labels) == (557, 57)
    assert len(set(known.train_duplicates)) == 288
    assert known.most_frequent("PrivateTest") == "happy"
    assert known.shares("PrivateTest")["happy"] == 879 / 3589
    happy = [known.shares(split)["happy"] for split in SPLITS]
    assert known.widest_gap() >= max(happy) - min(happy)
    assert known.different_fields(known) == []
    assert known.different_fields(replace(known, groups=9)) == ["groups"]


def test_recorded_equals_what_the_data_says(fer2013: FerData) -> None:
    assert (
        fer2013_stats.compute_stats(fer2013.ids, fer2013.labels, fer2013.chips)
        == fer2013_stats.load_stats()
    )


def test_groups_on_hand_made_pictures() -> None:
    """Pictures a, a, a in two splits, two labels; b, b in Training; c alone; d in both tests."""
    pictures = dict(zip("abcd", np.arange(4 * 48 * 48).reshape(4, 48, 48) % 251, strict=True))
    rows = [
        ("Training_1", "happy", "a"),
        ("Training_2", "sad", "a"),
        ("PrivateTest_3", "happy", "a"),
        ("Training_4", "fear", "b"),
        ("Training_5", "fear", "b"),
        ("PrivateTest_6", "angry", "c"),
        ("PublicTest_7", "angry", "d"),
        ("PrivateTest_8", "angry", "d"),
    ]
    found = fer2013_stats.compute_stats(
        np.array([image for image, _, _ in rows]),
        np.array([EMOTIONS.index(emotion) for _, emotion, _ in rows]),
        [pictures[name].astype(np.uint8) for _, _, name in rows],
    )
    assert (found.groups, found.images_in_groups) == (3, 7)
    assert (found.groups_across_splits, found.groups_with_conflicting_labels) == (2, 1)
    assert found.train_duplicates == ("PrivateTest_3",)
    assert found.counts["Training"] == dict.fromkeys(EMOTIONS, 0) | {
        "happy": 1,
        "sad": 1,
        "fear": 2,
    }
    assert (found.most_frequent("Training"), found.shares("Training")["fear"]) == ("fear", 0.5)
    with pytest.raises(ValueError, match="2 ids"):
        fer2013_stats.compute_stats(np.array(["Training_1", "Training_2"]), np.array([0]), [])


def test_survey_counts_and_averages(tiny_data: Path) -> None:
    faces, data = Fer2013Dataset.find(tiny_data), load_data(tiny_data)
    assert faces is not None
    heard: list[float] = []
    done = fer2013_stats.scan_dataset(faces, heard.append)
    assert heard == sorted(heard)
    assert fer2013_stats.cached_scan(faces) is done
    assert done.stats == fer2013_stats.compute_stats(data.ids, data.labels, data.chips)
    training = data.split("Training")
    for i in range(len(EMOTIONS)):
        expected = training.chips[training.labels == i].astype(float).mean(axis=0)
        np.testing.assert_allclose(done.mean_faces[i], expected)


@pytest.mark.usefixtures("no_artifacts")
def test_command_writes_what_the_library_reads(tiny_data: Path, tmp_path: Path) -> None:
    assert command.main(["--data", str(tiny_data)]) == 0
    data = load_data(tiny_data)
    written = fer2013_stats.load_stats()
    assert written == fer2013_stats.compute_stats(data.ids, data.labels, data.chips)
    made = json.loads(fer2013_stats.path().read_text())["made"]
    assert set(made) == set(collect_provenance("cpu"))
    assert command.main(["--data", str(tmp_path / "nowhere")]) == 1


@pytest.mark.usefixtures("no_artifacts")
def test_missing_and_damaged_records_are_one_sentence() -> None:
    with pytest.raises(ResultsError, match="missing"):
        fer2013_stats.load_stats()
    for text in ("no json", "[]", "{}"):
        fer2013_stats.path().write_text(text)
        store.record_checksums(fer2013_stats.path())
        with pytest.raises(ResultsError, match="damaged"):
            fer2013_stats.load_stats()
