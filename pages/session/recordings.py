"""What models answered about a visitor's camera or film: numbers and small faces, no frame.

The page shows them; `pages.server.live` adds to them while the page does not run. They are in the
session, in memory, and go with it.
"""

import math
import secrets
import time
from dataclasses import dataclass, field
from typing import Literal

from fer_core.video.frames import FrameAnalyser
from fer_core.video.marks import Mark
from fer_core.video.timeline import Timeline
from pages.runtime.settings import settings
from pages.session.per_session import PerSession

SESSION_KEY = "recordings"
MAX_RECORDINGS = 10
MARK_BYTES = 300
RUNNING_SECONDS = 2.0  # after a frame
MIN_SECONDS = 1.0  # of a camera's recording that is kept when the next one begins

Kind = Literal["camera", "video"]


@dataclass(eq=False)
class Recording:
    """One camera session or film, from Start to Stop."""

    number: int  # of the visit, from 1
    kind: Kind
    timeline: Timeline
    analyser: FrameAnalyser
    marks: list[Mark] = field(default_factory=list)
    last_frame: float = -math.inf  # when one came, by `time.monotonic`

    @property
    def is_running(self) -> bool:
        """Whether a frame came a moment ago."""
        return time.monotonic() - self.last_frame < RUNNING_SECONDS

    @property
    def is_empty(self) -> bool:
        """Whether nothing is lost with it: no frame, or a camera that was stopped at once."""
        is_short = self.kind == "camera" and self.timeline.seconds < MIN_SECONDS
        return not self.marks and (is_short or not self.timeline.frame_count)

    @property
    def memory_bytes(self) -> int:
        """Approximate memory use in bytes; for any thread to ask."""
        return 2_000 + self.timeline.memory_bytes + MARK_BYTES * len(self.marks)


@dataclass(eq=False)
class Recordings:
    """All recordings of a session.

    Attributes:
        recordings: By number.
        token: What the page hands to its own frame, so that frames of a film belong to the session.
        count: Number of the last one that was begun.
        is_busy: Whether a frame is being looked at; there is never more than one.
    """

    recordings: dict[int, Recording] = field(default_factory=dict)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    count: int = 0
    is_busy: bool = False
    session_id: str = ""

    @property
    def memory_bytes(self) -> int:
        """Approximate memory use in bytes; for any thread to ask."""
        return sum(each.memory_bytes for each in list(self.recordings.values()))

    @property
    def is_full(self) -> bool:
        """Whether one must be removed before another one begins; empty ones are by themselves."""
        return sum(not each.is_empty for each in self.recordings.values()) >= MAX_RECORDINGS

    @property
    def running(self) -> Recording | None:
        """The one to which frames are being added at this moment, if any."""
        return next((each for each in self.recordings.values() if each.is_running), None)

    def begin(self, kind: Kind, title: str) -> Recording:
        """Begin another recording, only if there is room; one of a camera gets a number."""
        self.recordings = {n: each for n, each in self.recordings.items() if not each.is_empty}
        self.count += 1
        timeline = Timeline(title=f"{title} {self.count}" if kind == "camera" else title)
        analyser = FrameAnalyser(settings().precision)
        recording = Recording(self.count, kind, timeline, analyser)
        self.recordings[self.count] = recording
        return recording

    def remove(self, number: int) -> None:
        """Forget a recording, if it is still there."""
        self.recordings.pop(number, None)

    def take_over(self, other: "Recordings") -> None:
        """Take all recordings from another session, which has none then."""
        self.recordings, other.recordings = other.recordings, {}
        self.count = other.count


_RECORDINGS = PerSession(SESSION_KEY, lambda session_id: Recordings(session_id=session_id))
session_recordings, of_session, memory_bytes = (
    _RECORDINGS.current,
    _RECORDINGS.of_session,
    _RECORDINGS.memory_bytes,
)


def with_token(token: str) -> Recordings | None:
    """Those of the session that has this token, for use outside the session's own runs."""
    for each in of_session():
        if secrets.compare_digest(each.token.encode(), token.encode("utf-8", "replace")):
            return each
    return None
