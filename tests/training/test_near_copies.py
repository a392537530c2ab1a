"""Copies of one photograph are found, other photographs are not."""

import cv2
import numpy as np
import pytest

from fer_core.datasets.near_copies import THRESHOLD, NearCopy
from training import near_copies
from training.engine.data import FerData


def photograph(seed: int) -> np.ndarray:
    """A smooth random picture, (96, 96) float32 grey with structure of several pixels."""
    noise = np.random.default_rng(seed).normal(0, 1, (96, 96)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 5)
    return 128 + 40 * smooth / smooth.std()


def crop(photo: np.ndarray, left: int = 20, top: int = 20, side: int = 48) -> np.ndarray:
    """The square of a picture at this place, scaled to (48, 48) uint8."""
    square = photo[top : top + side, left : left + side]
    return cv2.resize(square, (48, 48), interpolation=cv2.INTER_AREA).clip(0, 255).astype(np.uint8)


def data(tests: list[np.ndarray], training: list[np.ndarray]) -> FerData:
    ids = [f"PrivateTest_{i:02}" for i in range(len(tests))]
    ids += [f"Training_{i:02}" for i in range(len(training))]
    labels = np.arange(len(ids)) % 7
    return FerData(np.array(ids), labels.astype(np.uint8), np.stack(tests + training))


def find_matches(images: FerData) -> list[NearCopy]:
    return near_copies.best_matches(near_copies.find_pairs(images))


@pytest.fixture(scope="module")
def others() -> list[np.ndarray]:
    """Training images of twelve other photographs."""
    return [crop(photograph(100 + i)) for i in range(12)]


@pytest.mark.parametrize(
    ("copy", "mirrored"),
    [
        pytest.param(lambda photo: crop(photo), False, id="identical"),
        pytest.param(lambda photo: crop(photo, left=24, top=17), False, id="shifted"),
        pytest.param(lambda photo: crop(photo, 16, 16, side=56), False, id="wider crop"),
        pytest.param(lambda photo: crop(photo, 24, 24, side=40), False, id="closer crop"),
        pytest.param(lambda photo: crop(photo)[:, ::-1], True, id="mirrored"),
        pytest.param(lambda photo: crop(photo * 0.6 + 80), False, id="brighter, less contrast"),
    ],
)
def test_a_copy_is_found(others: list[np.ndarray], copy, mirrored: bool) -> None:
    photo = photograph(1)
    images = data([crop(photo)], [*others, copy(photo)])
    (match,) = find_matches(images)
    assert match.is_copy
    assert (match.test_id, match.training_id) == ("PrivateTest_00", "Training_12")
    assert match.mirrored == mirrored
    assert match.training_label == "surprise"  # 13 images before it, so 13 % 7


def test_other_photographs_are_no_copies(others: list[np.ndarray]) -> None:
    tests = [crop(photograph(seed)) for seed in range(5)]
    assert not [match for match in find_matches(data(tests, others)) if match.is_copy]


def test_each_test_image_gets_its_best_match(others: list[np.ndarray]) -> None:
    photos = [photograph(seed) for seed in (1, 2)]
    noise = np.random.default_rng(0).normal(0, 25, (96, 96))
    training = [*others, crop(photos[0] + noise), crop(photos[0]), crop(photos[1])]
    matches = find_matches(data([crop(photo) for photo in photos], training))
    assert [match.training_id for match in matches] == ["Training_13", "Training_14"]
    assert all(match.correlation == 1 for match in matches)


def test_an_empty_image_matches_nothing(others: list[np.ndarray]) -> None:
    empty = np.full((48, 48), 90, np.uint8)
    assert find_matches(data([empty], [*others, empty])) == []
    assert near_copies.correlation(others[0], empty, mirrored=False) < THRESHOLD


@pytest.mark.parametrize("step", [1, -1])
def test_of_identical_training_images_the_first_counts(
    others: list[np.ndarray], monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    propose = near_copies._propose
    monkeypatch.setattr(
        near_copies, "_propose", lambda *images: [part[:, ::step] for part in propose(*images)]
    )
    copy = crop(photograph(1))
    (match,) = find_matches(data([copy], [*others[:6], copy, *others[6:], copy]))
    assert match.training_id == "Training_06"


def test_all_training_copies_of_a_test_image_are_found(others: list[np.ndarray]) -> None:
    photo = photograph(1)
    copies = [crop(photo), crop(photo)[:, ::-1], crop(photo, 16, 16, side=56)]
    pairs = near_copies.find_pairs(data([crop(photo)], [*others, *copies]))
    training_ids = {pair.training_id for pair in pairs if pair.is_copy}
    assert training_ids == {"Training_12", "Training_13", "Training_14"}
