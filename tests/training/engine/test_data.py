"""All copies of FER2013 yield the same arrays, or one sentence that says what is wrong."""

import fnmatch
import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import cv2
import ferplus_file
import numpy as np
import pytest

from fer_core.datasets.fer2013_ids import FIRST_ROW, row_numbers
from fer_core.emotions import EMOTIONS
from fer_core.errors import DataError
from training.engine.data import (
    FerData,
    load_data,
    soft_labels,
)


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
    with pytest.raises(DataError, match="Expected: train/<emotion>"):
        load_data(tmp_path)
    (tmp_path / "happy").mkdir()
    (tmp_path / "happy" / "1.jpg").write_bytes(b"not an image")
    with pytest.raises(DataError, match="48×48"):
        load_data(tmp_path)


def archive(source: Path, path: Path) -> Path:
    return Path(shutil.make_archive(str(path / "fer2013"), "zip", source))


def renamed_classes(source: Path, path: Path) -> Path:
    shutil.copytree(source, path / "fer2013")
    for folder in (path / "fer2013").glob("*/*"):
        folder.rename(folder.with_name(folder.name.capitalize()))
    return path


def renamed_files(source: Path, path: Path) -> Path:
    shutil.copytree(source, path / "images")
    for file in (path / "images").glob("test/*/*.jpg"):
        file.rename(file.with_name(file.stem.lower() + ".JPEG"))
    return path


def other_format(source: Path, path: Path) -> Path:
    for file in source.glob("*/*/*.jpg"):
        png = path / file.relative_to(source).with_suffix(".png")
        png.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(png), cv2.imread(str(file), cv2.IMREAD_GRAYSCALE))
    return path


def numbered_classes(source: Path, path: Path) -> Path:
    """As fer2013.csv numbers them, which is not alphabetical."""
    for number, name in enumerate(
        ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
    ):
        for part, split in (("train", "Training"), ("test", "PublicTest"), ("test", "PrivateTest")):
            (path / split).mkdir(exist_ok=True)
            shutil.copytree(
                source / part / name, path / split / str(number), ignore=_only(f"{split}_*")
            )
    return path


def links(source: Path, path: Path) -> Path:
    for name in ("train", "test"):
        (path / name).symlink_to(source / name)
    (path / "train2").symlink_to(path)  # a loop
    return path


def two_copies(source: Path, path: Path) -> Path:
    shutil.copytree(source, path / "images" / "images")
    return Path(shutil.copytree(source, path / "images", dirs_exist_ok=True)).parent


def from_a_mac(source: Path, path: Path) -> Path:
    shutil.copytree(source, path, dirs_exist_ok=True)
    shutil.copytree(source, path / "__MACOSX")
    (path / "test" / "happy" / "._PublicTest_1.jpg").write_bytes(b"no image")
    return path


def _only(pattern: str) -> Callable[[str, list[str]], list[str]]:
    return lambda folder, names: [n for n in names if not fnmatch.fnmatch(n, pattern)]


@pytest.mark.parametrize(
    "copy",
    [
        *(archive, renamed_classes, renamed_files, other_format, numbered_classes, links),
        *(two_copies, from_a_mac),
    ],
)
def test_other_spellings_are_the_same_data(
    copy: Callable[[Path, Path], Path], tiny_data: Path, tmp_path: Path
) -> None:
    expected, data = load_data(tiny_data), load_data(copy(tiny_data, tmp_path))
    np.testing.assert_array_equal(data.ids, expected.ids)
    np.testing.assert_array_equal(data.labels, expected.labels)
    np.testing.assert_array_equal(data.chips, expected.chips)


