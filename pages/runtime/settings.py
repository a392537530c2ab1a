"""What an operator may set, read from the environment once; docs/operations.md lists it all."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

from fer_core.errors import SettingsError
from fer_core.models.cache import DEFAULT_BUDGET_MB

LOG_MODES = ("off", "json")


def _setting(variable: str, default: int, least: int) -> Any:
    return field(default=default, metadata={"variable": variable, "least": least})


@dataclass(frozen=True)
class Settings:
    """Every field but `log` is a whole number; its environment variable stands beside it."""

    #: Pieces of work on photos (reading one, asking one model) done at the same time.
    workers: int = _setting("FER_WORKERS", 2, 1)
    #: Megabytes that loaded models may take; 800 hold all of them for predictions.
    model_mb: int = _setting("FER_MODEL_MB", DEFAULT_BUDGET_MB, 1)
    #: Minutes after which a model that nobody asked is released.
    model_idle_minutes: int = _setting("FER_MODEL_IDLE_MINUTES", 30, 1)
    #: Browser sessions at the same time; who comes later waits for a seat.
    visitors: int = _setting("FER_VISITORS", 50, 1)
    #: Megabytes of photos, waiting and shown, of all visitors together; one may hold half of it.
    photo_mb: int = _setting("FER_PHOTO_MB", 1000, 50)
    #: What is written to the log: nothing but warnings, or events as JSON lines.
    log: str = field(default="off", metadata={"variable": "FER_LOG"})


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Settings by `environment`; what is not set there has its default.

    Raises `SettingsError` with a sentence that names the variable.
    """
    found: dict[str, Any] = {}
    for each in fields(Settings):
        variable = each.metadata["variable"]
        if text := environment.get(variable, "").strip():
            found[each.name] = (
                _log(variable, text)
                if each.name == "log"
                else _number(variable, text, each.metadata["least"])
            )
    return Settings(**found)


@cache
def settings() -> Settings:
    """Those of this process. A slip ends it with a sentence: at that time nothing has begun."""
    try:
        return from_environment(os.environ)
    except SettingsError as error:
        sys.exit(f"error: {error}")


def _number(variable: str, text: str, least: int) -> int:
    if text.isascii() and text.isdigit() and int(text) >= least:
        return int(text)
    raise SettingsError(f"{variable} must be a whole number of at least {least}, not {text!r}.")


def _log(variable: str, text: str) -> str:
    if text in LOG_MODES:
        return text
    raise SettingsError(f"{variable} must be {' or '.join(LOG_MODES)}, not {text!r}.")
