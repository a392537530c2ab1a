"""FIFO queue for all visitors' work on photos, executed by a few threads.

A visitor with two hundred photos queues once per photo, so that a visitor with a single photo waits
for one task, not for a whole album.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Lock
from typing import Any, TypeVar

from pages.runtime.settings import settings

T = TypeVar("T")
POLL_SECONDS = 0.25  # between two reports of the number of tasks ahead, at the head of the queue
POLL_SECONDS_PER_TASK = 0.02  # more for each task ahead: reports to a long queue would slow it down
MAX_POLL_SECONDS = 1.0


class WorkQueue:
    """A pool of `workers` threads, which bounds the number of concurrent tasks and their memory."""

    def __init__(self, workers: int) -> None:
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="work")
        self._tasks: list[Future[Any]] = []  # running or waiting, in order of arrival
        self._lock = Lock()

    def run(self, task: Callable[[], T], on_wait: Callable[[int], None]) -> T:
        """Queue `task`, wait for it, and return its result.

        Args:
            task: The work. Once it has started it runs to its end.
            on_wait: Called repeatedly until the task is done, with the number of tasks ahead, 0
                once it runs. An exception from it ends the wait; that is how a visitor's click or
                leaving does. A waiting task is removed then, while one that runs goes on: it must
                keep its own result.

        Raises:
            CancelledError: If the queue is stopped before the task starts.
            BaseException: Whatever `task` or `on_wait` raises.
        """
        future = self.submit(task)
        ahead = self._ahead(future)
        try:
            while not future.done():  # `wait` alone would miss tasks that `stop` drops
                wait([future], min(POLL_SECONDS + POLL_SECONDS_PER_TASK * ahead, MAX_POLL_SECONDS))
                ahead = self._ahead(future)
                if not future.done():
                    on_wait(ahead)
            return future.result()
        finally:
            future.cancel()

    def submit(self, task: Callable[[], T]) -> Future[T]:
        """Queue `task` and return at once; to cancel the future takes a waiting task out."""
        with self._lock:
            future = self._threads.submit(task)
            self._tasks.append(future)
        future.add_done_callback(self._forget)
        return future

    @property
    def length(self) -> int:
        """Number of tasks running or waiting."""
        with self._lock:
            return sum(not future.done() for future in self._tasks)

    def stop(self) -> None:
        """Drop waiting tasks; running ones finish."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _forget(self, future: Future[Any]) -> None:
        with self._lock:
            self._tasks.remove(future)

    def _ahead(self, future: Future[Any]) -> int:
        """Number of unfinished tasks before this one; 0 once it runs."""
        with self._lock:
            if future.running() or future.done():
                return 0
            before = self._tasks[: self._tasks.index(future)]
            return sum(not other.done() for other in before)


QUEUE = WorkQueue(settings().workers)
