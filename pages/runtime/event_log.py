"""Event log: one JSON object per line, with no data from visitors.

An event carries only numbers and a model name, so no file name, address or image can get in. An
error is logged with its type and stack frames, but not with its message, which could quote user
data. The same holds for what other packages log: Streamlit's messages quote session ids, headers
and addresses.
"""

import json
import logging
import os
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TextIO

from fer_core.registry import MODELS
from pages.runtime.settings import settings

EventKind = Literal[
    "start", "stop", "photo", "answer", "map", "preload", "released", "upload refused", "no seat",
    "api", "frames",
]  # fmt: skip
ROOT = Path(__file__).parents[2]
_log = logging.getLogger("fer_explorer")


@dataclass
class Clock:
    """Elapsed milliseconds of a `timer` block, set when the block ends."""

    ms: float = 0.0


@contextmanager
def timer() -> Iterator[Clock]:
    """Measure the wall-clock time of the `with` block."""
    clock, start = Clock(), time.perf_counter()
    yield clock
    clock.ms = round((time.perf_counter() - start) * 1000, 1)


def log_event(kind: EventKind, model_name: str | None = None, **numbers: float) -> None:
    """Log an event; written only if FER_LOG is `json`.

    Args:
        kind: The event.
        model_name: Name of a registered model; logged as `variant`.
        numbers: Further values, logged under their own names.

    Raises:
        TypeError: If a value is not a number.
        ValueError: If no model has this name.
    """
    for key, value in numbers.items():
        if not isinstance(value, int | float):
            raise TypeError(f"{key} is not a number")
    if model_name is not None and model_name not in MODELS:
        raise ValueError("unknown model: the log accepts only registered model names")
    model_field = {} if model_name is None else {"variant": model_name}
    _log.info(_line(kind, **model_field, **numbers))


def log_error(raised: BaseException, **numbers: int) -> None:
    """Log an uncaught error, with further values under their own names; always written."""
    _log.error(_line("error", **_described(raised), **numbers))


def set_up(stream: TextIO | None = None) -> None:
    """Write events to `stream`, by default to standard error."""
    _log.handlers = [_handler(stream)]
    _log.propagate = False
    _log.setLevel(logging.INFO if settings().log == "json" else logging.WARNING)


def take_over() -> None:
    """Set up the log of the whole process, for the server.

    What other packages log or warn of, and errors that nobody catches, become events without their
    text. If FER_LOG is `json`, whatever else is written to standard error is dropped: libraries in
    C write there directly, and a line of theirs could look like an event.
    """
    set_up(_own_standard_error() if settings().log == "json" else None)
    logging.root.handlers = list(_log.handlers)
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger) and logger is not _log:
            logger.handlers = []
            logger.propagate = True
    logging.getLogger("uvicorn.access").disabled = True
    # `page_errors.show_error` logs the exception of a page.
    logging.getLogger("streamlit.error_util").addFilter(lambda record: record.exc_info is None)
    warnings.showwarning = _log_warning
    sys.excepthook = lambda kind, raised, trace: _log_uncaught(raised)
    threading.excepthook = lambda thread: _log_uncaught(thread.exc_value)
    sys.unraisablehook = lambda ignored: _log_uncaught(ignored.exc_value)


class _EventFormatter(logging.Formatter):
    """Leaves events as they are and describes other packages' records without their text."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name == _log.name:
            return record.getMessage()
        raised = record.exc_info[1] if record.exc_info else None
        return _line(
            "package",
            level=record.levelname.lower(),
            at=f"{_short(record.pathname)}:{record.lineno}",
            **({} if raised is None else _described(raised)),
        )


def _handler(stream: TextIO | None) -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr if stream is None else stream)
    handler.setFormatter(_EventFormatter())
    handler.addFilter(lambda record: record.name == _log.name or record.levelno >= logging.WARNING)
    return handler


def _own_standard_error() -> TextIO:
    """The process's standard error; everything else written to it goes nowhere from now on."""
    stream = os.fdopen(os.dup(2), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    return stream


def _log_warning(
    message: object, category: type[Warning], filename: str, lineno: int, *_: Any, **__: Any
) -> None:
    at = f"{_short(filename)}:{lineno}"
    _log.warning(_line("package", level="warning", at=at, type=category.__name__))


def _log_uncaught(raised: BaseException | None) -> None:
    if raised is not None and not isinstance(raised, KeyboardInterrupt | SystemExit):
        log_error(raised)


def _described(raised: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(raised.__traceback__)
    lines = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return {"type": type(raised).__name__, "passed": lines}


def _line(kind: str, **rest: object) -> str:
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return json.dumps({"time": now, "event": kind, **rest})


def _short(file: str) -> str:
    """A path relative to the project, or the last two parts of one outside."""
    path = Path(file)
    if path.is_relative_to(ROOT):
        return path.relative_to(ROOT).as_posix()
    return "/".join(path.parts[-2:])
