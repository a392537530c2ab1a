"""The chart of a recording, what is uncertain about its faces, and clicks on a time."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.registry import get_model_spec
from fer_core.reports import drawing
from fer_core.reports.format import join_words
from fer_core.reports.timeline.cues import DOUBTS
from fer_core.video import summary
from fer_core.video.timeline import Series
from fer_core.video.tracks import Doubt
from pages.charts import timeline as chart
from pages.charts.heat_map import CONFIG
from pages.charts.timeline import BitsLine, Label, Lane
from pages.components import figure
from pages.sections.live import moment
from pages.sections.live.film import Film
from pages.sections.live.view import View
from pages.text.clock import clock
from pages.text.markup import concat, tag

MAX_LANES = 6
MAX_SENTENCES = 10  # about doubts
MIN_LABEL = 0.15  # of the film, for which an emotion leads whose name is printed
MAX_MARK_TEXTS = 6  # more marks have only their number in the chart
MARK_LENGTH = 12  # characters of a note in the chart
BACK: dict[Doubt, str] = {"crossed": "crossed", "gone": "back"}  # in the chart
CHART_KEY = "live-timeline"


def show(film: Film, view: View, chosen: float) -> None:
    """Draw the lanes with their notes; a click on one chooses its time."""
    lanes = drawn_lanes(film, view)
    model = get_model_spec(view.model_name)
    if not lanes:
        st.info(f"{model.title} was not asked about these faces in this part of the film.")
        return
    timeline = film.recording.timeline
    draw = partial(
        chart.lanes,
        lanes,
        _bits(film, view),
        view.part,
        is_stacked=view.is_stacked,
        marks=_marks(film, view.part),
    )
    st.plotly_chart(
        draw(chosen=chosen),
        key=CHART_KEY,
        on_select=_choose,
        selection_mode="points",
        config=CONFIG,
        alt=f"Probability of each emotion over time by {model.title}, one lane for each of "
        f"{join_words([lane.title for lane in lanes])}. The tables below have the numbers.",
    )
    figure.show_downloads(
        draw,
        "timeline",
        title=f"Probability of each emotion over time: {model.title}",
        source=f"{_smoothing_text(view.smoothing)} {drawing.WARNING}",
        # Only numbers: Streamlit keeps what it is given here, and faces must be forgotten.
        rows=partial(
            _rows,
            view.model_name,
            {track: timeline.series(track, view.model_name) for track in view.tracks},
        ),
    )
    _show_notes(film, view, lanes)


def shown_series(film: Film, view: View, track: int) -> Series:
    """A face's answers as the view shows them: smoothed."""
    series = film.recording.timeline.series(track, view.model_name)
    return summary.smoothed(series, view.smoothing)


def doubt_sentences(film: Film, tracks: list[int]) -> list[str]:
    """From when on a face may be another one, in order of time."""
    doubts = sorted(
        (time, track, why) for track in tracks for time, why in film.faces[track].doubts
    )
    return [
        f"From {clock(time)} on, face {track} may be another person: {DOUBTS[why]}."
        for time, track, why in doubts
    ]


def drawn_lanes(film: Film, view: View) -> list[Lane]:
    """One lane for each face that the model was asked about."""
    lanes = [_lane(film, view, track) for track in view.tracks]
    return [lane for lane in lanes if len(lane.times)]


def _lane(film: Film, view: View, track: int) -> Lane:
    face = film.faces[track]
    series = film.recording.timeline.series(track, view.model_name)
    smoothed = _within(summary.smoothed(series, view.smoothing), view.part)
    series = _within(series, view.part)
    # A frame may have been added since the film was read.
    known = np.searchsorted(face.times, series.times).clip(max=len(face.times) - 1)
    return Lane(
        f"Face {track}",
        series.times,
        smoothed.probabilities,
        series.probabilities if view.smoothing else None,
        face.scores[known],
        series.step,
        [(time, BACK[why]) for time, why in face.doubts if view.part[0] <= time <= view.part[1]],
        _labels(smoothed, view.part[1] - view.part[0], view.is_stacked),
    )


