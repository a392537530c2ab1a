"""One moment of a recording: the faces that were there, and what all models say about them."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.registry import get_model_spec
from fer_core.reports import drawing
from fer_core.reports.format import percent
from fer_core.text import counted
from fer_core.video.summary import vote_entropy
from pages.charts import emotion_bars, theme
from pages.components import address, face_quality
from pages.sections.live.film import Film
from pages.sections.live.view import View
from pages.text.clock import clock
from pages.text.markup import table

TIME_KEY = "live-time"
PART_PARAM = "part"  # of the film that the chart shows, in the address
CARD_WIDTH = 330  # px
MAX_CARDS = 6


def current_time(film: Film) -> float:
    """The chosen time in seconds; shows the field for it."""
    times = film.recording.timeline.frame_times
    first, last = float(times[0]), float(times[-1])
    if TIME_KEY in st.session_state:  # another recording may be shorter
        chosen = st.session_state[TIME_KEY]
        st.session_state[TIME_KEY] = float(np.clip(chosen, first, last))
    return address.keep(
        lambda key: float(
            st.number_input(
                "Time, seconds",
                first,
                last,
                step=0.1,
                format="%.2f",
                key=key,
                width=180,
                persist_state="session",
                help="Of the moment whose faces are shown below the chart.",
            )
        ),
        time_between(first, last),
        key=TIME_KEY,
        param="t",
        default=first,
        to_text=time_text,
    )


def time_text(seconds: float) -> str:
    """A time of the film as in the address, to the millisecond."""
    return f"{seconds:.3f}".rstrip("0").rstrip(".")


def time_between(first: float, last: float) -> Callable[[list[str]], float]:
    """Read a time of the film from the address, where it is rounded; raises `ValueError`."""
    number = address.number_between(first - 0.001, last + 0.001)
    return lambda texts: float(np.clip(number(texts), first, last))


def forget() -> None:
    """Choose no time and no part of the film, for another recording."""
    st.session_state.pop(TIME_KEY, None)
    st.query_params.pop(PART_PARAM, None)


def show(film: Film, view: View) -> None:
    """Draw a card for each face of the frame that is nearest to the chosen time."""
    timeline = film.recording.timeline
    times = timeline.frame_times
    time = float(times[np.abs(times - st.session_state[TIME_KEY]).argmin()])
    st.subheader(f"At {clock(time)}", anchor=False)
    present = [track for track, face in film.faces.items() if time in face.times]
    if not present:
        st.caption("No face was found in this frame.")
        return
    cards = st.container(horizontal=True)
    for track in present[:MAX_CARDS]:
        with cards.container(border=True, width=CARD_WIDTH, key=f"live-face-{track}"):
            _card(film, view, track, time)
    if len(present) > MAX_CARDS:
        st.caption(f"The frame has {counted(len(present) - MAX_CARDS, 'more face')}.")


def answers_at(film: Film, track: int, time: float) -> dict[str, np.ndarray]:
    """What each model that was asked said about a face in a frame: (7,) probabilities by model."""
    answers = {}
    for name in film.recording.timeline.models:
        times, rows, _ = film.recording.timeline.series(track, name)
        place = np.searchsorted(times, time)
        if place < len(times) and times[place] == time:
            answers[name] = rows[place]
    return answers


def _card(film: Film, view: View, track: int, time: float) -> None:
    st.markdown(f"**Face {track}**")
    if (kept := film.recording.timeline.chip_at(track, time)) is not None:
        st.image(
            drawing.enlarge_chip(kept[1]),
            width=120,
            caption=f"kept at {clock(kept[0])}",
            alt=f"Face {track} as the models see it, 48 by 48 greyscale pixels",
        )
        face_quality.show(face_quality.describe_chip(kept[1]))
    answers = answers_at(film, track, time)
    if view.model_name in answers:
        row = dict(zip(EMOTIONS, map(float, answers[view.model_name]), strict=True))
        title = get_model_spec(view.model_name).title
        st.plotly_chart(
            emotion_bars.bars(row, axis_end=1.3),  # the card is narrow
            key=f"live-bars-{track}",
            config=theme.STATIC,
            alt=theme.alt_text(f"Face {track} at {clock(time)}, {title}", row),
        )
    if len(answers) > 1:
        rows = [
            (get_model_spec(name).title, f"{EMOTIONS[row.argmax()]} {percent(float(row.max()))}")
            for name, row in answers.items()
        ]
        st.html(table(("Model", "Answer"), rows, caption=f"All models about face {track}"))
        bits = vote_entropy(np.array([row.argmax() for row in answers.values()]))
        st.caption(f"Disagreement of the {len(answers)} models: {bits:.2f} bits.")
