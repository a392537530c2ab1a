"""Made-up films of the sample photos' faces, with real answers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from fer_core.imaging.decode import decode
from fer_core.imaging.sample_photo import sample_photo
from fer_core.video.frames import FrameAnalyser, FrameAnswers, TrackedFace
from fer_core.video.tracks import Doubt
from pages.session.recordings import Recordings

MODELS = ("multiclass", "ferplus")
ASTRONAUT, ADMIRAL, CAMERAMAN = "astronaut.png", "admiral.png", "cameraman.png"


@cache
def portrait(name: str) -> TrackedFace:
    """The only face of a sample photo, as both models see it."""
    frame = FrameAnalyser().analyse(decode(sample_photo(name)), 0.0, MODELS)
    (face,) = frame.faces
    return face


def frame(
    time: float,
    faces: Mapping[int, str],
    doubts: Mapping[int, Doubt] | None = None,
    models: Sequence[str] = MODELS,
) -> FrameAnswers:
    """One frame: the sample photo of each face by its number, and whose number is in doubt."""
    tracked = []
    for track, name in sorted(faces.items()):
        face = portrait(name)
        answers = {model: face.answers[model] for model in models}
        doubt = (doubts or {}).get(track)
        tracked.append(replace(face, track=track, doubt=doubt, answers=answers))
    return FrameAnswers(1, time, 512, 512, tuple(tracked))


def recordings_of(*films: Sequence[FrameAnswers], title: str = "party.mp4") -> Recordings:
    """A session's recordings with these films, of the same title."""
    recordings = Recordings()
    for frames in films:
        recording = recordings.begin("video", title)
        for each in frames:
            recording.timeline.add(each)
    return recordings
