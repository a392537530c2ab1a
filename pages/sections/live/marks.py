"""Marks of a recording: add, change and delete them, and what happened after each."""

import streamlit as st

from fer_core.registry import get_model_spec
from fer_core.reports.format import percent
from fer_core.video import summary
from fer_core.video.marks import MAX_MARKS, MAX_NOTE, Mark, sections
from pages.components import address
from pages.sections.live import moment
from pages.sections.live.film import Film
from pages.sections.live.view import View
from pages.session.recordings import Recording, session_recordings
from pages.text.clock import clock
from pages.text.markup import table

NOTE_KEY, CHANGED_KEY, CHOICE_KEY = "live-note", "live-changed-note", "live-mark"


def show(film: Film, view: View) -> None:
    """Draw the form for a new mark, and the marks with the shares of the time after each."""
    recording = film.recording
    st.subheader("Marks", anchor=False)
    is_running = session_recordings().running is not None
    with (
        st.form("live-new-mark", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.text_input("Note", key=NOTE_KEY, max_chars=MAX_NOTE, autocomplete="off", width=400)
        st.form_submit_button(
            "Mark now" if is_running else f"Mark {clock(st.session_state[moment.TIME_KEY])}",
            icon=":material/flag:",
            key="live-add-mark",
            shortcut="m",
            on_click=_add,
            args=(recording.number,),
            disabled=len(recording.marks) >= MAX_MARKS,
        )
    if not recording.marks:
        st.caption("A mark divides the film: each section has its own shares of time.")
        return
    _show_sections(film, view)
    with st.expander("Change a mark"):
        _show_change(recording)


def clean_note(note: str) -> str:
    """A note on one line, without characters that cannot be printed."""
    return "".join(c for c in " ".join(note.split()) if c.isprintable())[:MAX_NOTE]


def section_rows(film: Film, view: View, track: int) -> list[tuple[str, ...]]:
    """One row per mark: its number, the time until the next one, its note, and the shares."""
    recording = film.recording
    series = recording.timeline.series(track, view.model_name)
    rows: list[tuple[str, ...]] = []
    for number, part in enumerate(sections(recording.marks, recording.timeline.end), 1):
        shares = summary.shares(series, part.start, part.end)
        texts = [
            f"{emotion} {percent(share)}"
            for emotion, share in sorted(shares.items(), key=lambda item: -item[1])
            if share
        ]
        stretch = f"{clock(part.start)} – {clock(part.end)}"
        rows.append((str(number), stretch, part.note, ", ".join(texts) or "–"))
    return rows


def _show_sections(film: Film, view: View) -> None:
    track = view.tracks[0]
    if len(view.tracks) > 1:
        track = address.choose(
            st.segmented_control,
            "Face",
            view.tracks,
            key="live-section-face",
            param="face",
            default=view.tracks[0],
        )
    head = ("Mark", "Time", "Note", f"Face {track}, share of time")
    caption = f"Marks, and the share of each emotion until the next, face {track}"
    st.html(table(head, section_rows(film, view, track), "plain marks", caption))
    st.caption(
        f"From each mark to the next one, by the leading emotion of "
        f"{get_model_spec(view.model_name).title}, while face {track} was there."
    )


def _show_change(recording: Recording) -> None:
    """Draw a choice of a mark, the field for its note, and the button that deletes it."""
    marks = sorted(recording.marks)
    if st.session_state.get(CHOICE_KEY) not in range(len(marks)):
        st.session_state[CHOICE_KEY] = 0
    place = st.selectbox(
        "Mark",
        range(len(marks)),
        key=CHOICE_KEY,
        format_func=lambda i: f"{i + 1}. {clock(marks[i].time)} {marks[i].note}",
    )
    mark = marks[place]
    key = f"{CHANGED_KEY}-{recording.number}-{mark.time}-{mark.note}"
    arguments = (recording.number, mark, key)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Its note",
            mark.note,
            key=key,
            max_chars=MAX_NOTE,
            autocomplete="off",
            width=400,
            on_change=_change,
            args=arguments,
        )
        st.button(
            "Delete this mark",
            icon=":material/delete:",
            key="live-delete-mark",
            on_click=_replace,
            args=(recording.number, mark, None),
        )


def _add(number: int) -> None:
    """Mark the chosen moment; while a camera or film is running, this moment of it."""
    held = session_recordings()
    recording, time = held.recordings.get(number), float(st.session_state[moment.TIME_KEY])
    if held.running is not None:
        recording, time = held.running, held.running.timeline.last_time
    if recording is not None and len(recording.marks) < MAX_MARKS:
        recording.marks.append(Mark(time, clean_note(st.session_state[NOTE_KEY])))
    st.session_state[NOTE_KEY] = ""


def _change(number: int, mark: Mark, key: str) -> None:
    _replace(number, mark, mark._replace(note=clean_note(st.session_state[key])))


def _replace(number: int, mark: Mark, by: Mark | None) -> None:
    """Replace a mark, or delete it; it may be gone already."""
    recording = session_recordings().recordings.get(number)
    if recording is None or mark not in recording.marks:
        return
    recording.marks.remove(mark)
    if by is not None:
        recording.marks.append(by)
