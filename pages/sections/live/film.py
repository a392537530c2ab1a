"""When each face of a recording was there; read once for as long as no frame is added."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st

from fer_core.video import summary
from fer_core.video.tracks import Doubt
from pages.session.recordings import Recording

SESSION_KEY = "live-film"  # the film that was shown last


@dataclass(eq=False)
class FilmFace:
    """One face of a film.

    Attributes:
        times: (N,) float64 seconds of the frames with this face.
        scores: (N,) float64 scores of the detector.
        doubts: From when on it may be another face, and why.
    """

    times: np.ndarray
    scores: np.ndarray
    doubts: list[tuple[float, Doubt]]

    @cached_property
    def seconds(self) -> float:
        """For how long the face was there."""
        return float(summary.durations(self.times).sum())


@dataclass(eq=False)
class Film:
    """A recording up to a frame.

    Attributes:
        recording: Whose film it is.
        frames: Number of frames that were read.
        faces: By number.
    """

    recording: Recording
    frames: int
    faces: dict[int, FilmFace]

    def longest(self, count: int) -> list[int]:
        """Numbers of the faces that were there the longest, in ascending order."""
        by_seconds = sorted(self.faces, key=lambda track: -self.faces[track].seconds)
        return sorted(by_seconds[:count])


def film_of(recording: Recording) -> Film:
    """The film of a recording, read again if frames were added."""
    film: Film | None = st.session_state.get(SESSION_KEY)
    frames = recording.timeline.frame_count
    if film is None or film.recording is not recording or film.frames != frames:
        film = st.session_state[SESSION_KEY] = Film(recording, frames, read_faces(recording))
    return film


def forget() -> None:
    """Forget the film that was shown last."""
    st.session_state.pop(SESSION_KEY, None)


def read_faces(recording: Recording) -> dict[int, FilmFace]:
    """The faces of a recording, by number."""
    read: dict[int, tuple[list[float], list[float], list[tuple[float, Doubt]]]] = {}
    for each in recording.timeline.observations():
        times, scores, doubts = read.setdefault(each.track, ([], [], []))
        times.append(each.time)
        scores.append(each.score)
        if each.doubt is not None:
            doubts.append((each.time, each.doubt))
    return {
        track: FilmFace(np.array(times), np.array(scores), first_doubts(doubts))
        for track, (times, scores, doubts) in sorted(read.items())
    }


def first_doubts(doubts: list[tuple[float, Doubt]]) -> list[tuple[float, Doubt]]:
    """One doubt for each row of doubts of a kind: two faces that cross do so for many frames."""
    first: list[tuple[float, Doubt]] = []
    last: dict[Doubt, float] = {}
    for time, doubt in doubts:
        if doubt not in last or time - last[doubt] > summary.GAP_SECONDS:
            first.append((time, doubt))
        last[doubt] = time
    return first
