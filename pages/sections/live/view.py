"""What of a recording is shown, and how."""

from typing import NamedTuple

VIEWS = {"stacked": "Stacked", "lines": "Lines"}
MAX_SMOOTHING = 3.0  # seconds


class View(NamedTuple):
    """How a recording is shown.

    Attributes:
        model_name: Whose answers are shown.
        is_stacked: As areas upon each other instead of lines.
        smoothing: Seconds; 0 for none.
        tracks: Numbers of the faces that have a lane; at least one.
        part: First and last second of the chart.
    """

    model_name: str
    is_stacked: bool
    smoothing: float
    tracks: list[int]
    part: tuple[float, float]
