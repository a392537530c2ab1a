"""When each face of a recording was there; read once for as long as no frame is added."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st

from fer_core.video import summary
from fer_core.video.timeline import Observation, Timeline
from fer_core.video.tracks import Doubt
from pages.session.recordings import Recording

SESSION_KEY = "live-film"  # the film that was shown last


@dataclass(eq=False)
class FilmFace:
    """One face of a film.

    Attributes:
        times: (N,) float64 seconds of the frames with this face.
        scores: (N,) float64 scores of the detector.
        step: Seconds between two frames of the film.
        doubts: From when on it may be another face, and why.
    """

    times: np.ndarray
    scores: np.ndarray
    step: float
    doubts: list[tuple[float, Doubt]]

    @cached_property
    def seconds(self) -> float:
        """For how long the face was there."""
        return float(summary.durations(self.times, self.step).sum())


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
        film = st.session_state[SESSION_KEY] = Film(
            recording, frames, read_faces(recording.timeline)
        )
    return film


def forget() -> None:
    """Forget the film that was shown last."""
    st.session_state.pop(SESSION_KEY, None)


def read_faces(timeline: Timeline) -> dict[int, FilmFace]:
    """The faces of a film, by number."""
    seen: dict[int, list[Observation]] = {}
    for each in timeline.observations():
        seen.setdefault(each.track, []).append(each)
    doubts = summary.doubts(timeline)
    return {
        track: FilmFace(
            np.array([each.time for each in rows]),
            np.array([each.score for each in rows]),
            timeline.step,
            [(each.time, each.doubt) for each in doubts if each.track == track and each.doubt],
        )
        for track, rows in sorted(seen.items())
    }
