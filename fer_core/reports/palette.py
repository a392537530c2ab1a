"""The project's own colours; an emotion's is in `fer_core.emotions`, a heat's in
`fer_core.explain.render`.

`.streamlit/config.toml` and the style sheets, which can import nothing, repeat them; a test holds
all of them together.
"""

from typing import Final

#: The light theme's background, text and borders, which pictures to take away are drawn in.
BACKGROUND: Final = "#FCFCFA"
TEXT_COLOUR: Final = "#22292B"
BORDER: Final = "#DDE2DF"
#: Text of less weight on `PAPER`.
MUTED_COLOUR: Final = "#5C6668"
#: What is marked but stands for no emotion; told apart from both themes' backgrounds.
ACCENT: Final = "#2F8C95"
#: Around a coloured line on a photo, to be seen on any background.
OUTLINE: Final = "#10181A"
