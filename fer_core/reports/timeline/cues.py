"""A timeline as stretches of time with a text: subtitles (WebVTT) and ELAN's tiers.

Both show `summary.segments`, of the series as it is or smoothed.
"""

import html
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import fer_core
from fer_core.registry import MODELS
from fer_core.reports.export import weights_checksums
from fer_core.text import escape_formula, printable
from fer_core.video.marks import Mark, sections
from fer_core.video.summary import Segment, doubts, segments, smoothed
from fer_core.video.timeline import Observation, Timeline
from fer_core.video.tracks import Doubt

#: Why a face may be another person than before, in words.
DOUBTS: Final[dict[Doubt, str]] = {
    "crossed": "it crossed another face",
    "gone": "it was not seen for a while",
}
ELAN_COLUMNS: Final = ("tier", "begin_ms", "end_ms", "duration_ms", "annotation")


class _Cue(NamedTuple):
    start: int  # milliseconds
    end: int
    text: str


def timeline_to_vtt(timeline: Timeline, model_name: str, smoothing: float = 0.0) -> str:
    """Write one model's answers as WebVTT: a cue for each stretch of one emotion of a face.

    Args:
        timeline: Of the film.
        model_name: The model.
        smoothing: Seconds, as of `summary.smoothed`.

    Returns:
        The text of the file, to be stored as UTF-8.
    """
    cues = [
        _cue(each, f"Face {track}: {_text(each)}")
        for track in timeline.tracks
        for each in segments(smoothed(timeline.series(track, model_name), smoothing))
    ]
    blocks = ["WEBVTT", *_notes(timeline, model_name, smoothing)]
    blocks += [
        f"{_vtt_time(cue.start)} --> {_vtt_time(cue.end)}\n{_escape(cue.text)}"
        for cue in sorted(cues)
    ]
    return "\n\n".join(blocks) + "\n"


def timeline_to_elan(timeline: Timeline, marks: Iterable[Mark] = (), smoothing: float = 0.0) -> str:
    """Write all answers as tab-delimited text for ELAN.

    Args:
        timeline: Of the film.
        marks: They become the sections of a tier "Marks".
        smoothing: Seconds, as of `summary.smoothed`.

    Returns:
        The text of the file, to be stored as UTF-8: a line of the column names, then one for each
        annotation. There is a tier for each face and model, such as "Face 1, multiclass", and one
        for the moments from which a face may be another person.
    """
    lines = ["\t".join(ELAN_COLUMNS)]
    for track in timeline.tracks:
        for name in timeline.models:
            for each in segments(smoothed(timeline.series(track, name), smoothing)):
                lines.append(_elan_line(f"Face {track}, {name}", _cue(each, _text(each))))
    for seen in doubts(timeline):
        cue = _Cue(_ms(seen.time), _ms(seen.time) + 1, _doubt_text(seen))
        lines.append(_elan_line(f"Face {seen.track}, doubt", cue))
    for start, until, note in sections(marks, timeline.end):
        text = escape_formula(printable(" ".join(note.split()))) or "Mark"
        cue = _Cue(_ms(start), max(_ms(until), _ms(start) + 1), text)
        lines.append(_elan_line("Marks", cue))
    return "\n".join(lines) + "\n"


def _notes(timeline: Timeline, model_name: str, smoothing: float) -> Iterator[str]:
    """What the file was made with, and which faces may have been mixed up."""
    yield (
        f"NOTE\n{_escape(printable(timeline.title))}\n"
        f"FER Explorer {fer_core.__version__}, {_escape(MODELS[model_name].title)} ({model_name})\n"
        f"Weights (SHA-256): {' '.join(weights_checksums(model_name))}\n"
        f"Smoothed over {smoothing:g} s"
    )
    for seen in doubts(timeline):
        yield f"NOTE\n{_vtt_time(_ms(seen.time))} Face {seen.track} {_doubt_text(seen)}"


def _doubt_text(seen: Observation) -> str:
    return f"may be another person from here on: {DOUBTS[seen.doubt or 'gone']}"


def _text(segment: Segment) -> str:
    return f"{segment.emotion} ({segment.probability * 100:.0f} %)"


def _cue(segment: Segment, text: str) -> _Cue:
    start = _ms(segment.start)
    return _Cue(start, max(_ms(segment.end), start + 1), text)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _vtt_time(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{rest:03}"


def _escape(text: str) -> str:
    """Escape `&`, `<` and `>`, and with it the arrow `-->`, which no text may have."""
    return html.escape(text, quote=False)


def _elan_line(tier: str, cue: _Cue) -> str:
    return f"{tier}\t{cue.start}\t{cue.end}\t{cue.end - cue.start}\t{cue.text}"
