"""Event log: one JSON object per line, with no data from visitors.

An event carries only numbers and a model name, so no file name, address or image can get in. An
error is logged with its type and stack frames, but not with its message, which could quote user
data.
"""

import json
import logging
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from fer_core.registry import MODELS
from pages.runtime.settings import settings

EventKind = Literal[
    "start", "stop", "photo", "answer", "map", "released", "upload refused", "no seat"
]
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


def log_error(raised: BaseException) -> None:
    """Log an uncaught error; always written."""
    frames = traceback.extract_tb(raised.__traceback__)
    lines = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    _log.error(_line("error", type=type(raised).__name__, passed=lines))


def set_up() -> None:
    """Write events to standard error, and keep visitors' data from other loggers out of it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    _log.handlers = [handler]
    _log.propagate = False
    _log.setLevel(logging.INFO if settings().log == "json" else logging.WARNING)
    # uvicorn logs clients' addresses and the paths they request.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").disabled = True
    # Streamlit logs a page's exception with its message; `log_error` leaves the message out.
    logging.getLogger("streamlit.error_util").addFilter(lambda record: record.exc_info is None)


def _line(kind: str, **rest: object) -> str:
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return json.dumps({"time": now, "event": kind, **rest})


def _short(file: str) -> str:
    """A path relative to the project, or the last two parts of one outside."""
    path = Path(file)
    if path.is_relative_to(ROOT):
        return path.relative_to(ROOT).as_posix()
    return "/".join(path.parts[-2:])
