"""One line for all visitors' work on photos: a few pieces at a time, first come, first served.

A visitor with two hundred photos stands in line again for each, so that one with a single photo
waits for a piece of work, not for an album.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Lock
from typing import Any, TypeVar

from pages.runtime.settings import settings

T = TypeVar("T")
POLL_SECONDS = 0.25


class WorkQueue:
    """`workers` threads that do the work, so that their number and memory stay bounded."""

    def __init__(self, workers: int) -> None:
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="work")
        self._line: list[Future[Any]] = []  # in order of arrival; being done or waiting
        self._lock = Lock()

    def run(self, task: Callable[[], T], waiting: Callable[[int], None]) -> T:
        """What `task` gives, or raises, once its turn has come.

        Until then `waiting` is told again and again how many pieces of work come before it, and 0
        once when it starts after a wait. What `waiting` raises takes the task out of the line,
        which is how a visitor's click or leave reaches it. A task that has begun is finished.
        """
        with self._lock:
            future = self._threads.submit(task)
            self._line.append(future)
        waited = False
        try:
            while not future.done():  # `wait` alone would not notice what `stop` drops
                wait([future], POLL_SECONDS)
                if ahead := self._ahead(future):
                    waited = True
                    waiting(ahead)
                elif waited:
                    waited = False
                    waiting(0)
            return future.result()
        finally:
            future.cancel()
            with self._lock:
                self._line.remove(future)

    @property
    def length(self) -> int:
        """Pieces of work being done or waiting."""
        with self._lock:
            return sum(not future.done() for future in self._line)

    def stop(self) -> None:
        """Drops what waits; what has begun is finished."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _ahead(self, future: Future[Any]) -> int:
        """Unfinished pieces of work before this one; 0 once it is being done itself."""
        with self._lock:
            if future.running() or future.done():
                return 0
            before = self._line[: self._line.index(future)]
            return sum(not other.done() for other in before)


QUEUE = WorkQueue(settings().workers)
