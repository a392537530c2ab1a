"""Both Kaggle layouts and the archive yield the same arrays."""

import shutil
import tarfile
from pathlib import Path

import ferplus_file
import numpy as np
import pytest

from fer_core.datasets.fer2013 import FIRST_ROW, row_numbers
from fer_core.emotions import EMOTIONS
from fer_core.errors import DataError
from training.engine.data import FerData, load_data, soft_labels


def test_folder(tiny_data: Path) -> None:
    data = load_data(tiny_data)
    assert data.chips.shape == (420, 48, 48)
    assert data.chips.dtype == np.uint8
    assert [len(data.split(s)) for s in ("Training", "PublicTest", "PrivateTest")] == [280, 70, 70]
    private = data.split("PrivateTest")
    stripe = private.chips.reshape(-1, 8, 6, 48).mean(axis=(2, 3)).argmax(axis=1)
    np.testing.assert_array_equal(stripe, private.labels)


def test_archive_equals_folder(tiny_data: Path, tmp_path: Path) -> None:
    archive = tmp_path / "fer2013.tar.xz"
    with tarfile.open(archive, "w:xz") as file:
        file.add(tiny_data, "somewhere")
    folder, packed = load_data(tiny_data), load_data(archive)
    np.testing.assert_array_equal(folder.ids, packed.ids)
    np.testing.assert_array_equal(folder.labels, packed.labels)
    np.testing.assert_array_equal(folder.chips, packed.chips)


def test_numbered_layout_gets_the_official_splits_and_names(
    tiny_data: Path, tmp_path: Path
) -> None:
    """File names are rows of fer2013.csv, mixed over train/ and validation/ as on Kaggle."""
    rows = [5, 28708, 28709, 32297, 32298, 35886]
    for i, row in enumerate(rows):
        folder = tmp_path / "images" / ("train", "validation")[i % 2] / EMOTIONS[i]
        folder.mkdir(parents=True)
        shutil.copy(next(tiny_data.glob("train/angry/*.jpg")), folder / f"{row}.jpg")
    data = load_data(tmp_path)
    assert {s: len(data.split(s)) for s in FIRST_ROW} == dict.fromkeys(FIRST_ROW, 2)
    number = row_numbers()[32298]
    assert f"PrivateTest_{number}" in data.ids
    assert data.labels[list(data.ids).index(f"PrivateTest_{number}")] == 4


def test_row_table_names_the_real_images(fer2013: FerData) -> None:
    numbers = row_numbers()
    assert len(numbers) == len(fer2013)
    for split, first in FIRST_ROW.items():
        count = len(fer2013.split(split))
        ids = {f"{split}_{n}" for n in numbers[first : first + count] if n >= 0}
        assert ids <= set(fer2013.ids)
        assert len(ids) >= count - 35  # a few rows could not be matched


def test_real_data_has_its_known_sizes(fer2013: FerData) -> None:
    sizes = {split: len(fer2013.split(split)) for split in FIRST_ROW}
    assert sizes == {"Training": 28709, "PublicTest": 3589, "PrivateTest": 3589}
    happy = EMOTIONS.index("happy")
    assert (fer2013.split("PrivateTest").labels == happy).sum() == 879


def test_missing_or_foreign_data_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no data at"):
        load_data(tmp_path / "nowhere")
    with pytest.raises(DataError, match="expected train/<emotion>"):
        load_data(tmp_path)
    (tmp_path / "happy").mkdir()
    (tmp_path / "happy" / "1.jpg").write_bytes(b"not an image")
    with pytest.raises(DataError, match="48×48"):
        load_data(tmp_path)


def test_shapes_are_checked() -> None:
    with pytest.raises(ValueError, match=r"chips \(2, 48, 48\)"):
        FerData(np.array(["a", "b"]), np.zeros(2, np.uint8), np.zeros((2, 4, 4), np.uint8))


def test_soft_labels_mix_labels_and_votes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FER2013_DIR", str(tmp_path / "fer2013"))
    ids = np.array([f"Training_{number}" for number in row_numbers()[:3]])
    happy, sad = EMOTIONS.index("happy"), EMOTIONS.index("sad")
    data = FerData(ids, np.full(3, happy, np.uint8), np.zeros((3, 48, 48), np.uint8))
    labels = np.eye(7, dtype=np.float32)[data.labels]
    np.testing.assert_array_equal(soft_labels(data), labels)
    with pytest.raises(DataError, match=r"fer2013new\.csv is not next to"):
        soft_labels(data, 0.5)
    votes = {0: {"happiness": 2, "sadness": 6, "contempt": 2}, 1: {"NF": 10}}
    ferplus_file.write(tmp_path / "fer2013new.csv", votes)
    targets = soft_labels(data, 0.5)
    assert targets.dtype == np.float32
    np.testing.assert_allclose(targets.sum(axis=1), 1, atol=1e-6)
    assert targets[0, happy] == pytest.approx(0.5 + 0.5 * 0.25)
    assert targets[0, sad] == pytest.approx(0.5 * 0.75)
    np.testing.assert_array_equal(targets[1:], labels[1:])  # no face, and no votes at all
