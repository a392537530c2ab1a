"""The frame of the page Live: camera and films in the browser, which asks `pages.server.live`.

The browser decodes, draws and counts; only single frames go to the server, one at a time. Values
from a browser can be anything, so what it reports is checked here.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from fer_core.emotions import COLOURS
from fer_core.registry import MODELS
from pages.components.frame import frame
from pages.session.recordings import session_recordings

KEY = "live_view"  # in the session, and the folder of the frame


class Stopped(NamedTuple):
    """A camera session or film that has ended."""

    recording: int  # its number in the visit
    frames: int  # that were looked at
    reason: str  # "button", "cancel", "end", "error", "hidden" or "unplugged"


def show(model_names: Sequence[str]) -> Stopped | None:
    """Draw the frame; it stays as it is when the page runs again with other models.

    Args:
        model_names: Names of the registered models that answer, at least one.

    Returns:
        What ended last since the page was opened, if anything.
    """
    value = frame(KEY)(
        token=session_recordings().token,
        models=[{"name": name, "title": MODELS[name].title} for name in model_names],
        emotions=[{"name": emotion, "colour": colour} for emotion, colour in COLOURS.items()],
        default=None,
        key=KEY,
    )
    return _stopped(value)


def _stopped(value: object) -> Stopped | None:
    if not isinstance(value, Mapping):
        return None
    recording, frames, reason = (value.get(name) for name in ("recording", "frames", "stopped"))
    if isinstance(recording, int) and isinstance(frames, int) and isinstance(reason, str):
        return Stopped(recording, frames, reason)
    return None
