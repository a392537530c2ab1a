"""The seven emotions of FER2013: names, order and colours.

Every array in the project has its emotion columns in the order of `EMOTIONS`.
"""

import re
from typing import Final

EMOTIONS: Final = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")

#: One colour per emotion, the same in every chart, with a contrast of at least 3 : 1 to the
#: backgrounds of both themes (WCAG 2.2, 1.4.11). Based on Paul Tol's "bright" scheme for
#: colour-blind readers (https://personal.sron.nl/~pault/).
COLOURS: Final = {
    "angry": "#EE6677",
    "disgust": "#228833",
    "fear": "#B03A7E",
    "happy": "#AC8B0E",
    "neutral": "#8A8A8A",
    "sad": "#4477AA",
    "surprise": "#2A9BC4",
}

#: Emotion → other words for it in data sets and tools, in the form of `normalise`.
_SYNONYMS: Final = {
    "angry": "anger angriness mad furious rage",
    "disgust": "disgusted disgusting",
    "fear": "fearful afraid scared fright frightened",
    "happy": "happiness joy joyful happily smile smiling",
    "neutral": "normal calm neutrality",
    "sad": "sadness sorrow unhappy",
    "surprise": "surprised surprising astonished",
}
_EMOTION_OF: Final = {
    word: emotion for emotion, words in _SYNONYMS.items() for word in (emotion, *words.split())
}
_LEADING_NUMBER: Final = re.compile(r"\d+[\s._-]*(?=[^\W\d_])")


def normalise(label: str) -> str:
    """A label in the form in which it is looked up: `0_Angry` → `angry`, `No-Face` → `no face`."""
    text = _LEADING_NUMBER.sub("", label.strip().casefold())
    return " ".join(re.sub(r"[\s_-]+", " ", text).split())


def emotion_named(label: str) -> str | None:
    """The emotion that a label names, in any spelling and by its synonyms; None if it is none.

    A word is looked up in a list, never matched by likeness.

    Examples:
        >>> emotion_named(" 3_Happiness ")
        'happy'
    """
    return _EMOTION_OF.get(normalise(label))
