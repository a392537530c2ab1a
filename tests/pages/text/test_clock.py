"""Times of a film in words."""

import pytest

from pages.text.clock import clock


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0.0 s"),
        (12.34, "12.3 s"),
        (59.96, "1:00.0"),
        (125.3, "2:05.3"),
        (3725.0, "1:02:05.0"),
    ],
)
def test_times_are_rounded_before_they_are_split(seconds: float, text: str) -> None:
    assert clock(seconds) == text
