"""What a browser may claim about a recording that has ended."""

import pytest

from pages.components.live_view import Stopped, _stopped


def test_a_recording_that_ended_is_told() -> None:
    value = {"recording": 2, "frames": 30, "stopped": "button"}
    assert _stopped(value) == Stopped(2, 30, "button")


@pytest.mark.parametrize(
    "value",
    [None, "2", [2, 30, "end"], {}, {"recording": "2", "frames": 3, "stopped": "end"}],
)
def test_anything_else_is_ignored(value: object) -> None:
    assert _stopped(value) is None
