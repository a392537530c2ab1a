"""The committed answers of the models to corrupted faces: `results/robustness.npz` and `.json`.

`python -m training.robustness` writes them. They hold, for a fixed sample of PrivateTest, which
faces each model got right at each severity of each corruption, and its mean confidence.
"""

import io
import zipfile
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from fer_core.artifacts import store, summaries
from fer_core.artifacts.predictions import npz_bytes
from fer_core.errors import ResultsError, UnknownModelError

SPLIT: Final = "PrivateTest"
SEVERITIES: Final = 5
WRITER: Final = "robustness"  # the `training` command that writes the files


class MeasuredCorruption(NamedTuple):
    """A corruption as it was measured."""

    title: str
    unit: str
    none: float  # the amount without effect: severity 0
    severities: tuple[float, ...]  # the amounts of severities 1 to 5

    @property
    def amounts(self) -> tuple[float, ...]:
        """The amounts of severities 0 to 5."""
        return (self.none, *self.severities)


@dataclass(frozen=True, eq=False)
class RobustnessResults:
    """The answers of M models to N faces under C corruptions at severities 0 to 5.

    Attributes:
        ids: (N,) str, the faces.
        labels: (N,) their labels, indices into EMOTIONS.
        checksums: Model name → SHA-256 of the weights that answered, M entries.
        corruptions: Name → corruption, C entries.
        correct: (M, C, 6, N) bool: whether the answer was the label.
        confidence: (M, C, 6) float, mean of the largest probability.
        provenance: When and with what they were computed.
    """

    ids: np.ndarray
    labels: np.ndarray
    checksums: Mapping[str, str]
    corruptions: Mapping[str, MeasuredCorruption]
    correct: np.ndarray
    confidence: np.ndarray
    provenance: Mapping[str, Any]
    _computed: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        shape = (len(self.checksums), len(self.corruptions), SEVERITIES + 1)
        if self.correct.shape != (*shape, len(self.ids)) or self.confidence.shape != shape:
            raise ValueError("the answers do not fit the models, corruptions and faces")
        if self.labels.shape != self.ids.shape:
            raise ValueError("the labels do not fit the faces")

    @property
    def current_models(self) -> list[str]:
        """Names of the models whose present weights gave these answers."""
        return [
            name for name, sha256 in self.checksums.items() if _weights_checksum(name) == sha256
        ]

    def correct_of(self, model_name: str, corruption: str) -> np.ndarray:
        """(6, N) bool: a model's right answers under one corruption."""
        rows: np.ndarray = self.correct[self._index(model_name, corruption)]
        return rows

    def confidence_of(self, model_name: str, corruption: str) -> np.ndarray:
        """(6,) float: a model's mean confidence under one corruption."""
        values: np.ndarray = self.confidence[self._index(model_name, corruption)]
        return values

    def _index(self, model_name: str, corruption: str) -> tuple[int, int]:
        return list(self.checksums).index(model_name), list(self.corruptions).index(corruption)


def _weights_checksum(model_name: str) -> str | None:
    try:
        return summaries.weights_checksum(model_name)
    except UnknownModelError:  # it is no longer registered
        return None


def files() -> tuple[Path, Path]:
    """Paths of the summary and of the answers."""
    folder = store.artifacts().results
    return folder / "robustness.json", folder / "robustness.npz"


def save(results: RobustnessResults) -> None:
    """Write both files; raises `FerError` if one cannot be written."""
    summary_path, arrays_path = files()
    summary = {
        "split": SPLIT,
        "faces": len(results.ids),
        "models": dict(results.checksums),
        "corruptions": {name: row._asdict() for name, row in results.corruptions.items()},
        "provenance": dict(results.provenance),
    }
    arrays = {
        "ids": results.ids,
        "labels": results.labels.astype(np.uint8),
        "correct": np.packbits(results.correct, axis=-1),
        "confidence": results.confidence.astype(np.float32),
    }
    store.write_files(
        {arrays_path: npz_bytes(arrays), summary_path: store.json_bytes(summary)},
    )


@store.cached
def load() -> RobustnessResults:
    """Load the committed results; raises `ResultsError` if a file is missing or damaged."""
    summary_path, arrays_path = files()
    summary = store.read_json(summary_path, WRITER)
    content = io.BytesIO(store.read_verified(arrays_path, WRITER))
    try:
        with np.load(content, allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}
        return RobustnessResults(
            arrays["ids"],
            arrays["labels"].astype(np.int64),
            summary["models"],
            {
                name: MeasuredCorruption(
                    row["title"], row["unit"], row["none"], tuple(row["severities"])
                )
                for name, row in summary["corruptions"].items()
            },
            np.unpackbits(arrays["correct"], axis=-1, count=len(arrays["ids"])).astype(bool),
            arrays["confidence"].astype(float),
            summary["provenance"],
        )
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ResultsError(
            f"{summary_path.name} or {arrays_path.name} is damaged; restore both from the "
            "repository."
        ) from error
