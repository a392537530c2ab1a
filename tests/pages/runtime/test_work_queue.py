"""The work queue: order, bounds, waiting, leaving."""

from collections.abc import Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import wait as real_wait
from threading import Event, Lock
from time import monotonic, sleep

import pytest

from pages.runtime import work_queue
from pages.runtime.work_queue import WorkQueue


@pytest.fixture
def visitors() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as pool:
        yield pool


def nothing(ahead: int) -> None:
    pass


def until(condition) -> None:  # type: ignore[no-untyped-def]
    end = monotonic() + 20
    while not condition():
        assert monotonic() < end
        sleep(0.01)


def test_never_more_tasks_at_once_than_workers(visitors: ThreadPoolExecutor) -> None:
    queue, lock, running, maximum = WorkQueue(2), Lock(), [0], [0]

    def task() -> None:
        with lock:
            running[0] += 1
            maximum[0] = max(maximum[0], running[0])
        sleep(0.02)
        with lock:
            running[0] -= 1

    for job in [visitors.submit(queue.run, task, nothing) for _ in range(16)]:
        job.result()
    assert maximum[0] == 2
    assert queue.length == 0


def blocking_task(queue: WorkQueue, visitors: ThreadPoolExecutor) -> tuple[Event, Future]:
    """A running task that finishes when the event is set."""
    finish, begun = Event(), Event()
    job = visitors.submit(queue.run, lambda: begun.set() or finish.wait(20), nothing)
    assert begun.wait(20)
    return finish, job


def test_first_come_first_served_and_the_number_ahead(
    visitors: ThreadPoolExecutor,
) -> None:
    queue, done = WorkQueue(1), []
    reported: dict[int, list[int]] = {i: [] for i in range(3)}
    finish, _ = blocking_task(queue, visitors)
    jobs = []
    for i in range(3):
        jobs.append(visitors.submit(queue.run, lambda i=i: done.append(i), reported[i].append))
        until(lambda i=i: queue.length == i + 2)
    until(lambda: all(reported.values()))
    assert [reported[i][-1] for i in range(3)] == [1, 2, 3]
    finish.set()
    for job in jobs:
        job.result()
    assert done == [0, 1, 2]


def test_who_is_far_back_is_told_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports to fifty visitors, four times a second each, kept the server busy."""
    queue, pauses, asked = WorkQueue(1), [], Event()
    monkeypatch.setattr(queue, "_ahead", lambda future: 0 if future.done() else 20)

    def wait(futures: list[Future], timeout: float) -> None:
        pauses.append(timeout)
        asked.set()
        real_wait(futures)

    monkeypatch.setattr(work_queue, "wait", wait)
    assert queue.run(lambda: asked.wait(20), nothing)
    assert pauses == [pytest.approx(0.25 + 20 * 0.02)]


def test_the_end_of_a_wait_is_reported(visitors: ThreadPoolExecutor) -> None:
    queue, reported = WorkQueue(1), []
    finish, _ = blocking_task(queue, visitors)
    job = visitors.submit(queue.run, lambda: sleep(1), reported.append)
    until(lambda: reported)
    finish.set()
    job.result()
    assert sorted(reported, reverse=True) == reported
    assert set(reported) == {0, 1}


def test_leaving_while_waiting_removes_the_task(visitors: ThreadPoolExecutor) -> None:
    queue, done = WorkQueue(1), []
    finish, _ = blocking_task(queue, visitors)

    def leave(ahead: int) -> None:
        raise InterruptedError

    gone = visitors.submit(queue.run, lambda: done.append("gone"), leave)
    with pytest.raises(InterruptedError):
        gone.result(20)
    assert queue.length == 1
    stays = visitors.submit(queue.run, lambda: done.append("stays"), nothing)
    finish.set()
    stays.result(20)
    assert done == ["stays"]


def test_an_exception_reaches_only_the_visitor_whose_task_raised_it(
    visitors: ThreadPoolExecutor,
) -> None:
    queue = WorkQueue(1)
    with pytest.raises(ZeroDivisionError):
        queue.run(lambda: 1 // 0, nothing)
    assert queue.run(lambda: "fine", nothing) == "fine"


def test_a_task_may_raise_a_timeout_itself() -> None:
    with pytest.raises(TimeoutError, match="mine"):
        WorkQueue(1).run(lambda: (_ for _ in ()).throw(TimeoutError("mine")), nothing)


def test_stop_drops_waiting_tasks_and_finishes_running_ones(visitors: ThreadPoolExecutor) -> None:
    queue, done = WorkQueue(1), []
    finish, begun = blocking_task(queue, visitors)
    waits = visitors.submit(queue.run, lambda: done.append(1), nothing)
    until(lambda: queue.length == 2)
    queue.stop()
    with pytest.raises(CancelledError):
        waits.result(20)
    finish.set()
    assert begun.result(20) is True
    assert not done


def test_a_click_ends_the_wait_for_a_running_task_but_not_the_task() -> None:
    queue, finish, done = WorkQueue(1), Event(), []

    def leave(ahead: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        queue.run(lambda: done.append(finish.wait(20)), leave)
    assert queue.length == 1
    finish.set()
    until(lambda: not queue.length)
    assert done == [True]


def test_a_cancelled_future_leaves_the_queue(visitors: ThreadPoolExecutor) -> None:
    queue = WorkQueue(1)
    finish, running = blocking_task(queue, visitors)
    future = queue.submit(finish.wait)
    assert queue.length == 2
    assert future.cancel()
    assert queue.length == 1
    finish.set()
    running.result()
