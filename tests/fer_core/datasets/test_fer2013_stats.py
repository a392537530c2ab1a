"""The committed statistics of FER2013 equal those of the data set."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fer_core.artifacts import store
from fer_core.artifacts.provenance import collect_provenance
from fer_core.datasets import fer2013_stats
from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.datasets.fer2013_ids import SPLIT_SIZES, SPLITS
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from training import dataset_stats as command
from training.engine.data import FerData, load_data

SIZES = {"Training": 28709, "PublicTest": 3589, "PrivateTest": 3589}


def test_recorded_numbers_are_the_known_ones() -> None:
    stats = fer2013_stats.load_stats()
    assert {split: stats.total(split) for split in SIZES} == SIZES
    assert list(stats.counts["PrivateTest"].values()) == [491, 55, 528, 879, 626, 594, 416]
    assert list(stats.counts["Training"].values()) == [3995, 436, 4097, 7215, 4965, 4830, 3171]
    assert (stats.groups, stats.images_in_groups) == (1516, 3369)
    assert (stats.groups_across_splits, stats.groups_with_conflicting_labels) == (557, 57)
    assert len(set(stats.train_duplicates)) == 288
    assert stats.most_frequent("PrivateTest") == "happy"
    assert stats.shares("PrivateTest")["happy"] == 879 / 3589
    happy = [stats.shares(split)["happy"] for split in SPLITS]
    assert stats.widest_gap() >= max(happy) - min(happy)
    assert stats.different_fields(stats) == []
    assert stats.different_fields(replace(stats, groups=9)) == ["groups"]


def test_recorded_equals_what_the_data_says(fer2013: FerData) -> None:
    assert (
        fer2013_stats.compute_stats(fer2013.ids, fer2013.labels, fer2013.chips)
        == fer2013_stats.load_stats()
    )


def test_groups_on_hand_made_images() -> None:
    """Images a, a, a in two splits, two labels; b, b in Training; c alone; d in both tests."""
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
    stats = fer2013_stats.compute_stats(
        np.array([image for image, _, _ in rows]),
        np.array([EMOTIONS.index(emotion) for _, emotion, _ in rows]),
        [pictures[name].astype(np.uint8) for _, _, name in rows],
    )
    assert (stats.groups, stats.images_in_groups) == (3, 7)
    assert (stats.groups_across_splits, stats.groups_with_conflicting_labels) == (2, 1)
    assert stats.train_duplicates == ("PrivateTest_3",)
    assert stats.counts["Training"] == dict.fromkeys(EMOTIONS, 0) | {
        "happy": 1,
        "sad": 1,
        "fear": 2,
    }
    assert (stats.most_frequent("Training"), stats.shares("Training")["fear"]) == ("fear", 0.5)
    with pytest.raises(ValueError, match="2 ids"):
        fer2013_stats.compute_stats(np.array(["Training_1", "Training_2"]), np.array([0]), [])


def test_survey_counts_and_averages(tiny_data: Path) -> None:
    faces, data = Fer2013Dataset.find(tiny_data), load_data(tiny_data)
    assert faces is not None
    fractions: list[float] = []
    scan = fer2013_stats.scan_dataset(faces, fractions.append)
    assert fractions == sorted(fractions)
    assert fer2013_stats.cached_scan(faces) is scan
    assert scan.stats == fer2013_stats.compute_stats(data.ids, data.labels, data.chips)
    training = data.split("Training")
    for i in range(len(EMOTIONS)):
        expected = training.chips[training.labels == i].astype(float).mean(axis=0)
        np.testing.assert_allclose(scan.mean_faces[i], expected)


@pytest.mark.usefixtures("no_artifacts")
def test_command_writes_what_the_library_reads(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for split, size in {"Training": 280, "PublicTest": 70, "PrivateTest": 70}.items():
        monkeypatch.setitem(SPLIT_SIZES, split, size)
    assert command.main(["--data", str(tiny_data)]) == 0
    data = load_data(tiny_data)
    written = fer2013_stats.load_stats()
    assert written == fer2013_stats.compute_stats(data.ids, data.labels, data.chips)
    provenance = json.loads(fer2013_stats.path().read_text())["provenance"]
    assert set(provenance) == set(collect_provenance("cpu"))
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
