"""Numbers as text: percentages and lists."""

from collections.abc import Sequence


def percent(fraction: float, digits: int = 0) -> str:
    """0.8712 → '87 %', with a no-break space; small but real chances are never called 0 %."""
    if 0 < fraction < 0.5 * 10 ** -(digits + 2):
        return f"<{10**-digits:.{digits}f}\u00a0%"
    return f"{fraction * 100:.{digits}f}\u00a0%"


def listed(items: Sequence[str]) -> str:
    """'a, b and c'."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"
