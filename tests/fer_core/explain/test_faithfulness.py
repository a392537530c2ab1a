"""Faithfulness, on a made-up model of which it is known where it looks."""

import cv2
import numpy as np
import pytest

from fer_core.explain.faithfulness import (
    BLUR_SIGMA,
    CURVE_FRACTIONS,
    HOT_FRACTION,
    RANDOM_DRAWS,
    measure_faithfulness,
)
from fer_core.explain.regions import FACE_AREA

CHIP = np.random.default_rng(0).integers(0, 255, (48, 48)).astype(np.uint8)
HAPPY = 3
EYE = np.zeros((48, 48), np.float32)
EYE[8:24, 8:24] = 1


def looks_at_the_eye(chips: np.ndarray) -> np.ndarray:
    """The more contrast in the 16×16 px of `EYE`, the more happy."""
    probabilities = np.zeros((len(chips), 7), np.float32)
    probabilities[:, HAPPY] = (chips[:, 8:24, 8:24].std(axis=(1, 2)) / 100).clip(0, 1)
    probabilities[:, 0] = 1 - probabilities[:, HAPPY]
    return probabilities


def test_a_true_map_beats_a_random_and_a_false_one() -> None:
    true = measure_faithfulness(CHIP, EYE, looks_at_the_eye, HAPPY)
    false = measure_faithfulness(CHIP, EYE[::-1, ::-1], looks_at_the_eye, HAPPY)
    assert true.probability == pytest.approx(looks_at_the_eye(CHIP[None])[0, HAPPY])
    assert true.confidence_drop > 0.4
    assert true.confidence_drop > 3 * true.random_drop
    assert false.confidence_drop == pytest.approx(0, abs=0.05)
    assert false.confidence_drop < false.random_drop
    assert true.deletion_area < false.deletion_area
    assert true.insertion_area > false.insertion_area


def test_curves_run_between_the_chip_and_its_blur() -> None:
    faithfulness = measure_faithfulness(CHIP, EYE, looks_at_the_eye, HAPPY)
    blurred = cv2.GaussianBlur(CHIP, (0, 0), BLUR_SIGMA, borderType=cv2.BORDER_REFLECT_101)
    sharp, soft = looks_at_the_eye(np.stack([CHIP, blurred]))[:, HAPPY]
    assert faithfulness.deletion.shape == faithfulness.insertion.shape == CURVE_FRACTIONS.shape
    assert (faithfulness.deletion[0], faithfulness.deletion[-1]) == pytest.approx((sharp, soft))
    assert (faithfulness.insertion[0], faithfulness.insertion[-1]) == pytest.approx((soft, sharp))
    assert faithfulness.confidence_drop == pytest.approx(
        sharp - faithfulness.deletion[list(CURVE_FRACTIONS).index(HOT_FRACTION)]
    )
    by_hand = sum(
        (a + b) / 2 * 0.05
        for a, b in zip(faithfulness.deletion, faithfulness.deletion[1:], strict=False)
    )
    assert faithfulness.deletion_area == pytest.approx(by_hand)


def test_random_areas_have_the_size_of_the_hottest_and_lie_within_the_face() -> None:
    batches = []

    def predict(chips: np.ndarray) -> np.ndarray:
        batches.append(chips)
        return np.full((len(chips), 7), 1 / 7)

    ramp = np.outer(np.arange(48), np.ones(48)).astype(np.float32)  # hottest: the lowest rows
    measure_faithfulness(CHIP, ramp, predict, HAPPY)
    assert len(batches) == 1  # one batch
    hot, *elsewhere = (chips != CHIP for chips in batches[0][1 : 2 + RANDOM_DRAWS])
    count = hot.sum()  # a few pixels equal their blur
    assert count == pytest.approx(HOT_FRACTION * 48 * 48, rel=0.05)
    assert len(elsewhere) == RANDOM_DRAWS
    for mask in elsewhere:
        assert mask.sum() == pytest.approx(count, rel=0.05)
        assert not (mask & ~FACE_AREA).any()
    assert len({tuple(mask.any(axis=1)) for mask in elsewhere}) > RANDOM_DRAWS / 2


def test_the_same_figure_every_time() -> None:
    a, b = (measure_faithfulness(CHIP, EYE, looks_at_the_eye, HAPPY) for _ in range(2))
    np.testing.assert_array_equal(a.random_drops, b.random_drops)
    np.testing.assert_array_equal(a.deletion, b.deletion)


def test_equally_hot_pixels_are_not_hidden_from_top_to_bottom() -> None:
    """An all-0 map hides pixels all over the chip, so it does no better than chance."""
    faithfulness = measure_faithfulness(
        CHIP, np.zeros((48, 48), np.float32), looks_at_the_eye, HAPPY
    )
    assert abs(faithfulness.confidence_drop - faithfulness.random_drop) < 0.1


def test_on_real_faces_the_maps_beat_chance(faces: np.ndarray) -> None:
    """The multi-class network's LayerCAM maps; measured in docs/saliency.md on more faces."""
    from fer_core import EMOTIONS
    from fer_core.explain import explain
    from fer_core.models.predictors import load

    predict = load("multiclass").predict_proba
    explanations = explain("multiclass", faces, method="layer_cam")
    tests = [
        measure_faithfulness(chip, e.map, predict, EMOTIONS.index(e.emotion))
        for chip, e in zip(faces, explanations, strict=True)
    ]
    assert np.mean([t.confidence_drop - t.random_drop for t in tests]) > 0.1
