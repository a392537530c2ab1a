"""How fast the models are for what they reach, in a sentence."""

import pytest

from fer_core.artifacts.speed import Speed
from fer_core.evaluation.rankings import Place
from fer_core.evaluation.uncertainty import Interval
from fer_core.reports import speed_text

SPEED = Speed(
    {"resnet101": 30.0, "stacking": 20.0, "multiclass": 2.0, "keras_cnn": 1.0},
    {"find the face": 28.0},
    "a machine",
    1,
    "2026-11-30",
)


def places(**p_values: float | None) -> list[Place]:
    return [Place(name, 0.7, Interval(0.6, 0.8), p) for name, p in p_values.items()]


def test_the_fastest_within_chance_is_named() -> None:
    ranking = places(resnet101=1.0, stacking=0.9, multiclass=0.2, keras_cnn=0.001)
    text = speed_text.summary(ranking, "Accuracy", SPEED, whole_photo=False)
    assert text.startswith("**Multi-class CNN is 15 times as fast as ResNet-101** (2.0 ms instead")
    assert text.endswith("within chance of its accuracy.")
    whole = speed_text.summary(ranking, "Accuracy", SPEED, whole_photo=True)
    assert "1.9 times" in whole
    assert "30 ms instead of 58 ms per photo" in whole
    assert speed_text.fastest_tied(ranking, SPEED) == "multiclass"


def test_hardly_faster_is_about_as_fast() -> None:
    times = Speed({"resnet101": 20.9, "stacking": 20.0}, {}, "a machine", 1, "2026-11-30")
    text = speed_text.summary(
        places(resnet101=1.0, stacking=0.9), "Accuracy", times, whole_photo=False
    )
    assert text.startswith("**Stacking is about as fast as ResNet-101** (20 ms and 21 ms per face)")


@pytest.mark.parametrize(
    ("ranking", "start"),
    [
        (places(multiclass=1.0, stacking=0.9), "**Multi-class CNN** is first in accuracy and"),
        (places(resnet101=None, keras_cnn=None), "**Keras CNN from scratch** is the fastest"),
    ],
)
def test_nothing_is_said_to_be_within_chance_untested(ranking: list[Place], start: str) -> None:
    assert speed_text.summary(ranking, "Accuracy", SPEED, whole_photo=False).startswith(start)
