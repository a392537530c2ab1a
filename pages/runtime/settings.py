"""Operator settings, read once from environment variables; see docs/operations.md."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal

from fer_core.errors import SettingsError
from fer_core.models.cache import DEFAULT_BUDGET_MB


def _setting(variable: str, default: int, minimum: int) -> Any:
    return field(default=default, metadata={"variable": variable, "minimum": minimum})


def _choice(variable: str, *choices: str) -> Any:
    return field(default=choices[0], metadata={"variable": variable, "choices": choices})


def _secret(variable: str, length: int) -> Any:
    return field(default="", repr=False, metadata={"variable": variable, "length": length})


def _folder(variable: str) -> Any:
    return field(default="", metadata={"variable": variable, "is_folder": True})


@dataclass(frozen=True)
class Settings:
    """Numbers, choices of words, a secret and a folder. Each field names its variable."""

    #: Worker threads for photos: tasks (reading a photo, running a model) executed in parallel.
    workers: int = _setting("FER_WORKERS", 2, 1)
    #: Megabytes for loaded models; 800 hold all of them for predictions.
    model_mb: int = _setting("FER_MODEL_MB", DEFAULT_BUDGET_MB, 1)
    #: Minutes after which an unused model is released.
    model_idle_minutes: int = _setting("FER_MODEL_IDLE_MINUTES", 30, 1)
    #: Maximum number of concurrent browser sessions; further visitors wait.
    visitors: int = _setting("FER_VISITORS", 50, 1)
    #: Megabytes for photos, queued and shown, of all visitors; one session may use half of it.
    photo_mb: int = _setting("FER_PHOTO_MB", 1000, 50)
    #: Log output: warnings only (`off`), or events as JSON lines (`json`).
    log: str = _choice("FER_LOG", "off", "json")
    #: For a class (`on`): visits start with the fastest model and take one photo at a time.
    class_mode: str = _choice("FER_CLASS", "off", "on")
    #: Arithmetic of the answers: int8 where it is faster and hardly less accurate (`auto`).
    precision: Literal["auto", "fp32", "int8"] = _choice("FER_PRECISION", "auto", "fp32", "int8")
    #: What clients of the HTTP API must send; empty: there is no API.
    api_token: str = _secret("FER_API_TOKEN", 16)
    #: Maximum number of requests for answers that the API takes at once.
    api_requests: int = _setting("FER_API_REQUESTS", 8, 1)
    #: Folder of the operator's own ONNX files; empty: there are none.
    models_dir: str = _folder("FER_MODELS_DIR")

    @property
    def is_class(self) -> bool:
        """Whether the app serves a class."""
        return self.class_mode == "on"


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Read the settings from `environment`; unset variables have their defaults.

    Raises:
        SettingsError: If a value is invalid; the message names the variable.
    """
    values: dict[str, Any] = {}
    for setting in fields(Settings):
        variable = setting.metadata["variable"]
        if text := environment.get(variable, "").strip():
            if choices := setting.metadata.get("choices"):
                values[setting.name] = _one_of(variable, text, choices)
            elif setting.metadata.get("is_folder"):
                values[setting.name] = _existing_folder(variable, text)
            elif length := setting.metadata.get("length"):
                values[setting.name] = _long(variable, text, length)
            else:
                values[setting.name] = _number(variable, text, setting.metadata["minimum"])
    return Settings(**values)


@cache
def settings() -> Settings:
    """The settings of this process; an invalid one ends it with an error message at start-up."""
    try:
        return from_environment(os.environ)
    except SettingsError as error:
        sys.exit(f"error: {error}")


def _number(variable: str, text: str, minimum: int) -> int:
    if text.isascii() and text.isdigit() and int(text) >= minimum:
        return int(text)
    raise SettingsError(f"{variable} must be a whole number of at least {minimum}, not {text!r}.")


def _existing_folder(variable: str, text: str) -> str:
    if Path(text).is_dir():
        return text
    raise SettingsError(f"{variable} must be a folder, and {text!r} is none.")


def _long(variable: str, text: str, length: int) -> str:
    """The secret itself, which no message may quote."""
    if len(text) >= length and text.isascii() and text.isprintable() and " " not in text:
        return text
    raise SettingsError(
        f"{variable} must have at least {length} characters: letters, digits or punctuation, "
        "without spaces."
    )


def _one_of(variable: str, text: str, choices: Sequence[str]) -> str:
    if text in choices:
        return text
    raise SettingsError(f"{variable} must be {' or '.join(choices)}, not {text!r}.")
