"""Random samples of a split, on a synthetic data set."""

from collections import Counter
from pathlib import Path

from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.datasets.fer2013_sample import sample_ids


def drawn(folder: Path, count: int, *, balanced: bool = False, seed: int = 1) -> list[str]:
    dataset = Fer2013Dataset.find(folder)
    assert dataset is not None
    return sample_ids(dataset, "PublicTest", count, balanced=balanced, seed=seed)


def test_the_seed_decides_faces_and_order(tiny_data: Path) -> None:
    assert drawn(tiny_data, 20) == drawn(tiny_data, 20)
    assert drawn(tiny_data, 20) != drawn(tiny_data, 20, seed=2)
    assert all(image_id.startswith("PublicTest_") for image_id in drawn(tiny_data, 20))
    assert len(set(drawn(tiny_data, 1000))) == 70


def test_a_balanced_sample_has_as_many_of_each_emotion_as_possible(tiny_data: Path) -> None:
    dataset = Fer2013Dataset.find(tiny_data)
    assert dataset is not None
    labels = [dataset.label(image_id) for image_id in drawn(tiny_data, 20, balanced=True)]
    assert sorted(Counter(labels).values()) == [2] + [3] * 6
    assert len(set(labels[:7])) < 7  # not one of each at the start: the order gives nothing away
