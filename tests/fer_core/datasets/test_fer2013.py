"""Listing FER2013's images on disk without reading them all."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from fer_core.datasets import fer2013 as library
from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.datasets.fer2013_ids import FIRST_ROW, official_id, row_numbers
from fer_core.emotions import EMOTIONS
from fer_core.errors import DataError
from training.engine.data import FerData, load_data


@pytest.fixture
def faces(tiny_data: Path) -> Fer2013Dataset:
    dataset = Fer2013Dataset.find(tiny_data)
    assert dataset is not None
    return dataset


def test_faces_are_what_the_loader_reads(tiny_data: Path, faces: Fer2013Dataset) -> None:
    data = load_data(tiny_data)
    np.testing.assert_array_equal(faces.ids, data.ids)
    np.testing.assert_array_equal(faces.labels, data.labels)
    np.testing.assert_array_equal(faces.chips(data.ids), data.chips)
    assert faces.chip(data.ids[7]).shape == (48, 48)
    assert faces.label(data.ids[7]) == EMOTIONS[data.labels[7]]
    assert faces.chips([]).shape == (0, 48, 48)


def test_numbered_layout_is_called_by_its_official_names(tiny_data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "images" / "validation" / "sad"
    folder.mkdir(parents=True)
    shutil.copy(next(tiny_data.glob("train/sad/*.jpg")), folder / "32298.jpg")
    (folder / "notes.txt").write_text("no image")
    dataset = Fer2013Dataset.find(tmp_path)
    assert dataset is not None
    assert list(dataset.ids) == [f"PrivateTest_{row_numbers()[32298]}"]
    assert dataset.label(dataset.ids[0]) == "sad"


@pytest.mark.parametrize(
    ("row", "split"),
    [
        (0, "Training"),
        (28708, "Training"),
        (28709, "PublicTest"),
        (32297, "PublicTest"),
        (32298, "PrivateTest"),
        (35886, "PrivateTest"),
    ],
)
def test_rows_are_in_the_order_of_the_splits(row: int, split: str) -> None:
    assert official_id(row) == f"{split}_{row_numbers()[row]}"


def test_every_test_row_has_its_image() -> None:
    numbers = row_numbers()[FIRST_ROW["PublicTest"] :]
    assert len(set(numbers[:3589])) == len(set(numbers[3589:])) == 3589
    assert (numbers >= 0).all()


def test_a_listing_explains_itself(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The app shows what `training` says of the same folder."""
    monkeypatch.setenv("FER2013_DIR", str(tiny_data))
    assert library.explain_listing() == []

    folder = tmp_path / "faces"
    shutil.copytree(tiny_data, folder / "images")
    (folder / "images/test/happy").rename(folder / "images/test/joyful")
    monkeypatch.setenv("FER2013_DIR", str(folder))
    summary, problem = library.explain_listing()
    assert summary == "400 images: 280 Training, 60 PublicTest, 60 PrivateTest."
    with pytest.raises(DataError) as error:
        load_data(folder)
    assert problem in str(error.value)

    shutil.rmtree(folder / "images/test")
    shutil.rmtree(folder / "images/train")
    assert library.explain_listing() == [
        "FER2013_DIR names faces, where no image of FER2013 was found."
    ]
    (tmp_path / "archive.zip").write_bytes(b"")
    monkeypatch.setenv("FER2013_DIR", str(tmp_path / "archive.zip"))
    assert "archive.zip, which is not a folder; unpack it" in library.explain_listing()[0]
    monkeypatch.setenv("FER2013_DIR", str(tmp_path / "nowhere"))
    assert "nowhere, which is missing" in library.explain_listing()[0]


def test_nothing_there_is_none(tmp_path: Path) -> None:
    assert Fer2013Dataset.find(tmp_path) is None
    assert Fer2013Dataset.find(tmp_path / "nowhere") is None


def test_a_listing_is_kept_until_the_folder_changes(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "fer2013"
    shutil.copytree(tiny_data, folder)
    first = Fer2013Dataset.find(folder)
    assert first is not None
    assert Fer2013Dataset.find(folder) is first
    (folder / "test" / "sad" / "PrivateTest_1005.jpg").unlink()
    os.utime(folder / "test" / "sad", ns=(0, 1))  # whatever the clock's grain
    second = Fer2013Dataset.find(folder)
    assert second is not None
    assert len(second) == len(first) - 1
    shutil.rmtree(folder)
    assert Fer2013Dataset.find(folder) is None


def test_the_folder_may_be_named_from_outside(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FER2013_DIR", str(tiny_data))
    assert len(Fer2013Dataset.find() or ()) == 420
    monkeypatch.setenv("FER2013_DIR", str(tmp_path))
    assert Fer2013Dataset.find() is None
    monkeypatch.delenv("FER2013_DIR")
    monkeypatch.chdir(tmp_path)
    assert library.default_folder() == Path(library.__file__).parents[2] / "data/fer2013"
    shutil.copytree(tiny_data, tmp_path / "data/fer2013")
    assert len(Fer2013Dataset.find() or ()) == 420


def test_unknown_and_unreadable_images_are_one_sentence(tiny_data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "fer2013"
    shutil.copytree(tiny_data, folder)
    (folder / "test" / "angry" / "PublicTest_1.jpg").write_bytes(b"no image")
    dataset = Fer2013Dataset.find(folder)
    assert dataset is not None
    with pytest.raises(KeyError, match="no image PublicTest_2"):
        dataset.chip("PublicTest_2")
    with pytest.raises(DataError, match=r"PublicTest_1\.jpg is not a 48×48 image"):
        dataset.chip("PublicTest_1")
    shutil.rmtree(folder)
    with pytest.raises(DataError, match=r"PrivateTest_1000\.jpg could not be read"):
        dataset.chip("PrivateTest_1000")


def test_faces_are_found_without_reading_one_and_listed_once(
    tiny_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        for name in ("open", "read_bytes"):
            patched.setattr(Path, name, lambda *_: pytest.fail("an image was read"))
        library._datasets.clear()
        dataset = Fer2013Dataset.find(tiny_data)
        assert dataset is not None
        patched.setattr(os, "walk", lambda *_: pytest.fail("listed again"))
        assert Fer2013Dataset.find(tiny_data) is dataset


def test_the_real_faces_are_found(fer2013: FerData) -> None:
    dataset = Fer2013Dataset.find()
    if dataset is None:
        pytest.skip("FER2013 is only here as an archive")
    np.testing.assert_array_equal(dataset.ids, fer2013.ids)
    for image in ("PrivateTest_10131363", fer2013.ids[0], fer2013.ids[-1]):
        at = list(fer2013.ids).index(image)
        np.testing.assert_array_equal(dataset.chip(image), fer2013.chips[at])
        assert dataset.label(image) == EMOTIONS[fer2013.labels[at]]


def test_two_images_with_one_id_are_both_kept(fer2013: FerData) -> None:
    """FER2013's ids are not unique: two ids of Training belong to two images each."""
    dataset = Fer2013Dataset.find()
    if dataset is None:
        pytest.skip("FER2013 is only here as an archive")
    ids, counts = np.unique(dataset.ids, return_counts=True)
    assert list(ids[counts > 1]) == ["Training_52789098", "Training_8475486"]
    first, second = np.flatnonzero(dataset.ids == "Training_8475486")
    assert (dataset.chip_at(first) != dataset.chip_at(second)).any()
    np.testing.assert_array_equal(dataset.chip("Training_8475486"), dataset.chip_at(first))
