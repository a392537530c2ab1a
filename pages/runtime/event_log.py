"""What the app says of its work: one JSON object a line, and never a word of a visitor's.

An event carries numbers and a model's name, nothing else, so no file name, address or picture can
slip in. An error is told by its type and the lines it passed through, not by its message, which may
quote anything.
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

EventKind = Literal["start", "stop", "photo", "answer", "map", "released", "upload refused", "no seat"]
ROOT = Path(__file__).parents[2]
_log = logging.getLogger("fer_explorer")


@dataclass
class Clock:
    """Milliseconds of the block of `timed`, once it has ended."""

    ms: float = 0.0


@contextmanager
def timer() -> Iterator[Clock]:
    clock, start = Clock(), time.perf_counter()
    yield clock
    clock.ms = round((time.perf_counter() - start) * 1000, 1)


def log_event(kind: EventKind, model_name: str | None = None, **numbers: float) -> None:
    """Note that something happened; written only where FER_LOG is `json`.

    Raises `TypeError` or `ValueError` for anything but numbers and a known variant.
    """
    for key, value in numbers.items():
        if not isinstance(value, int | float):
            raise TypeError(f"{key} is no number")
    if model_name is not None and model_name not in MODELS:
        raise ValueError("the log names no variant that is not in the registry")
    named = {} if model_name is None else {"variant": model_name}
    _log.info(_line(kind, **named, **numbers))


def log_error(raised: BaseException) -> None:
    """Note an error that no page expected; always written."""
    frames = traceback.extract_tb(raised.__traceback__)
    passed = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    _log.error(_line("error", type=type(raised).__name__, passed=passed))


def set_up() -> None:
    """Send events to the standard error, and keep others' words about visitors out of it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    _log.handlers = [handler]
    _log.propagate = False
    _log.setLevel(logging.INFO if settings().log == "json" else logging.WARNING)
    # uvicorn notes the address of everybody who connects, and of what they ask for.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").disabled = True
    # Streamlit prints what a page raised, message and all; `error` says it without.
    logging.getLogger("streamlit.error_util").addFilter(lambda record: record.exc_info is None)


def _line(kind: str, **rest: object) -> str:
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return json.dumps({"time": now, "event": kind, **rest})


def _short(file: str) -> str:
    """A path within the project or a package, without what lies above."""
    path = Path(file)
    if path.is_relative_to(ROOT):
        return path.relative_to(ROOT).as_posix()
    return "/".join(path.parts[-2:])
