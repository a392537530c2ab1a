"""Other words for the seven emotions."""

import pytest

from fer_core.emotions import emotion_named


@pytest.mark.parametrize(
    ("label", "emotion"),
    [
        *(("Neutrality", "neutral"), ("normal", "neutral"), ("scared", "fear")),
        *((" 0_ANGRY ", "angry"), ("happyish", None), ("contempt", None), ("3", None), ("", None)),
    ],
)
def test_a_label_is_looked_up_and_never_guessed(label: str, emotion: str | None) -> None:
    assert emotion_named(label) == emotion
