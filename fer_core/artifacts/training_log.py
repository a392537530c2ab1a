"""How a network's training went: the committed `<variant>.log.csv`, a line an epoch."""

import csv
import io
import math
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from fer_core.artifacts import store, weights_file
from fer_core.registry import ModelSpec


@dataclass(frozen=True, eq=False)
class TrainingLog:
    """One training run; every array is (E,) float, an entry an epoch, E at least 1.

    `training_loss` is the mean over the epoch, on augmented images and with dropout; `public_loss`
    and `public_score` are those of PublicTest after it. The score is accuracy, or for the yes/no
    models the mean of their seven average precisions. `seconds` count from the start.
    """

    epoch: np.ndarray
    learning_rate: np.ndarray
    training_loss: np.ndarray
    public_loss: np.ndarray
    public_score: np.ndarray
    seconds: np.ndarray

    def __len__(self) -> int:
        return len(self.epoch)

    @property
    def best_index(self) -> int:
        """Index of the epoch whose weights were kept: the first one of the highest score."""
        return int(self.public_score.argmax())

    @property
    def is_still_improving(self) -> bool:
        """Whether the last of several epochs had the best score and the lowest PublicTest loss."""
        last = len(self) - 1
        return last > 0 and self.best_index == last and int(self.public_loss.argmin()) == last

    @property
    def has_decayed_learning_rate(self) -> bool:
        """Whether the learning rate ended at a tenth of its highest or below."""
        return bool(self.learning_rate[-1] <= 0.1 * self.learning_rate.max())


COLUMNS = tuple(field.name for field in fields(TrainingLog))


def path(variant: ModelSpec) -> Path:
    """Where the log of a network lies; composite variants have none."""
    return weights_file.path(variant).with_name(f"{variant.name}.log.csv")


def read(file: Path) -> TrainingLog:
    """The log in `file`; `ResultsError` where it is missing, not what was recorded, or no log."""
    content = store.read_verified(file, None)
    try:
        lines = io.StringIO(content.decode(), newline="")
        rows = [[float(row[name]) for name in COLUMNS] for row in csv.DictReader(lines)]
    except (ValueError, KeyError, TypeError, csv.Error) as error:
        raise store.corrupted_error(file) from error
    epochs = [row[0] for row in rows]
    finite = all(math.isfinite(value) for row in rows for value in row)
    if not rows or not finite or epochs != sorted(set(epochs)):
        raise store.corrupted_error(file)
    return TrainingLog(*np.array(rows).T)
