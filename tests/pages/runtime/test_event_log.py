"""The log says when and how much, never what a visitor brought."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from pages.runtime import event_log
from pages.runtime.settings import settings

SECRET = "aunt-maria.jpg"


@pytest.fixture
def lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., list[dict]]]:
    """Sets the log up as FER_LOG says; gives what was written since."""
    logger = logging.getLogger("fer_explorer")
    before = (logger.handlers, logger.level, logger.propagate)

    def since(kind: str = "json") -> list[dict]:
        monkeypatch.setattr(event_log, "settings", lambda: replace(settings(), log=kind))
        event_log.set_up()
        return [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    yield since
    logger.handlers, logger.level, logger.propagate = before


def test_an_event_is_one_line_of_numbers(lines: Callable[..., list[dict]]) -> None:
    lines()
    event_log.log_event("answer", model_name="multiclass", ms=12.5, faces=3)
    [told] = lines()
    assert told.pop("time").endswith("+00:00")
    assert told == {"event": "answer", "variant": "multiclass", "ms": 12.5, "faces": 3}


def test_events_are_off_unless_asked_for(lines: Callable[..., list[dict]]) -> None:
    lines("off")
    event_log.log_event("photo", ms=1)
    assert lines("off") == []


def test_no_word_fits_into_an_event(lines: Callable[..., list[dict]]) -> None:
    lines()
    with pytest.raises(TypeError):
        event_log.log_event("photo", name=SECRET)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="names no variant"):
        event_log.log_event("answer", model_name=SECRET)
    assert lines() == []


@pytest.mark.parametrize("kind", ["off", "json"])
def test_an_error_is_told_without_its_words(lines: Callable[..., list[dict]], kind: str) -> None:
    lines(kind)

    def read_photo() -> None:
        raise KeyError(SECRET)

    try:
        read_photo()
    except KeyError as error:
        event_log.log_error(error)
    [told] = lines(kind)
    assert told["event"] == "error"
    assert told["type"] == "KeyError"
    assert [passed.split()[-1] for passed in told["passed"]] == [
        "test_an_error_is_told_without_its_words",
        "read_photo",
    ]
    assert all(
        passed.startswith("tests/pages/runtime/test_event_log.py:") for passed in told["passed"]
    )
    assert SECRET not in json.dumps(told)
