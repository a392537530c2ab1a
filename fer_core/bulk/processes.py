"""Classify many photos in this process or in several, batch by batch."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import connection

from fer_core.answers import PhotoAnswers
from fer_core.bulk.job import Job
from fer_core.imaging.photo_file import PhotoFile

WAITING_PER_WORKER = 2  # batches handed out: one in work, one waiting
CRASHED = (
    "The process that read this photo ended unexpectedly, twice: it was killed, or memory is short."
)
Batch = Sequence[PhotoFile]


def classify_batches(
    batches: Iterable[Batch], job: Job, workers: int
) -> Iterator[list[PhotoAnswers]]:
    """Classify photos batch by batch; `job.prepare` has shown that the models can be loaded.

    Args:
        batches: The photos; taken as needed, so there may be any number.
        job: What is asked about each.
        workers: Processes with one thread each; 1 stands for this process, with its threads.

    Yields:
        The answers about each batch. Several processes finish in any order. A photo whose process
        ends unexpectedly is tried once more; if that one ends too, it gets an `error`.

    Raises:
        WeightsError: The weights of a model or of the detector are missing or damaged.
    """
    if workers == 1:
        yield from map(job.classify, batches)
        return
    batches = iter(batches)
    crashed: list[Batch] | None = []
    while crashed is not None:
        yield from _one_by_one([photo for batch in crashed for photo in batch], job)
        crashed = yield from _until_crash(batches, job, workers)


def _until_crash(
    batches: Iterator[Batch], job: Job, workers: int
) -> Generator[list[PhotoAnswers], None, list[Batch] | None]:
    """Classify until the end; return the batches in work if a process ends before, else None."""
    taken: list[Batch] = []  # whose answers have not arrived
    with _pool(job, workers) as pool:
        running: dict[Future[list[PhotoAnswers]], Batch] = {}
        try:
            while True:
                for batch in islice(batches, WAITING_PER_WORKER * workers - len(running)):
                    taken.append(batch)
                    running[_submit(pool, batch)] = batch
                if not running:
                    return None
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    answers = future.result()
                    taken.remove(running.pop(future))
                    yield answers
        except BrokenProcessPool:
            return taken
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _one_by_one(photos: Sequence[PhotoFile], job: Job) -> Iterator[list[PhotoAnswers]]:
    """Classify photos one at a time; the one whose process ends unexpectedly is known then."""
    rest = iter(photos)
    while photo := next(rest, None):
        with _pool(job, 1) as pool:
            try:
                while photo:
                    yield _submit(pool, [photo]).result()
                    photo = next(rest, None)
            except BrokenProcessPool:
                assert photo is not None
                yield [PhotoAnswers(photo.name, error=CRASHED, stamp=photo.stamp())]


def _pool(job: Job, workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), initializer=_start, initargs=(job,)
    )


def _submit(pool: ProcessPoolExecutor, batch: Batch) -> Future[list[PhotoAnswers]]:
    """Hand out a batch; the first starts the processes, for which Ctrl-C is not meant."""
    if threading.current_thread() is not threading.main_thread():
        return pool.submit(_classify, batch)
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)  # a new process inherits it
    try:
        return pool.submit(_classify, batch)
    finally:
        signal.signal(signal.SIGINT, handler)


_job: Job | None = None  # of this worker process


def _start(job: Job) -> None:
    """Prepare a worker process."""
    global _job
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Windows it is not inherited
    threading.Thread(target=_end_with_parent, daemon=True).start()
    job.prepare_worker()
    _job = job


def _end_with_parent() -> None:
    """End this process when its parent has ended, even by `kill -9`."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
    os._exit(1)


def _classify(batch: Batch) -> list[PhotoAnswers]:
    assert _job is not None
    return _job.classify(batch)
