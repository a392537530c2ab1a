"""Numbers as text, each kind in one form: percentages, intervals, differences, p-values, lists."""

from collections.abc import Sequence

Bounds = tuple[float, float]  # of an interval
#: A p-value below this is printed as "< 0.001".
MIN_P = 0.001


def percent(fraction: float, digits: int = 0) -> str:
    """0.8712 → '87 %', with a no-break space; small but real chances are never called 0 %."""
    if 0 < fraction < 0.5 * 10 ** -(digits + 2):
        return f"<{10**-digits:.{digits}f}\u00a0%"
    return f"{fraction * 100:.{digits}f}\u00a0%"


def format_interval(interval: Bounds, digits: int = 1, *, unit: bool = True) -> str:
    """An interval of fractions: '63.1 to 66.1 %'; without the unit where a column's head has it."""
    low, high = interval
    end = percent(high, digits) if unit else f"{high * 100:.{digits}f}"
    return f"{low * 100:.{digits}f} to {end}"


def half_width(interval: Bounds) -> str:
    """Half of an interval's width in percentage points, '± 1.5', where there is no room for both
    ends."""
    low, high = interval
    return f"± {(high - low) / 2 * 100:.1f}"


def percent_with_error(share: float, error: float) -> str:
    """A share with the error its source gives: '65 ± 5 %'."""
    return f"{share * 100:.0f} ± {percent(error)}"


def signed(value: float, digits: int = 0) -> str:
    """'+12', '−5', '0': a real minus sign, and what rounds to nothing has no sign."""
    text = f"{value:+.{digits}f}".replace("-", "−")
    return text[1:] if float(f"{value:.{digits}f}") == 0 else text


def points(fraction: float, digits: int = 1) -> str:
    """A difference of two shares in percentage points: 0.0067 → '+0.7'."""
    return signed(100 * fraction, digits)


def format_points_interval(interval: Bounds, digits: int = 1) -> str:
    """An interval of a difference in percentage points: '−0.3 to +1.6'."""
    low, high = interval
    return f"{points(low, digits)} to {points(high, digits)}"


def p_value(p: float) -> str:
    """'p = 0.049', or 'p < 0.001'."""
    return f"p < {MIN_P}" if p < MIN_P else f"p = {p:.3f}"


def join_words(items: Sequence[str]) -> str:
    """'a, b and c'."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"
