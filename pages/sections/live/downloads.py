"""A recording's files: tables of all frames, and cues for players and annotation tools."""

from collections.abc import Callable

import streamlit as st

from fer_core.registry import get_model_spec
from fer_core.reports.export import CSV_ENCODING
from fer_core.reports.timeline.cues import timeline_to_elan, timeline_to_vtt
from fer_core.reports.timeline.frames import timeline_to_csv, timeline_to_jsonl
from pages.components import downloads
from pages.sections.live.view import View
from pages.session.recordings import Recording


def show(recording: Recording, view: View) -> None:
    """Draw one button for each kind of file; a file is made on a click."""
    st.subheader("Download", anchor=False)
    timeline, smoothing = recording.timeline, view.smoothing
    files: tuple[tuple[str, str, Callable[[], str | bytes]], ...] = (
        ("CSV", ".csv", lambda: timeline_to_csv(timeline).encode(CSV_ENCODING)),
        ("JSON lines", ".jsonl", lambda: timeline_to_jsonl(timeline)),
        ("WebVTT", ".vtt", lambda: timeline_to_vtt(timeline, view.model_name, smoothing)),
        ("ELAN", ".txt", lambda: timeline_to_elan(timeline, recording.marks, smoothing)),
    )
    with st.container(horizontal=True):
        for label, ending, make in files:
            name = downloads.dated("timeline", ending)
            downloads.button(label, make, name, f"live-file{ending}")
    cues = f"smoothed over {smoothing:g} s" if smoothing else "not smoothed"
    st.caption(
        "CSV and JSON lines have every frame, face and model, as answered. WebVTT has subtitles "
        f"with the leading emotion by {get_model_spec(view.model_name).title}; ELAN has a tier "
        f"for each face and model, and the marks. The stretches of these two are {cues}, as above."
    )
