"""Escaping of file names and other untrusted text."""

import re

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_BLANKS = re.compile(r"\s+")
#: Streamlit's Markdown turns these into links, arrows and emoji even where they are escaped.
_JOINED = re.compile(r"(?<=[:@])(?=\S)|(?<=www)|(?<=[-<>=~])(?=[-<>=~])", re.IGNORECASE)
WORD_JOINER = "\u2060"  # zero width, prevents a line break
#: All but letters, digits and the punctuation of a plain title; a web address becomes words.
_MARKUP = re.compile(r"[^\w .,;()+&/%'’“”…–-]|_|(?<=www)\.", re.IGNORECASE)
MAX_TITLE_LENGTH = 80  # characters
MAX_NAME_LENGTH = 255  # characters; file systems allow no longer names


def escape(name: str) -> str:
    """Escape a file name for Streamlit's Markdown: no formatting, links or maths."""
    return escape_sentence(clean_name(name))


def escape_sentence(text: str) -> str:
    """As `escape` for a sentence that may quote names, of any length."""
    one_line = "".join(c for c in _BLANKS.sub(" ", text) if c.isprintable())
    return _PUNCTUATION.sub(r"\\\1", _JOINED.sub(WORD_JOINER, one_line))


def plain_title(text: str) -> str:
    """A stranger's title without what Markdown or HTML could read as more than text.

    For titles that stand in many sentences, also of the library, which escape nothing.
    """
    return _BLANKS.sub(" ", _MARKUP.sub(" ", text))[:MAX_TITLE_LENGTH].strip(" -.") or "unnamed"


def clean_name(name: str) -> str:
    """A file name on one line, without control characters; a very long one loses its middle."""
    one_line = _BLANKS.sub(" ", name)
    cleaned = "".join(c for c in one_line if c.isprintable()).strip() or "unnamed"
    half = MAX_NAME_LENGTH // 2
    return cleaned if len(cleaned) <= MAX_NAME_LENGTH else f"{cleaned[:half]}…{cleaned[-half:]}"
