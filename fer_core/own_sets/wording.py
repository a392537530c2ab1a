"""Words that the sentences about a labelled set share."""

from collections.abc import Iterable, Sequence

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


def printable(name: str) -> str:
    """A text from a stranger's file with what cannot be printed replaced."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)


def unique_names(names: Sequence[str]) -> list[str]:
    """Number names that occur again: "a.jpg", "a.jpg (2)"."""
    taken: set[str] = set()
    result = []
    for name in names:
        number, unique = 1, name
        while unique in taken:
            number += 1
            unique = f"{name} ({number})"
        taken.add(unique)
        result.append(unique)
    return result
