"""Words that the sentences about a labelled set share."""

from collections.abc import Iterable

from fer_core.text import printable

MAX_NAMED = 3  # names in a sentence; the others are counted


def counted(n: int, noun: str, plural: str = "") -> str:
    """A number with its noun: "1 photo", "2,000 photos"."""
    return f"{n:,} {noun if n == 1 else plural or f'{noun}s'}"


def named(names: Iterable[str], limit: int = MAX_NAMED) -> str:
    """Some names: "a.jpg, b.jpg, c.jpg and 7 more"."""
    shown = [printable(name) for name in names]
    rest = len(shown) - limit
    text = ", ".join(shown[:limit])
    return f"{text} and {rest:,} more" if rest > 0 else text
