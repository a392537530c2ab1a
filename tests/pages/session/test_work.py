"""What a visitor sees while others' work comes first."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest

from pages.runtime.work_queue import WorkQueue
from pages.session import photos, work
from pages.session.photo import Photo


@pytest.fixture
def finish(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """A queue whose only worker is busy with another visitor's task until the event is set."""
    queue, begun, finish = WorkQueue(1), Event(), Event()
    monkeypatch.setattr(work, "QUEUE", queue)
    with ThreadPoolExecutor(1) as other_visitor:
        other_visitor.submit(queue.run, lambda: begun.set() or finish.wait(60), lambda ahead: None)
        assert begun.wait(60)
        yield finish
        finish.set()


@pytest.mark.usefixtures("trained")
def test_the_place_in_the_queue_is_shown(finish: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []

    class Bar:
        def progress(self, fraction: float, text: str) -> None:
            texts.append(text)
            if "Queued" in text:
                finish.set()  # the other visitor's task ends

        def empty(self) -> None:
            pass

    photo = Photo("a.jpg", 48, 48, b"", (), np.zeros((1, 48, 48), np.uint8))
    monkeypatch.setattr(photos, "album", lambda: {"key": photo})
    monkeypatch.setattr(work.st, "progress", lambda *args, **options: Bar())
    assert work.run_models(["multiclass"]) == ["multiclass"]
    running = "Running Multi-class CNN: photo 1 of 1"
    assert texts[:2] == [running, f"{running}. Queued: 1 task ahead of yours."]
    assert list(photo.answers) == ["multiclass"]
