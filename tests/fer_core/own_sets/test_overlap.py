"""FER2013's images are recognised in a user's set, without FER2013."""

from pathlib import Path

import cv2
import numpy as np
import pytest

import fer_core as fer
from fer_core.datasets import fer2013_hashes
from fer_core.datasets.fer2013_hashes import MAX_DISTANCE, fingerprints, nearest
from fer_core.datasets.fer2013_ids import ROWS
from fer_core.errors import ResultsError
from fer_core.faces.align import crop_chip, detect
from fer_core.own_sets import overlap
from training.engine.data import FerData
from training.image_hashes import hashes_by_row


def encoded_again(chip: np.ndarray, quality: int) -> np.ndarray:
    _, content = cv2.imencode(".jpg", chip, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(content, cv2.IMREAD_GRAYSCALE)


def test_copies_keep_their_fingerprint_and_other_faces_have_another(
    portrait: np.ndarray,
) -> None:
    chip = crop_chip(portrait, detect(portrait)[0])
    darker = (chip * 0.7).astype(np.uint8)
    brighter = np.clip(chip.astype(int) + 20, 0, 255).astype(np.uint8)
    changed = [chip, encoded_again(chip, 75), darker, brighter, chip[:, ::-1], chip[::-1]]
    _, distances = nearest(fingerprints(changed), fingerprints([chip]))
    assert distances[0] == 0
    assert (distances[1:4] <= MAX_DISTANCE).all()
    assert (distances[4:] > MAX_DISTANCE).all()


def test_the_nearest_of_several() -> None:
    known = np.array([0b1111, 0b0001, 0b0000], np.uint64)
    indices, distances = nearest(np.array([0b0011, 0b1111], np.uint64), known)
    assert indices.tolist() == [1, 0]
    assert distances.tolist() == [1, 0]


def test_new_faces_are_no_copies(portrait: np.ndarray, chips: np.ndarray) -> None:
    chip = crop_chip(portrait, detect(portrait)[0])
    flat = np.full((48, 48), 128, np.uint8)
    found = overlap.find(["a", "flat", *map(str, range(5))], [chip, flat, *chips])
    assert not found.copies
    assert not found.sentences()
    assert not found.mask().any()


@pytest.mark.parametrize(
    ("rows", "no_test"),
    [([0], False), ([0, 28709], True), ([ROWS - 1] * 5, False)],
    ids=["one of Training in 20", "and one of PublicTest", "PrivateTest"],
)
def test_faces_that_chose_the_models_allow_no_test(rows: list[int], no_test: bool) -> None:
    copies = tuple(overlap.Copy(i, str(i), row, 0) for i, row in enumerate(rows))
    found = overlap.Overlap(copies, 20)
    assert found.chose_models == no_test
    assert ("no test between models is made" in " ".join(found.sentences())) == no_test


def test_a_damaged_table_is_a_results_error(copied_results: Path) -> None:
    path = fer2013_hashes.hashes_path()
    assert path.parent == copied_results
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ResultsError, match=r"fer2013_hashes\.npy"):
        fer2013_hashes.load_hashes()


def test_images_of_fer2013_are_found_and_their_split_is_said(fer2013: FerData) -> None:
    tests = fer2013.split("PublicTest")
    chosen = fer2013.split("Training").chips[:20], tests.chips[:20]
    again = [encoded_again(chip, 75) for chip in np.concatenate(chosen)]
    found = overlap.find([f"face {i}" for i in range(40)], again)
    assert found.mask().mean() > 0.9
    assert len(found.in_training) >= 18
    assert {copy.split for copy in found.copies[:18]} == {"Training"}
    assert {"PublicTest"} <= {copy.split for copy in found.in_tests}
    assert len(found.sentences()) == 3
    assert "Training" in found.sentences()[0]


def test_images_of_fer2013_are_found_where_a_face_is_looked_for_in_them(fer2013: FerData) -> None:
    chip = next(c for c in fer2013.split("Training").chips if len(detect(enlarged(c))) == 1)
    evaluated = fer.evaluate([enlarged(chip)], ["happy"], "multiclass")
    assert [note for note in evaluated.notes if "Training" in note]


def enlarged(chip: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(cv2.resize(chip, (144, 144)), cv2.COLOR_GRAY2RGB)


def test_the_committed_table_is_that_of_the_images(fer2013: FerData) -> None:
    part = fer2013.split("PublicTest")
    rows = np.flatnonzero(hashes_by_row(part))
    assert len(part) - 1 <= len(rows) < ROWS  # one image is black
    np.testing.assert_array_equal(hashes_by_row(part)[rows], fer2013_hashes.load_hashes()[rows])