def _within(series: Series, part: tuple[float, float]) -> Series:
    """The answers of a part of the film."""
    shown = (series.times >= part[0]) & (series.times <= part[1])
    return Series(series.times[shown], series.probabilities[shown], series.step)


def _labels(series: Series, seconds: float, is_stacked: bool) -> list[Label]:
    labels = []
    for segment in summary.segments(series):
        if seconds and segment.end - segment.start >= MIN_LABEL * seconds:
            middle = (segment.start + segment.end) / 2
            row = series.probabilities[np.abs(series.times - middle).argmin()]
            i = EMOTIONS.index(segment.emotion)
            height = row[:i].sum() + row[i] / 2 if is_stacked else row[i]
            labels.append(Label(middle, segment.emotion, float(height)))
    return labels


def _bits(film: Film, view: View) -> list[BitsLine]:
    timeline = film.recording.timeline
    if len(timeline.models) < 2:
        return []
    lines = []
    for track in view.tracks:
        times, bits = summary.disagreement(timeline, track)
        shown = (times >= view.part[0]) & (times <= view.part[1])
        if shown.any():
            lines.append(BitsLine(f"Face {track}", times[shown], bits[shown], timeline.step))
    return lines


def _marks(film: Film, part: tuple[float, float]) -> list[tuple[float, str]]:
    """Times and texts of the marks; notes are escaped, because Plotly's texts are HTML."""
    marks = sorted(film.recording.marks)
    texts = [str(number) for number in range(1, len(marks) + 1)]
    if len(marks) <= MAX_MARK_TEXTS:
        cut = [
            mark.note if len(mark.note) <= MARK_LENGTH else f"{mark.note[: MARK_LENGTH - 1]}…"
            for mark in marks
        ]
        texts = [f"{text} {note}".strip() for text, note in zip(texts, cut, strict=True)]
    return [
        (mark.time, str(tag("i", text)))
        for mark, text in zip(marks, texts, strict=True)
        if part[0] <= mark.time <= part[1]
    ]


def _choose() -> None:
    if points := st.session_state[CHART_KEY].selection.points:
        st.session_state[moment.TIME_KEY] = float(points[0]["x"])


def _smoothing_text(seconds: float) -> str:
    return f"Smoothed over {seconds:g} s." if seconds else "Not smoothed."


def _show_notes(film: Film, view: View, lanes: list[Lane]) -> None:
    """What is uncertain about the faces, and what the chart leaves out."""
    sentences = doubt_sentences(film, view.tracks)
    if sentences:
        shown = [tag("li", sentence) for sentence in sentences[:MAX_SENTENCES]]
        if rest := len(sentences) - MAX_SENTENCES:
            shown += [tag("li", f"And {rest:,} more times.")] * (rest > 0)
        st.html(tag("ul", concat(shown), class_="doubts"))
    notes = [
        "Click a lane to choose its time. A gap means that the face was not found, or that no "
        "frame was looked at."
    ]
    if view.smoothing:
        notes.append(
            f"Smoothed over {view.smoothing:g} s; this is a view: the numbers in the files stay "
            "raw."
        )
    if any(chart.is_thinned(lane.times) for lane in lanes):
        notes.append(
            f"At most about {chart.MAX_POINTS:,} answers per line are drawn, evenly among all; "
            "tables and files have them all."
        )
    st.caption(" ".join(notes))


def _rows(model_name: str, faces: Mapping[int, Series]) -> list[dict[str, Any]]:
    """All raw answers of a model about these faces, by number."""
    return [
        {"time": float(time), "face": track, "model": model_name}
        | dict(zip(EMOTIONS, map(float, row), strict=True))
        for track, series in faces.items()
        for time, row in zip(series.times, series.probabilities, strict=True)
    ]
