"""Loads in the background what the first heat map needs, so that no visitor waits for it.

A first map takes seconds, most of them for torch and the network. Both are loaded once a visitor
has a photo, while the work queue is empty, if the network fits into the memory for models.
"""

import time
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from threading import Thread

import numpy as np

from fer_core.errors import FerError
from fer_core.explain import METHODS, explain
from fer_core.explain.networks import is_loaded
from fer_core.models.cache import MODEL_CACHE, memory_bytes
from fer_core.registry import MODELS
from pages.runtime.event_log import log_event, timer
from pages.runtime.settings import settings
from pages.runtime.work_queue import QUEUE

IDLE_SECONDS = 0.5  # that the work queue must have been empty


class Preloader:
    """Loads the networks of requested models, one after the other, on a thread of its own."""

    def __init__(
        self,
        load: Callable[[str], None],
        is_loaded: Callable[[str], bool],
        is_busy: Callable[[], bool],
    ) -> None:
        self._load, self._is_loaded, self._is_busy = load, is_loaded, is_busy
        self._requests: SimpleQueue[str | None] = SimpleQueue()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin to load; requests before that are dropped, as in tests of single pages."""
        self._thread = Thread(target=self._work, name="preload", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Load nothing more; what is being loaded is finished by the thread."""
        self._requests.put(None)

    def request(self, model_name: str) -> None:
        """Load what heat maps of this model need, when there is nothing else to do."""
        if self._thread is not None and not self._is_loaded(model_name):
            self._requests.put(model_name)

    def _work(self) -> None:
        while (model_name := self._requests.get()) is not None:
            idle_since = time.monotonic()
            while time.monotonic() - idle_since < IDLE_SECONDS:
                time.sleep(IDLE_SECONDS / 5)
                if self._is_busy():
                    idle_since = time.monotonic()
            if not self._is_loaded(model_name):
                self._load(model_name)


def load(model_name: str) -> None:
    """Compute one map of an empty face, unless the networks exceed the memory for models."""
    method = next(
        (name for name, method in METHODS.items() if model_name in method.model_names), ""
    )
    if not method:  # an operator's own model
        return
    missing = [MODELS[name] for name in networks(model_name) if not is_loaded(name)]
    needed = sum(map(memory_bytes, missing)) + sum(MODEL_CACHE.sizes.values())
    if needed > settings().model_mb * 10**6:
        return
    try:
        with timer() as clock:
            explain(model_name, np.zeros((1, 48, 48), np.uint8), "happy", method)
    except FerError:
        return  # the page says why, when a map is asked for
    log_event("preload", model_name=model_name, ms=clock.ms)


def are_loaded(model_name: str) -> bool:
    """Whether heat maps of this model need nothing more."""
    return all(map(is_loaded, networks(model_name)))


def networks(model_name: str) -> Sequence[str]:
    """Names of the models whose networks the heat maps of this model use."""
    return MODELS[model_name].members or (model_name,)


PRELOADER = Preloader(load, are_loaded, lambda: QUEUE.length > 0)
