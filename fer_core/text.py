"""Names and numbers in texts; names from a stranger's file made safe."""

import itertools
from collections.abc import Container, Iterable
from typing import Final

#: With which a formula begins; some spreadsheets accept full-width signs.
FORMULA_PREFIXES: Final = frozenset("=+-@\t\r＝＋－＠")
MAX_NAMED = 3  # names in a sentence; the others are counted


def printable(text: str) -> str:
    """Make a text, such as a file name, safe to print.

    Non-printable characters, lone surrogates included, become U+FFFD.
    """
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def unique_name(name: str, taken: Container[str]) -> str:
    """Number a name that is taken: "a.jpg (2)" for the second "a.jpg"."""
    numbered = (f"{name} ({number})" for number in itertools.count(2))
    return next(n for n in itertools.chain([name], numbered) if n not in taken)


def unique_names(names: Iterable[str]) -> list[str]:
    """Number the names that occur again; see `unique_name`."""
    unique: dict[str, None] = {}
    for name in names:
        unique[unique_name(name, unique)] = None
    return list(unique)


def escape_formula(text: str) -> str:
    """Prefix a text that starts like a spreadsheet formula (= + - @) with an apostrophe."""
    return "'" + text if text[:1] in FORMULA_PREFIXES else text


def unescape_formula(text: str) -> str:
    """Undo `escape_formula`."""
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_PREFIXES else text


def counted(n: int, noun: str, plural: str = "") -> str:
    """A number with its noun: "1 photo", "2,000 photos"."""
    return f"{n:,} {noun if n == 1 else plural or f'{noun}s'}"


def named(names: Iterable[str], limit: int = MAX_NAMED) -> str:
    """Some names: "a.jpg, b.jpg, c.jpg and 7 more"."""
    shown = [printable(name) for name in names]
    rest = len(shown) - limit
    text = ", ".join(shown[:limit])
    return f"{text} and {rest:,} more" if rest > 0 else text


def clock(seconds: float) -> str:
    """A time of a film, cut to tenths: "0:04.2", "1:02:04.2"."""
    minutes, tenths = divmod(int(seconds * 10 + 1e-6), 600)
    hours, minutes = divmod(minutes, 60)
    text = f"{tenths // 10:02}.{tenths % 10}"
    return f"{hours}:{minutes:02}:{text}" if hours else f"{minutes}:{text}"
