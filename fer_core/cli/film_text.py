"""What `classify` prints about a film: each change of the leading emotion, and shares of time."""

from collections.abc import Iterator, Sequence

from fer_core.reports.timeline.cues import DOUBTS, timeline_to_elan, timeline_to_vtt
from fer_core.text import clock
from fer_core.video.frames import FrameAnswers, TrackedFace
from fer_core.video.summary import durations, shares
from fer_core.video.timeline import Timeline


class Changes:
    """Prints a line whenever another emotion leads for a face, or the face may be another one."""

    def __init__(self, title: str, with_models: bool) -> None:
        """Begin a film.

        Args:
            title: Its name, printed before the first line.
            with_models: Whether lines name the model.
        """
        self._title, self._with_models = title, with_models
        self._last: dict[tuple[int, str], str] = {}
        self._doubts: dict[int, str | None] = {}

    def lines(self, frame: FrameAnswers) -> str:
        """The lines about the next frame; empty if nothing changed."""
        head = [self._title] if frame.number == 1 else []
        lines = [line for face in frame.faces for line in self._face_lines(face, frame.time)]
        return "".join(f"{line}\n" for line in head + lines)

    def _face_lines(self, face: TrackedFace, time: float) -> Iterator[str]:
        is_new_doubt = face.doubt is not None and face.doubt != self._doubts.get(face.track)
        self._doubts[face.track] = face.doubt
        note = f"  (may be another person: {DOUBTS[face.doubt]})" if face.doubt else ""
        for name, answer in face.answers.items():
            if self._last.get((face.track, name)) == answer.emotion and not is_new_doubt:
                continue
            self._last[face.track, name] = answer.emotion
            probability = 100 * answer.probabilities[answer.emotion]
            model = f"{name:16} " if self._with_models else ""
            yield (
                f"  {clock(time):>7}  face {face.track}  {model}{answer.emotion:9}"
                f"{probability:3.0f} %{note}"
            )


def film_end(form: str, timeline: Timeline, model_names: Sequence[str]) -> str:
    """What is written once a film was read: its cues, or as text the shares of time."""
    if form == "vtt":
        return timeline_to_vtt(timeline, model_names[0])
    if form == "elan":
        return timeline_to_elan(timeline)
    return "".join(f"{line}\n" for line in _share_lines(timeline))


def _share_lines(timeline: Timeline) -> Iterator[str]:
    if not timeline.tracks:
        yield "  no face found"
        return
    yield "  share of the time in which each emotion led:"
    for track in timeline.tracks:
        for name in timeline.models:
            series = timeline.series(track, name)
            parts = sorted(shares(series).items(), key=lambda part: -part[1])
            text = ", ".join(f"{emotion} {100 * part:.0f} %" for emotion, part in parts if part)
            model = f"{name:16} " if len(timeline.models) > 1 else ""
            seconds = durations(series.times, series.step).sum()
            yield f"  face {track}  {model}{text or 'one moment only'}  ({seconds:.1f} s)"
