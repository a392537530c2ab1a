"""How fast the models are: the committed measurement, `results/speed.json`.

Written by `python -m training.speed`. Imports no NumPy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fer_core.artifacts import store
from fer_core.errors import ResultsError

WRITER = "speed"  # the `training` command that writes the file


@dataclass(frozen=True)
class Speed:
    """Medians after warm-up, on one machine, of one face at a time."""

    face_ms: Mapping[str, float]  # model name → milliseconds per face, without loading
    #: Step → milliseconds before the model, on the built-in photo with one face.
    photo_ms: Mapping[str, float]
    device: str  # such as `AMD EPYC, 2 cores`
    threads: int  # per operator
    date: str  # ISO

    @property
    def before_model_ms(self) -> float:
        """Milliseconds to decode the photo and to find and cut out its face."""
        return sum(self.photo_ms.values())

    def milliseconds(self, model_name: str, *, whole_photo: bool) -> float | None:
        """Time per face, or per photo with one face; None for a model that was not timed."""
        face = self.face_ms.get(model_name)
        return None if face is None else face + self.before_model_ms * whole_photo


def path() -> Path:
    """Path of the measurement."""
    return store.artifacts().results / "speed.json"


def to_json(speed: Speed, provenance: Mapping[str, Any]) -> bytes:
    """The content of the file; date and device are those of `provenance`."""
    content = {"face_ms": dict(speed.face_ms), "photo_ms": dict(speed.photo_ms)}
    return store.json_bytes({"made": dict(provenance), "threads": speed.threads} | content)


def load_speed() -> Speed:
    """The committed measurement; raises `ResultsError` if it is missing or damaged."""
    content = store.read_json(path(), WRITER)
    try:
        return Speed(
            face_ms={str(name): float(value) for name, value in content["face_ms"].items()},
            photo_ms={str(name): float(value) for name, value in content["photo_ms"].items()},
            device=str(content["made"]["device"]),
            threads=int(content["threads"]),
            date=str(content["made"]["date"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ResultsError(store.corrupted_message(path())) from error
