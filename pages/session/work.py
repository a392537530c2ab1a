"""Long-running work of the pages, queued with other visitors' work and shown with progress.

Reads waiting files and runs models on the session's faces.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

import streamlit as st

from fer_core import pipeline, registry
from fer_core.errors import WeightsError
from pages.runtime.event_log import log_event, timer
from pages.runtime.settings import settings
from pages.runtime.work_queue import QUEUE
from pages.session import photos
from pages.session.photo import Photo
from pages.session.progress import Progress, queue_position

T = TypeVar("T")


def read_inbox(model_name: str | None = None) -> None:
    """Read every waiting file.

    Files for which there is no room are left out.

    Args:
        model_name: Model that answers each photo as soon as it is read, if any.
    """
    session = photos.session_photos()
    total = len(session.inbox)
    progress = Progress("reading", total, "Stop here", photos.pause_reading)
    while session.inbox:
        name, _ = session.inbox[0]
        message = f"Detecting faces: photo {total - len(session.inbox) + 1} of {total}"
        progress.show(message)
        with timer() as clock:
            key = session.read_next(partial(QUEUE.run, on_wait=partial(progress.show, message)))
        progress.step()
        if key is None:
            session.left_out.add([name], photos.full_reason())
            continue
        photo = session.album.get(key)
        if photo is None:
            break  # the next run of the page has cleared the photos
        log_event("photo", ms=clock.ms, faces=len(photo.faces), refused=photo.error is not None)
        if model_name is not None and _is_waiting(photo, model_name):
            try:
                _run_model(model_name, photo, progress, message)
            except WeightsError:
                model_name = None  # `run_models` reports it
    progress.close()


def run_models(model_names: Sequence[str]) -> list[str]:
    """Run each model on all faces it has no answer for.

    A model whose weights cannot be loaded is reported on the page. A visitor can stop the work, and
    continue it later.

    Returns:
        The names of those that have answered all photos; if the work was stopped before the first
        one had, of those that have answered some.
    """
    session = photos.session_photos()
    waiting = {name: _waiting_photos(name) for name in model_names}
    total = sum(map(len, waiting.values()))
    if total and session.paused == tuple(model_names):
        return _show_paused(waiting, total)
    session.paused = ()
    if not total:
        return list(model_names)
    progress = Progress("running", total, "Stop here", partial(_pause, model_names))
    completed = []
    unfinished = [name for name, model_photos in waiting.items() if model_photos]
    for model_name, model_photos in waiting.items():
        title = registry.get_model_spec(model_name).title
        place = ""
        if len(unfinished) > 1 and model_photos:
            place = f", model {unfinished.index(model_name) + 1} of {len(unfinished)}"
        try:
            for i, photo in enumerate(model_photos):
                message = f"Running {title}: photo {i + 1} of {len(model_photos)}{place}"
                _run_model(model_name, photo, progress, message)
                progress.step()
            completed.append(model_name)
        except WeightsError as error:
            progress.step(sum(_is_waiting(photo, model_name) for photo in model_photos))
            st.error(f"{title}: {error}")
    progress.close()
    return completed


def _is_waiting(photo: Photo, model_name: str) -> bool:
    return model_name not in photo.answers and len(photo.chips) > 0


def _waiting_photos(model_name: str) -> list[Photo]:
    return [photo for photo in photos.album().values() if _is_waiting(photo, model_name)]


def _pause(model_names: Sequence[str]) -> None:
    photos.session_photos().paused = tuple(model_names)


def _resume() -> None:
    photos.session_photos().paused = ()


def _show_paused(waiting: dict[str, list[Photo]], total: int) -> list[str]:
    """Say how much is missing, with a button to continue; return the models to show."""
    answers = "answer is" if total == 1 else "answers are"
    st.info(f"You stopped the work: {total:,} {answers} still missing.")
    st.button("Continue", on_click=_resume, key="continue")
    complete = [name for name, model_photos in waiting.items() if not model_photos]
    album = photos.album().values()
    return complete or [name for name in waiting if any(name in p.answers for p in album)]


def _run_model(model_name: str, photo: Photo, progress: Progress, message: str) -> None:
    show = partial(progress.show, message)
    show()

    def run() -> None:  # keeps its result itself: a click may end the wait
        known = dict(photo.answers)  # a copy: a task that a click left behind may still add to it
        answers = pipeline.classify_chips(
            photo.chips, [model_name], known, precision=settings().precision
        )
        photo.answers[model_name] = [answer[model_name] for answer in answers]

    with timer() as clock:
        QUEUE.run(run, show)
    log_event("answer", model_name=model_name, ms=clock.ms, faces=len(photo.faces))
    progress.answered(photo, model_name)


@contextmanager
def spinner(message: str) -> Iterator[Callable[[Callable[[], T]], T]]:
    """Show a spinner with `message` and yield `run`: it queues a task and returns its result.

    A task keeps its result itself: if the visitor clicks meanwhile, the script ends before it.
    """
    note = st.empty()

    def show_position(ahead: int) -> None:
        if ahead:
            note.caption(queue_position(ahead))
        else:
            note.empty()

    with st.spinner(message):
        yield lambda task: QUEUE.run(task, show_position)
