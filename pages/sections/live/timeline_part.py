"""The part of the page Live that shows a recording: its lanes, tables, marks and files."""

import streamlit as st

from fer_core.registry import get_model_spec
from fer_core.text import counted
from pages.components import address, selectors
from pages.sections.live import downloads, film, lanes, marks, moment, tables
from pages.sections.live.film import Film
from pages.sections.live.view import MAX_SMOOTHING, VIEWS, View
from pages.session.recordings import Recording, session_recordings
from pages.style import STYLES
from pages.text.clock import clock
from pages.text.escape import clean_name, escape, escape_sentence

STYLE = STYLES / "timeline.css"
RECORDING_KEY = "live-recording"
SMOOTHING_STEP = 0.5  # seconds
MIN_PARTED = 60.0  # seconds of a film of which a part can be shown


@st.fragment
def show_recordings() -> None:
    """Draw the recordings of the visit, one at a time.

    Takes no recording: Streamlit keeps the arguments of a fragment, and recordings must be
    forgotten.
    """
    st.header("Timeline", anchor=False)
    recording = _choose_recording()
    if recording is None:
        film.forget()
        st.caption(
            "After Start, each face has a timeline here, with what every model says about it."
        )
        return
    timeline = recording.timeline
    _show_summary(recording)
    if timeline.error:
        st.warning(escape_sentence(timeline.error))
    if not timeline.frame_count:
        st.caption("No frame has been looked at yet.")
        return
    if not len(timeline):
        frames = counted(timeline.frame_count, "frame")
        st.info(f"No face was found in {frames}, so there is no timeline.")
        return
    if not timeline.models:
        st.info("No model has been asked about these faces, so there is no timeline.")
        return
    st.html(STYLE)
    _show_film(film.film_of(recording))


def _show_film(shown: Film) -> None:
    view = _choose_view(shown)
    chosen = moment.current_time(shown)
    lanes.show(shown, view, chosen)
    moment.show(shown, view)
    marks.show(shown, view)
    tables.show(shown, view)
    downloads.show(shown.recording, view)


def _choose_recording() -> Recording | None:
    """The chosen recording; at first, and when another one begins, the newest."""
    held = session_recordings()
    recordings = dict(held.recordings)
    if not recordings:
        return None
    if st.session_state.get("live-count", held.count) != held.count:
        st.session_state.pop(RECORDING_KEY, None)
        moment.forget()
    st.session_state["live-count"] = held.count
    numbers = sorted(recordings, reverse=True)
    if len(numbers) == 1:
        return recordings[numbers[0]]
    number = address.choose(
        st.selectbox,
        f"Recording ({len(numbers)})",
        numbers,
        key=RECORDING_KEY,
        param="recording",
        default=numbers[0],
        format_func=lambda number: f"{number}. {clean_name(recordings[number].timeline.title)}",
        on_change=moment.forget,
        width=400,
    )
    return recordings[number]


def _show_summary(recording: Recording) -> None:
    """One line with the recording's title and size, and the buttons for all of it."""
    timeline = recording.timeline
    parts = (
        clock(timeline.seconds),
        counted(timeline.frame_count, "frame"),
        counted(len(timeline.tracks), "face"),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{escape(timeline.title)}**: {', '.join(parts)}.")
        st.button("Refresh", icon=":material/refresh:", type="tertiary", key="live-refresh")
        with st.popover("Remove", icon=":material/delete:", type="tertiary"):
            st.markdown(
                "This deletes the recording’s answers, small faces and marks; nothing of it can "
                "be brought back. If it is still running, it ends."
            )
            if st.button("Remove this recording", key="live-remove"):
                session_recordings().remove(recording.number)
                moment.forget()
                st.rerun()  # the whole page: there is room for another recording


def _choose_view(shown: Film) -> View:
    models = list(shown.recording.timeline.models)
    default = selectors.current_model_name()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        model_name = address.choose(
            st.selectbox,
            "Model",
            models,
            key="live-model",
            param="model",
            default=default if default in models else models[0],
            format_func=lambda name: get_model_spec(name).title,
            width=300,
        )
        kind = address.choose_title("View", VIEWS, "live-view", param="view")
        smoothing = address.keep(
            lambda key: st.slider(
                "Smoothing, seconds",
                0.0,
                MAX_SMOOTHING,
                step=SMOOTHING_STEP,
                format="%.1f",
                key=key,
                width=220,
                persist_state="session",
                help="Each answer is shown as the mean of those around it. This is a view: the "
                "numbers in the files stay raw.",
            ),
            address.number_between(0, MAX_SMOOTHING),
            key="live-smoothing",
            param="smooth",
            default=0.0,
            to_text="{:g}".format,
        )
    return View(model_name, kind == "stacked", smoothing, _choose_faces(shown), _choose_part(shown))


def _choose_faces(shown: Film) -> list[int]:
    """Numbers of the faces that have a lane."""
    if len(shown.faces) <= lanes.MAX_LANES:
        return list(shown.faces)
    longest = shown.longest(lanes.MAX_LANES)
    chosen = address.choose_several(
        st.multiselect,
        f"Faces ({len(shown.faces)}; at first the {lanes.MAX_LANES} that were there the longest)",
        list(shown.faces),
        key="live-faces",
        param="faces",
        default=longest,
        max_selections=lanes.MAX_LANES,
    )
    return chosen or longest


def _choose_part(shown: Film) -> tuple[float, float]:
    """First and last second of the chart; of a long film it may be a part."""
    times = shown.recording.timeline.frame_times
    first, last = float(times[0]), float(times[-1])
    if last - first < MIN_PARTED:
        return first, last
    number = moment.time_between(first, last)

    def read(texts: list[str]) -> tuple[float, float]:
        low, high = (number([text]) for text in texts[-1].split("-"))
        if low >= high:
            raise ValueError(texts)
        return low, high

    def draw(key: str) -> tuple[float, float]:
        part: tuple[float, float] = st.slider(
            "Part of the film in the chart, seconds",
            first,
            last,
            (first, last),
            step=1.0,
            format="%.0f",
            key=key,
            help="Only the chart changes; the tables are about the whole film.",
        )
        return part if part[0] < part[1] else (first, last)

    return address.keep(
        draw,
        read,
        key=f"live-part-{shown.recording.number}-{shown.frames}",
        param=moment.PART_PARAM,
        default=(first, last),
        to_text=lambda part: "-".join(map(moment.time_text, part)),
    )
