"""Formatting of every kind of number."""

import pytest

from fer_core.evaluation.uncertainty import Interval
from fer_core.reports import format as text


@pytest.mark.parametrize(
    ("fraction", "digits", "expected"),
    [(0.8712, 0, "87"), (0.0004, 0, "<1"), (0.0, 0, "0"), (0.24488, 1, "24.5"), (1e-9, 1, "<0.1")],
)
def test_percent(fraction: float, digits: int, expected: str) -> None:
    assert text.percent(fraction, digits) == f"{expected}\u00a0%"


def test_intervals() -> None:
    interval = Interval(0.7044, 0.7338)
    assert text.format_interval(interval) == "70.4 to 73.4\u00a0%"
    assert text.format_interval(interval, 0) == "70 to 73\u00a0%"
    assert text.format_interval(interval, unit=False) == "70.4 to 73.4"
    assert text.percent_with_interval(0.72, interval) == "72.0\u00a0% (70.4–73.4)"
    assert text.percent_with_interval(0.72, interval, 0) == "72\u00a0% (70–73)"
    assert text.percent_with_interval(0.72, None) == "72.0\u00a0%"
    assert text.format_points_interval(Interval(-0.0034, 0.0161)) == "−0.3 to +1.6"
    assert text.format_number_interval(Interval(-0.012, 0.704)) == "−0.01 to 0.70"
    assert text.format_number_interval(Interval(-0.0517, 0.01), 3, sign=True) == "−0.052 to +0.010"


@pytest.mark.parametrize(
    ("fraction", "expected"),
    [(0.0067, "+0.7"), (-0.0021, "−0.2"), (0.0, "0.0"), (-0.0001, "0.0"), (0.4, "+40.0")],
)
def test_points(fraction: float, expected: str) -> None:
    assert text.points(fraction) == expected


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [(12, 0, "+12"), (-5, 0, "−5"), (-0.3, 0, "0"), (-0.3, 2, "−0.30")],
)
def test_signed(value: float, digits: int, expected: str) -> None:
    assert text.signed(value, digits) == expected


@pytest.mark.parametrize(
    ("p", "expected"),
    [(0.0009, "p < 0.001"), (0.001, "p = 0.001"), (0.0494, "p = 0.049"), (1, "p = 1.000")],
)
def test_p_values(p: float, expected: str) -> None:
    assert text.p_value(p) == expected


def test_lists_and_errors() -> None:
    assert [text.join_words(list("abc")[:n]) for n in range(4)] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert text.percent_with_error(0.65, 0.05) == "65 ± 5\u00a0%"
