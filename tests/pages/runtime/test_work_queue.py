"""One line for everybody's work: order, bounds, waiting, leaving."""

from collections.abc import Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from threading import Event, Lock
from time import monotonic, sleep

import pytest

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


def test_never_more_at_once_than_workers(visitors: ThreadPoolExecutor) -> None:
    queue, lock, running, most = WorkQueue(2), Lock(), [0], [0]

    def task() -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        sleep(0.02)
        with lock:
            running[0] -= 1

    for job in [visitors.submit(queue.run, task, nothing) for _ in range(16)]:
        job.result()
    assert most[0] == 2
    assert queue.length == 0


def held_up(queue: WorkQueue, visitors: ThreadPoolExecutor) -> tuple[Event, Future]:
    """A piece of work that goes on until the event is set."""
    finish, begun = Event(), Event()
    job = visitors.submit(queue.run, lambda: begun.set() or finish.wait(20), nothing)
    assert begun.wait(20)
    return finish, job


def test_first_come_first_served_and_told_how_many_come_first(
    visitors: ThreadPoolExecutor,
) -> None:
    queue, done = WorkQueue(1), []
    told: dict[int, list[int]] = {i: [] for i in range(3)}
    finish, _ = held_up(queue, visitors)
    jobs = []
    for i in range(3):
        jobs.append(visitors.submit(queue.run, lambda i=i: done.append(i), told[i].append))
        until(lambda i=i: queue.length == i + 2)
    until(lambda: all(told.values()))
    assert [told[i][-1] for i in range(3)] == [1, 2, 3]
    finish.set()
    for job in jobs:
        job.result()
    assert done == [0, 1, 2]


def test_the_end_of_a_wait_is_told_once(visitors: ThreadPoolExecutor) -> None:
    queue, told = WorkQueue(1), []
    finish, _ = held_up(queue, visitors)
    job = visitors.submit(queue.run, lambda: sleep(1), told.append)
    until(lambda: told)
    finish.set()
    job.result()
    assert set(told[:-1]) == {1}
    assert told[-1] == 0


def test_who_leaves_while_waiting_is_out_of_the_line(visitors: ThreadPoolExecutor) -> None:
    queue, done = WorkQueue(1), []
    finish, _ = held_up(queue, visitors)

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


def test_what_a_task_raises_reaches_its_visitor_only(visitors: ThreadPoolExecutor) -> None:
    queue = WorkQueue(1)
    with pytest.raises(ZeroDivisionError):
        queue.run(lambda: 1 // 0, nothing)
    assert queue.run(lambda: "fine", nothing) == "fine"


def test_a_task_may_raise_a_timeout_itself() -> None:
    with pytest.raises(TimeoutError, match="mine"):
        WorkQueue(1).run(lambda: (_ for _ in ()).throw(TimeoutError("mine")), nothing)


def test_stop_drops_what_waits_and_finishes_what_has_begun(visitors: ThreadPoolExecutor) -> None:
    queue, done = WorkQueue(1), []
    finish, begun = held_up(queue, visitors)
    waits = visitors.submit(queue.run, lambda: done.append(1), nothing)
    until(lambda: queue.length == 2)
    queue.stop()
    with pytest.raises(CancelledError):
        waits.result(20)
    finish.set()
    assert begun.result(20) is True
    assert not done
