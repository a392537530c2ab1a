"""The faces that every model misclassifies."""

import numpy as np
import pytest

from fer_core.artifacts import summaries
from fer_core.artifacts.predictions import Predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation.shared_errors import find_shared_errors
from fer_core.registry import MODELS


def predictions_of(labels: list[int], answers: list[int], sure: list[float]) -> Predictions:
    """Predictions with these probabilities; the rest is split between the other emotions."""
    n = len(labels)
    rest = (1 - np.array(sure)) / 6
    probabilities = np.tile(rest[:, None], (1, 7))
    probabilities[np.arange(n), answers] = sure
    return Predictions(
        np.array([f"PrivateTest_{i}" for i in range(n)]), np.array(labels), probabilities
    )


def test_on_hand_made_answers() -> None:
    labels = [0, 0, 3, 3, 5]
    first = predictions_of(labels, [1, 2, 3, 4, 0], [0.4, 0.9, 0.9, 0.9, 0.7])
    second = predictions_of(labels, [2, 1, 3, 3, 4], [0.4, 0.9, 0.9, 0.9, 0.7])
    found = find_shared_errors([first, second])
    assert list(found.indices) == [1, 4, 0]  # surest mistakes first
    assert found.by_label["angry"] == (2, 2)
    assert found.by_label["happy"] == (0, 2)
    assert found.by_label["disgust"] == (0, 0)
    assert found.share == pytest.approx(3 / 5)
    assert found.shares == dict.fromkeys(EMOTIONS, 0.0) | {"angry": 1.0, "sad": 1.0}
    assert found.expected_by_chance == pytest.approx(5 * (4 / 5) * (3 / 5))


def test_other_images_are_refused() -> None:
    one = predictions_of([0, 1], [0, 0], [0.5, 0.5])
    other = Predictions(one.ids[::-1], one.labels, one.probabilities)
    for found in ([], [one, other]):
        with pytest.raises(ValueError, match="same images"):
            find_shared_errors(found)


@pytest.mark.parametrize("split", ["PublicTest", "PrivateTest"])
def test_of_the_committed_predictions(split: str) -> None:
    """Against the files themselves, one image at a time."""
    from fer_core.artifacts.predictions import split_predictions

    right: dict[str, int] = {}
    label: dict[str, int] = {}
    for model in MODELS.values():
        saved = np.load(summaries.path(model).with_suffix(".npz"))
        for image, truth, p in zip(
            saved["ids"], saved["labels"], saved["probabilities"], strict=True
        ):
            if image.startswith(split):
                right[image] = right.get(image, 0) + int(p.argmax() == truth)
                label[image] = int(truth)
    expected = {image for image, times in right.items() if not times}
    predictions = [split_predictions(name, split) for name in MODELS]
    found = find_shared_errors(predictions)
    assert set(predictions[0].ids[found.indices]) == expected
    for i, name in enumerate(EMOTIONS):
        assert found.by_label[name][0] == sum(label[image] == i for image in expected)
