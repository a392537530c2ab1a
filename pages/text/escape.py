"""File names and other text from outside, made safe to show."""

import re

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_BLANKS = re.compile(r"\s+")
#: Streamlit and its Markdown make links, arrows and pictures of these even where they are escaped.
_JOINED = re.compile(r"(?<=[:@])(?=\S)|(?<=www)|(?<=[-<>=~])(?=[-<>=~])", re.IGNORECASE)
WORD_JOINER = "\u2060"  # no width, no break
MAX_NAME_LENGTH = 255  # letters of a name; file systems know no longer ones


def escape(name: str) -> str:
    """A file name for Streamlit's Markdown: shown as typed, never as formatting, link or maths."""
    return _PUNCTUATION.sub(r"\\\1", _JOINED.sub(WORD_JOINER, clean_name(name)))


def clean_name(name: str) -> str:
    """A file name on one line, without control characters; the middle of a very long one goes."""
    spaced = _BLANKS.sub(" ", name)
    shown = "".join(c for c in spaced if c.isprintable()).strip() or "unnamed"
    half = MAX_NAME_LENGTH // 2
    return shown if len(shown) <= MAX_NAME_LENGTH else f"{shown[:half]}…{shown[-half:]}"
