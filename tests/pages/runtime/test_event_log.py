"""The log holds times and numbers, never visitors' data."""

import json
import logging
import os
import subprocess
import sys
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
    """Set up the log for a value of FER_LOG; return the lines written since the last call."""
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
    [record] = lines()
    assert record.pop("time").endswith("+00:00")
    assert record == {"event": "answer", "variant": "multiclass", "ms": 12.5, "faces": 3}


def test_events_are_off_by_default(lines: Callable[..., list[dict]]) -> None:
    lines("off")
    event_log.log_event("photo", ms=1)
    assert lines("off") == []


def test_an_event_accepts_no_text(lines: Callable[..., list[dict]]) -> None:
    lines()
    with pytest.raises(TypeError):
        event_log.log_event("photo", name=SECRET)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="unknown model"):
        event_log.log_event("answer", model_name=SECRET)
    assert lines() == []


@pytest.mark.parametrize("kind", ["off", "json"])
def test_an_error_is_logged_without_its_message(
    lines: Callable[..., list[dict]], kind: str
) -> None:
    lines(kind)

    def read_photo() -> None:
        raise KeyError(SECRET)

    try:
        read_photo()
    except KeyError as error:
        event_log.log_error(error)
    [record] = lines(kind)
    assert record["event"] == "error"
    assert record["type"] == "KeyError"
    assert [passed.split()[-1] for passed in record["passed"]] == [
        "test_an_error_is_logged_without_its_message",
        "read_photo",
    ]
    assert all(
        passed.startswith("tests/pages/runtime/test_event_log.py:") for passed in record["passed"]
    )
    assert SECRET not in json.dumps(record)


#: Writes FORGED to standard error in every way that a package can.
OTHERS = """
import logging, os, sys, threading, warnings
from streamlit.logger import get_logger
from pages.runtime import event_log
from pages.server import streamlit_internals
forged = 'forged' + chr(10) + '{"event": "forged"}' + chr(10)
early = get_logger("early"), logging.getLogger("before")
early[1].addHandler(logging.StreamHandler())
streamlit_internals.pass_log_records_on()
event_log.take_over()
for logger in (*early, get_logger("late"), logging.getLogger("after"), logging.getLogger()):
    logger.warning(forged)
try:
    raise KeyError(forged)
except KeyError:
    early[0].exception(forged)
early[0].info(forged)
warnings.warn(forged)
class Careless:
    def __del__(self):
        raise ValueError(forged)
Careless()
def fail():
    raise OSError(forged)
thread = threading.Thread(target=fail, name=forged)
thread.start()
thread.join()
sys.stderr.write("python " + forged.replace("forged", "raw"))
os.write(2, b"system " + forged.replace("forged", "raw").encode())
event_log.log_event("photo", ms=1)
raise RuntimeError(forged)
"""


@pytest.mark.parametrize("mode", ["off", "json"])
def test_what_others_write_has_no_text(mode: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", OTHERS],
        cwd=event_log.ROOT,
        env=os.environ | {"FER_LOG": mode},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert "forged" not in run.stderr
    events = [json.loads(line) for line in run.stderr.splitlines() if "raw" not in line]
    levels = ["warning"] * 5 + ["error", "warning"]
    assert [event["level"] for event in events if event["event"] == "package"] == levels
    types = [event["type"] for event in events if event["event"] == "error"]
    assert types == ["ValueError", "OSError", "RuntimeError"]
    assert len([event for event in events if event["event"] == "photo"]) == (mode == "json")
    assert ("raw" in run.stderr) == (mode == "off")  # what a line of C could look like
