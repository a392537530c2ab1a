"""The seven emotions of FER2013: names, order and colours.

Every array in the project has its emotion columns in the order of `EMOTIONS`.
"""

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

#: Other names of the emotions in data sets and tools, in lower case.
SYNONYMS: Final = {
    "anger": "angry",
    "disgusted": "disgust",
    "fearful": "fear",
    "scared": "fear",
    "afraid": "fear",
    "happiness": "happy",
    "joy": "happy",
    "neutrality": "neutral",
    "sadness": "sad",
    "surprised": "surprise",
}


def emotion_named(text: str) -> str | None:
    """The emotion that a label names, in any case and by its synonyms; None if it is none.

    Examples:
        >>> emotion_named(" Happiness ")
        'happy'
    """
    name = text.strip().lower()
    name = SYNONYMS.get(name, name)
    return name if name in EMOTIONS else None
