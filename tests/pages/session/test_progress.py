"""The time left comes from the measured rate, and from nothing else."""

import pytest

from pages.session.progress import time_left


@pytest.mark.parametrize(
    ("done", "total", "seconds", "text"),
    [
        (2, 100, 10.0, ""),  # too few steps for a rate
        (50, 100, 0.5, ""),  # too short a time
        (25, 100, 4.0, "about 12 s left"),
        (25, 1000, 4.0, "about 3 min left"),
        (100, 100, 16.0, ""),
    ],
)
def test_time_left(done: int, total: int, seconds: float, text: str) -> None:
    assert time_left(done, total, seconds) == text