def test_what_was_found_and_left_out_is_said(
    tiny_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = two_copies(tiny_data, tmp_path)
    (data / "images" / "train" / "sad" / "holiday.jpg").write_bytes(b"")
    (data / "figures").mkdir()
    (data / "figures" / "plot.png").write_bytes(b"")
    load_data(data)
    text = capsys.readouterr().err
    assert "420 images: 280 Training, 70 PublicTest, 70 PrivateTest" in text
    assert "420 images are second copies" in text
    assert "1 of 842 images left out: their names (holiday.jpg)" in text
    assert "1 of 842 images left out: their folders (figures)" in text


def test_data_that_is_not_to_be_trusted_is_refused(tiny_data: Path, tmp_path: Path) -> None:
    data = tmp_path / "fer2013"
    shutil.copytree(tiny_data, data)
    (data / "test" / "happy").rename(data / "test" / "joyful")
    with pytest.raises(DataError, match=r"20 of 420 images left out: their folders \(joyful\)"):
        load_data(data)
    (data / "test" / "joyful").rename(data / "test" / "happy")

    shutil.copytree(data / "test" / "happy", data / "test" / "2", ignore=_only("PublicTest_1003*"))
    with pytest.raises(DataError, match=r"more than one class folder: PublicTest_1003"):
        load_data(data)
    shutil.rmtree(data / "test" / "2")

    (data / "other" / "happy").mkdir(parents=True)
    shutil.copy(data / "test/sad/PublicTest_1005.jpg", data / "other/happy/PublicTest_1003.jpg")
    with pytest.raises(DataError, match="two different images called PublicTest_1003"):
        load_data(data)


def test_a_folder_that_cannot_be_listed_is_named(
    tiny_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("happy"):
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(DataError, match=r"cannot be listed: .*happy: Permission denied"):
        load_data(tiny_data)


@pytest.mark.parametrize("split", FIRST_ROW)
def test_a_split_that_is_needed_is_missed(split: str, tiny_data: Path, tmp_path: Path) -> None:
    data = tmp_path / "fer2013"
    shutil.copytree(tiny_data, data)
    for file in data.rglob(f"{split}_*"):
        file.unlink()
    with pytest.raises(DataError, match=f"no {split} images"):
        load_data(data, tuple(FIRST_ROW))
    with pytest.raises(DataError, match=r"70 .* images instead of 3,589"):
        load_data(tiny_data, ("PublicTest",), whole=True)


def test_a_split_without_an_emotion_is_refused(tiny_data: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_data, tmp_path, dirs_exist_ok=True)
    for file in tmp_path.glob("test/disgust/PublicTest_*"):
        file.unlink()
    assert len(load_data(tmp_path, ("PrivateTest",))) == 410
    with pytest.raises(DataError, match="no PublicTest images of disgust"):
        load_data(tmp_path, ("PublicTest",))


@pytest.mark.parametrize("name", ["fer2013.tar.xz", "fer2013.tar", "fer2013.tgz", "fer2013.zip"])
def test_a_damaged_archive_is_one_sentence(name: str, tiny_data: Path, tmp_path: Path) -> None:
    formats = {".xz": "xztar", ".tar": "tar", ".tgz": "gztar", ".zip": "zip"}
    made = shutil.make_archive(str(tmp_path / "made"), formats[Path(name).suffix], tiny_data)
    content = Path(made).read_bytes()
    path = tmp_path / name
    for damaged in (content[: len(content) // 2], b"", content[:200] + bytes(400), b"no archive"):
        path.write_bytes(damaged)
        with pytest.raises(DataError, match=f"{name} is damaged|no FER2013 images|48×48"):
            load_data(path)


def test_a_table_of_pixels_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "icml_face_data.csv").write_text("emotion, Usage, pixels\n")
    with pytest.raises(DataError, match="image folders are needed"):
        load_data(tmp_path / "icml_face_data.csv")


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
    with pytest.raises(DataError, match=r"there is no .*fer2013new\.csv"):
        soft_labels(data, 0.5)
    votes = {0: {"happiness": 2, "sadness": 6, "contempt": 2}, 1: {"NF": 10}}
    ferplus_file.write(tmp_path / "fer2013new.csv", votes)
    targets = soft_labels(data, 0.5)
    assert targets.dtype == np.float32
    np.testing.assert_allclose(targets.sum(axis=1), 1, atol=1e-6)
    assert targets[0, happy] == pytest.approx(0.5 + 0.5 * 0.25)
    assert targets[0, sad] == pytest.approx(0.5 * 0.75)
    np.testing.assert_array_equal(targets[1:], labels[1:])  # no face, and no votes at all

    beside = FerData(data.ids, data.labels, data.chips, tmp_path / "elsewhere" / "fer2013.zip")
    with pytest.raises(DataError, match=r"there is no .*elsewhere/fer2013new\.csv"):
        soft_labels(beside, 0.5)
    beside.source.parent.mkdir()
    shutil.move(tmp_path / "fer2013new.csv", tmp_path / "elsewhere")
    np.testing.assert_array_equal(soft_labels(beside, 0.5), targets)
