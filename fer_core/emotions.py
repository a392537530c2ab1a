"""The seven emotions of FER2013: names, order and colours.

Every array in the project has its emotion columns in the order of `EMOTIONS`.
"""

from typing import Final

EMOTIONS: Final = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")

#: One colour per emotion, the same in every chart and readable on white and on near-black. Based on
#: Paul Tol's "bright" scheme for colour-blind readers (https://personal.sron.nl/~pault/).
COLOURS: Final = {
    "angry": "#EE6677",
    "disgust": "#228833",
    "fear": "#AA3377",
    "happy": "#CCAA22",
    "neutral": "#8A8A8A",
    "sad": "#4477AA",
    "surprise": "#44AACC",
}
