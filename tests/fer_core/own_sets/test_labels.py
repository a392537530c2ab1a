"""Labels of other data sets as the seven emotions."""

import pytest

from fer_core.emotions import EMOTIONS
from fer_core.errors import UsageError
from fer_core.own_sets.labels import SCHEMES, Vocabulary


@pytest.mark.parametrize(
    ("label", "emotion"),
    [
        *(("Anger", "angry"), ("0_angry", "angry"), ("03 - Happiness", "happy")),
        *((" SURPRISED ", "surprise"), ("fearful", "fear"), ("Disgusted", "disgust")),
        *(("normal", "neutral"), ("sadness", "sad"), ("joy", "happy"), ("afraid", "fear")),
    ],
)
def test_words_are_understood_in_any_spelling(label: str, emotion: str) -> None:
    assert Vocabulary().emotion(label) == emotion


@pytest.mark.parametrize("label", ["contempt", "No-Face", "NF", "none", "unclear", "Unknown"])
def test_labels_without_an_emotion_are_left_out(label: str) -> None:
    assert Vocabulary().state(label) == "left out"


@pytest.mark.parametrize("label", ["confused", "3", "3.0", "", "happyish", "١"])
def test_nothing_is_guessed(label: str) -> None:
    assert Vocabulary().state(label) == "unmapped"


@pytest.mark.parametrize(
    ("scheme", "order"),
    [
        ("fer2013", "angry disgust fear happy sad surprise neutral"),
        ("rafdb", "- surprise fear disgust happy sad angry neutral"),
        ("affectnet", "neutral happy sad surprise fear disgust angry"),
        ("ferplus", "neutral happy surprise sad angry disgust fear"),
    ],
)
def test_numbers_follow_the_named_scheme(scheme: str, order: str) -> None:
    vocabulary = Vocabulary(scheme)
    for number, emotion in enumerate(order.split()):
        expected = None if emotion == "-" else emotion
        assert vocabulary.emotion(str(number)) == vocabulary.emotion(f"{number}.0") == expected
    assert vocabulary.state("77") == "unmapped"
    assert set(SCHEMES[scheme].values()) >= set(EMOTIONS)
    assert vocabulary.emotion("Anger") == "angry"


def test_contempt_is_left_out_by_its_number() -> None:
    assert Vocabulary("affectnet").state("7") == "left out"
    assert [Vocabulary("ferplus").state(n) for n in "789"] == ["left out"] * 3


def test_a_mapping_lists_every_label_and_can_be_changed() -> None:
    mapping = Vocabulary().mapping(["joy", "joy", "confused", "contempt", "4"])
    assert [(row.foreign, row.count, row.state) for row in mapping.rows] == [
        ("joy", 2, "mapped"),
        ("4", 1, "unmapped"),
        ("confused", 1, "unmapped"),
        ("contempt", 1, "left out"),
    ]
    text = " ".join(mapping.sentences())
    assert all(word in text for word in ("confused (1)", "contempt (1)", "4 (1)", "rafdb"))
    changed = mapping.with_override("confused", "Sadness").with_override("joy", None)
    assert changed.counts() == {**dict.fromkeys(EMOTIONS, 0), "sad": 1}
    assert "confused" not in " ".join(changed.sentences())


def test_overrides_match_in_any_spelling_and_unused_ones_are_named() -> None:
    mapping = Vocabulary(overrides={"confused": "sad", "typo": "happy"}).mapping(["1_Confused"])
    assert mapping.rows[0].emotion == "sad"
    assert [s for s in mapping.sentences() if "typo" in s]


def test_a_wrong_scheme_or_emotion_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="rafdb"):
        Vocabulary("raf")
    with pytest.raises(UsageError, match="surprise"):
        Vocabulary(overrides={"confused": "puzzled"})


def test_why_labels_are_left_out_is_a_plain_sentence() -> None:
    assert Vocabulary().mapping({"3": 4}).sentences()[0] == (
        "4 photos were left out because their label is a number: 3 (4)."
    )
    assert Vocabulary("affectnet").mapping({"9": 1}).sentences() == [
        "1 photo was left out because its label is no number of affectnet: 9 (1)."
    ]
