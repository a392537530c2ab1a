"""The long work of the pages: reading waiting files and asking models, in line with other visitors'
work, with progress."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fer_core import pipeline, registry
from fer_core.errors import WeightsError
from pages.runtime.event_log import log_event, timer
from pages.runtime.work_queue import QUEUE
from pages.session import photos
from pages.session.photos import Photo

T = TypeVar("T")


def read_inbox() -> None:
    """Read every waiting file; the first new photo becomes the one on show."""
    held = photos.session_photos()
    total = len(held.inbox)
    if not total:
        return
    bar = st.progress(0.0, text="Looking for faces")
    first, left_out, full = None, 0, ""
    while held.inbox:
        done = total - len(held.inbox)
        doing = f"Looking for faces: photo {done + 1} of {total}"
        show = partial(_progress, bar, done / total, doing)
        show(0)
        with timer() as clock:
            key = held.read_next(partial(QUEUE.run, waiting=show))
        if key is None:
            left_out, full = left_out + 1, full or photos.full_reason()
            continue
        photo = held.album[key]
        log_event("photo", ms=clock.ms, faces=len(photo.faces), refused=photo.error is not None)
        if photo.error is None:
            first = first or key
    bar.empty()
    if first is not None:
        st.session_state["photo"] = first
    if left_out:
        st.warning(f"Photos left out: {left_out}, because {full}")


def run_models(names: Sequence[str]) -> list[str]:
    """Have the named models answer every face they have not seen; those that could, by name."""
    willing = []
    for name in names:
        waiting = [
            photo
            for photo in photos.album().values()
            if name not in photo.answers and len(photo.chips)
        ]
        title = registry.get_model_spec(name).title
        bar = st.progress(0.0, text=f"Asking {title}") if waiting else None
        try:
            for i, photo in enumerate(waiting):
                assert bar is not None
                doing = f"Asking {title}: photo {i + 1} of {len(waiting)}"
                _ask(name, photo, partial(_progress, bar, i / len(waiting), doing))
            willing.append(name)
        except WeightsError as error:
            st.error(f"{title}: {error}")
        if bar is not None:
            bar.empty()
    return willing


def _ask(name: str, photo: Photo, show: Callable[[int], None]) -> None:
    show(0)
    with timer() as clock:
        told = QUEUE.run(lambda: pipeline.classify_chips(photo.chips, [name]), show)
    photo.answers[name] = [answers[name] for answers in told]
    log_event("answer", model_name=name, ms=clock.ms, faces=len(told))


@contextmanager
def spinner(doing: str) -> Iterator[Callable[[Callable[[], T]], T]]:
    """Says `doing` and gives `run`: what `run(task)` gives was done in line with others' work.

    Put away what was found inside the `with`: whoever clicks meanwhile ends the script at its end.
    """
    note = st.empty()

    def say(ahead: int) -> None:
        if ahead:
            note.caption(_place(ahead))
        else:
            note.empty()

    with st.spinner(doing):
        yield lambda task: QUEUE.run(task, say)


def _progress(bar: DeltaGenerator, share: float, doing: str, ahead: int) -> None:
    bar.progress(share, text=f"{doing}. {_place(ahead)}" if ahead else doing)


def _place(ahead: int) -> str:
    pieces = "piece" if ahead == 1 else "pieces"
    return f"Waiting for other visitors: {ahead} {pieces} of work first."
