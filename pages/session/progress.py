"""Progress of a batch: one bar with the time left, a way to stop, and the latest answers."""

import math
import time
from collections import deque
from collections.abc import Callable

import streamlit as st

from fer_core import registry
from fer_core.reports.format import percent
from pages.session.photo import Photo
from pages.text.markup import table

LATEST_ROWS = 10  # of the answers so far
REFRESH_SECONDS = 1.0  # between two updates of them
MIN_STEPS, MIN_SECONDS = 3, 1.0  # before the time left is estimated


def time_left(done: int, total: int, seconds: float) -> str:
    """'about 12 s left' at the measured rate; empty before there is one, and at the end.

    Args:
        done: Steps that took `seconds`.
        total: All steps.
        seconds: Time so far.
    """
    if done < MIN_STEPS or seconds < MIN_SECONDS or done >= total:
        return ""
    left = seconds / done * (total - done)
    return (
        f"about {math.ceil(left)} s left" if left < 60 else f"about {math.ceil(left / 60)} min left"
    )


def queue_position(ahead: int) -> str:
    """'Queued: 2 tasks ahead of yours.'"""
    tasks = "task" if ahead == 1 else "tasks"
    return f"Queued: {ahead} {tasks} ahead of yours."


class Progress:
    """The bar of `total` equal steps, drawn where it is created."""

    def __init__(self, key: str, total: int, stop_label: str, on_stop: Callable[[], None]) -> None:
        """Draw the bar, and a button to stop if there are several steps.

        Args:
            key: Unique on the page.
            total: Number of steps.
            stop_label: Label of the button.
            on_stop: What it does; the page is run again afterwards. Streamlit keeps it, so it must
                not refer to photos.
        """
        self._total, self._done = total, 0
        self._start = self._shown = time.monotonic()
        self._latest: deque[tuple[str, int, str, str, str]] = deque(maxlen=LATEST_ROWS)
        self._place = st.empty()
        with self._place.container(key=f"progress-{key}"):
            self._bar = st.progress(0.0, text="Starting")
            if total > 1:
                st.button(stop_label, on_click=on_stop, key=f"stop-{key}")
            self._rows = st.empty()

    def show(self, message: str, ahead: int = 0) -> None:
        """Show what is being done, the time left, and the place in the queue."""
        left = time_left(self._done, self._total, time.monotonic() - self._start)
        text = f"{message}, {left}" if left else message
        text = f"{text}. {queue_position(ahead)}" if ahead else text
        self._bar.progress(self._done / self._total, text=text)

    def step(self, count: int = 1) -> None:
        """Count further steps as done."""
        self._done += count

    def answered(self, photo: Photo, model_name: str) -> None:
        """Add a photo's answers to the latest ones, which are drawn once a second."""
        title = registry.get_model_spec(model_name).title
        for number, answer in enumerate(photo.answers[model_name], 1):
            probability = percent(answer.probabilities[answer.emotion])
            self._latest.append((photo.name, number, title, answer.emotion, probability))
        if time.monotonic() - self._shown >= REFRESH_SECONDS:
            self._shown = time.monotonic()
            head = ("Latest answers", "Face", "Model", "Emotion", "Probability")
            self._rows.html(table(head, reversed(self._latest), "plain latest"))

    def close(self) -> None:
        """Remove everything from the page."""
        self._place.empty()
