"""Consistent formatting of percentages, intervals, differences, p-values and lists."""

from collections.abc import Sequence

Bounds = tuple[float, float]  # lower and upper end of an interval
#: A p-value below this is printed as "< 0.001".
MIN_P = 0.001
NUMBER_WORDS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip


def percent(fraction: float, digits: int = 0) -> str:
    """0.8712 → '87 %', with a no-break space; '<1 %' and '>99 %' for what is nearly none or all."""
    if 0 < fraction < 0.5 * 10 ** -(digits + 2):
        return f"<{10**-digits:.{digits}f}\u00a0%"
    if 1 - 0.5 * 10 ** -(digits + 2) < fraction < 1:
        return f">{100 - 10**-digits:.{digits}f}\u00a0%"
    return f"{fraction * 100:.{digits}f}\u00a0%"


def format_interval(interval: Bounds, digits: int = 1, *, unit: bool = True) -> str:
    """Interval of a fraction: '63.1 to 66.1 %'; `unit=False` omits the percent sign."""
    low, high = interval
    end = percent(high, digits) if unit else f"{high * 100:.{digits}f}"
    return f"{low * 100:.{digits}f} to {end}"


def percent_with_interval(fraction: float, interval: Bounds | None, digits: int = 1) -> str:
    """A fraction and both ends of its interval, if any: '72.1 % (70.6–73.5)'.

    Both ends, because the interval of a share is not symmetric.
    """
    if interval is None:
        return percent(fraction, digits)
    return f"{percent(fraction, digits)} ({format_ends(interval, digits)})"


def format_ends(interval: Bounds, digits: int = 1) -> str:
    """The ends of an interval of a fraction in percent, as short as possible: '70.6–73.5'."""
    low, high = (f"{end * 100:.{digits}f}" for end in interval)
    return f"{low}–{high}"


def percent_with_error(fraction: float, error: float) -> str:
    """A fraction with the error that its source reports: '65 ± 5 %'."""
    return f"{fraction * 100:.0f} ± {percent(error)}"


def signed(value: float, digits: int = 0) -> str:
    """Number with its sign: '+12', '−5' (a true minus sign); '0' if it rounds to zero."""
    text = f"{value:+.{digits}f}".replace("-", "−")
    return text[1:] if float(f"{value:.{digits}f}") == 0 else text


def points(fraction: float, digits: int = 1) -> str:
    """Difference of two fractions in percentage points: 0.0067 → '+0.7'."""
    return signed(100 * fraction, digits)


def format_points_interval(interval: Bounds, digits: int = 1) -> str:
    """Interval of such a difference in percentage points: '−0.3 to +1.6'."""
    low, high = interval
    return f"{points(low, digits)} to {points(high, digits)}"


def format_number_interval(interval: Bounds, digits: int = 2, *, sign: bool = False) -> str:
    """Interval of a number that is no share, such as kappa: '0.66 to 0.70'; `sign`: '−0.05 to …'.

    With `sign`, positive ends get a plus sign.
    """
    low, high = interval
    if sign:
        return f"{signed(low, digits)} to {signed(high, digits)}"
    return f"{low:.{digits}f} to {high:.{digits}f}".replace("-", "−")


def p_value(p: float) -> str:
    """p-value: 'p = 0.049', or 'p < 0.001' below `MIN_P`."""
    return f"p < {MIN_P}" if p < MIN_P else f"p = {p:.3f}"


def join_words(items: Sequence[str], conjunction: str = "and") -> str:
    """Join words into a list: 'a, b and c'."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {conjunction} {items[-1]}"


def number_word(count: int) -> str:
    """Spell a number: 8 → 'eight'; from thirteen on in digits."""
    return NUMBER_WORDS[count] if count < len(NUMBER_WORDS) else str(count)
