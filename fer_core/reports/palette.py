"""The project's own colours.

Emotion colours are in `fer_core.emotions`, the heat map's colours in `fer_core.explain.render`.
`.streamlit/config.toml` and the style sheets cannot import this module, so they repeat the values;
a test keeps them equal.
"""

from typing import Final

#: Background, text and borders of the light theme, also used in downloaded figures.
BACKGROUND: Final = "#FCFCFA"
TEXT_COLOUR: Final = "#22292B"
BORDER: Final = "#DDE2DF"
#: Secondary text on `BACKGROUND`.
MUTED_COLOUR: Final = "#5C6668"
#: Highlights that do not stand for an emotion; visible on the backgrounds of both themes.
ACCENT: Final = "#2F8C95"
#: Outline of a coloured line on a photo, visible on any background.
OUTLINE: Final = "#10181A"
