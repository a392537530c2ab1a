"""Tables of a recording: each emotion's share of the time, and when the leading one changes."""

import pandas as pd
import streamlit as st
from markupsafe import Markup

from fer_core.emotions import COLOURS, EMOTIONS
from fer_core.registry import get_model_spec
from fer_core.reports.format import percent
from fer_core.text import counted
from fer_core.video import summary
from pages.components import address, print_out
from pages.sections.live.film import Film
from pages.sections.live.lanes import shown_series
from pages.sections.live.view import View
from pages.text.clock import clock
from pages.text.markup import concat, table, tag

PROBABILITY = "Mean probability"
MAX_LEAST = 10.0  # seconds
COLUMNS = {
    "From": st.column_config.NumberColumn(format="%.2f s"),
    "To": st.column_config.NumberColumn(format="%.2f s"),
    "Duration": st.column_config.NumberColumn(format="%.2f s"),
    PROBABILITY: st.column_config.NumberColumn(format="%.1f %%"),
}


def show(film: Film, view: View) -> None:
    """Draw both tables, of the faces that have a lane."""
    st.subheader("Share of time", anchor=False)
    st.html(shares_table(film, view))
    if film.frames == 1:
        st.caption("One frame has no duration, so there is no share.")
    st.caption(
        f"By the leading emotion of {get_model_spec(view.model_name).title}, without smoothing, "
        "while the face was there and the model was asked. Frames are not independent of each "
        "other: a second shows nearly the same face many times. So no interval or test is given, "
        "and this describes the film only."
    )
    st.subheader("Changes of the leading emotion", anchor=False)
    _show_changes(film, view)


def shares_table(film: Film, view: View) -> Markup:
    """HTML: one row per emotion and one column per face, and of how much time these are shares."""
    series = {
        track: film.recording.timeline.series(track, view.model_name) for track in view.tracks
    }
    shares = {track: summary.shares(each) for track, each in series.items()}
    seconds = [summary.durations(each.times, each.step).sum() for each in series.values()]
    head = ("", *(f"Face {track}" for track in view.tracks))
    seen = ("was asked about for", *(clock(float(each)) for each in seconds))
    rows = [
        (emotion, *(_share(shares[track].get(emotion), emotion) for track in view.tracks))
        for emotion in EMOTIONS
    ]
    caption = "Share of time by leading emotion, for each face"
    return table(head, [seen, *rows], "plain time-shares", caption)


def changes(film: Film, view: View) -> pd.DataFrame:
    """The stretches in which one emotion leads, as the view smooths them, in order of time."""
    rows = [
        {
            "Face": track,
            "From": each.start,
            "To": each.end,
            "Duration": each.end - each.start,
            "Emotion": each.emotion,
            PROBABILITY: 100 * each.probability,
        }
        for track in view.tracks
        for each in summary.segments(shown_series(film, view, track))
    ]
    return pd.DataFrame(
        rows, columns=["Face", "From", "To", "Duration", "Emotion", PROBABILITY]
    ).sort_values(["From", "Face"], ignore_index=True)


def _show_changes(film: Film, view: View) -> None:
    least = address.keep(
        lambda key: float(
            st.number_input(
                "Leave out stretches shorter than, seconds",
                0.0,
                MAX_LEAST,
                step=0.1,
                format="%.1f",
                key=key,
                width=300,
                persist_state="session",
            )
        ),
        address.number_between(0, MAX_LEAST),
        key="live-least",
        param="least",
        default=0.0,
        to_text="{:g}".format,
    )
    everything = changes(film, view)
    shown = everything[everything["Duration"] >= least - 1e-9]
    if not shown.empty:
        st.dataframe(
            shown,
            hide_index=True,
            column_config=COLUMNS,
            key="live-changes",
            alt="When the leading emotion of each face changes",
        )
        print_out.show_table(shown, COLUMNS)
    left_out = len(everything) - len(shown)
    smoothing = f"smoothed over {view.smoothing:g} s" if view.smoothing else "not smoothed"
    text = f"{counted(len(shown), 'stretch', 'stretches')}, {smoothing}."
    st.caption(text + (f" {left_out:,} shorter ones are left out." if left_out else ""))


def _share(share: float | None, emotion: str) -> Markup:
    """HTML: a share with its bar."""
    if share is None:
        return Markup("–")
    style = f"--share:{share:.4f};--emotion:{COLOURS[emotion]}"
    return concat((percent(share), tag("span", class_="time-share", style=style)))
