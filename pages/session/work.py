"""Long-running work of the pages, queued with other visitors' work and shown with progress.

Reads waiting files and runs models on the session's faces.
"""

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
    """Read every waiting file; the first new photo becomes the selected one.

    Files for which there is no room are counted in the session.
    """
    session = photos.session_photos()
    total = len(session.inbox)
    if not total:
        return
    bar = st.progress(0.0, text="Detecting faces")
    if total > 1:
        st.button("Skip the rest", on_click=session.inbox.clear, key="skip")
    first_key = None
    while session.inbox:
        done = total - len(session.inbox)
        message = f"Detecting faces: photo {done + 1} of {total}"
        show = partial(_show_progress, bar, done / total, message)
        show(0)
        with timer() as clock:
            key = session.read_next(partial(QUEUE.run, on_wait=show))
        if key is None:
            session.not_read += 1
            session.not_read_reason = photos.full_reason()
            continue
        photo = session.album[key]
        log_event("photo", ms=clock.ms, faces=len(photo.faces), refused=photo.error is not None)
        if photo.error is None:
            first_key = first_key or key
    if first_key is not None:
        st.session_state["photo"] = first_key


def run_models(model_names: Sequence[str]) -> list[str]:
    """Run each model on all faces it has no answer for; return the names of those that ran.

    A model whose weights cannot be loaded is reported on the page.
    """
    completed = []
    for model_name in model_names:
        waiting = [
            photo
            for photo in photos.album().values()
            if model_name not in photo.answers and len(photo.chips)
        ]
        title = registry.get_model_spec(model_name).title
        bar = st.progress(0.0, text=f"Running {title}") if waiting else None
        try:
            for i, photo in enumerate(waiting):
                assert bar is not None
                message = f"Running {title}: photo {i + 1} of {len(waiting)}"
                _run_model(
                    model_name, photo, partial(_show_progress, bar, i / len(waiting), message)
                )
            completed.append(model_name)
        except WeightsError as error:
            st.error(f"{title}: {error}")
        if bar is not None:
            bar.empty()
    return completed


def _run_model(model_name: str, photo: Photo, show: Callable[[int], None]) -> None:
    show(0)
    with timer() as clock:
        answers = QUEUE.run(lambda: pipeline.classify_chips(photo.chips, [model_name]), show)
    photo.answers[model_name] = [answer[model_name] for answer in answers]
    log_event("answer", model_name=model_name, ms=clock.ms, faces=len(answers))


@contextmanager
def spinner(message: str) -> Iterator[Callable[[Callable[[], T]], T]]:
    """Show a spinner with `message` and yield `run`: it queues a task and returns its result.

    Store the result inside the `with` block: if the visitor has clicked meanwhile, the script is
    interrupted at the block's end.
    """
    note = st.empty()

    def show_position(ahead: int) -> None:
        if ahead:
            note.caption(_queue_position(ahead))
        else:
            note.empty()

    with st.spinner(message):
        yield lambda task: QUEUE.run(task, show_position)


def _show_progress(bar: DeltaGenerator, fraction: float, message: str, ahead: int) -> None:
    bar.progress(fraction, text=f"{message}. {_queue_position(ahead)}" if ahead else message)


def _queue_position(ahead: int) -> str:
    tasks = "task" if ahead == 1 else "tasks"
    return f"Queued: {ahead} {tasks} ahead of yours."
