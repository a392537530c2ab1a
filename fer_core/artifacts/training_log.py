"""A network's training log: the committed `<model>.log.csv`, one line per epoch."""

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
    """One training run of E ≥ 1 epochs; every array is (E,) float.

    Attributes:
        epoch: Epoch numbers, increasing.
        learning_rate: Learning rate at the end of the epoch.
        training_loss: Mean over the epoch, on augmented images and with dropout.
        public_loss: Loss on PublicTest after the epoch.
        public_score: Score on PublicTest after the epoch: accuracy, or for the yes/no models the
            mean of their seven average precisions.
        seconds: Seconds since the start.
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
        """Index of the selected epoch: the first one with the highest score."""
        return int(self.public_score.argmax())

    @property
    def is_still_improving(self) -> bool:
        """Whether the last of several epochs has the best score and the lowest PublicTest loss."""
        last = len(self) - 1
        return last > 0 and self.best_index == last and int(self.public_loss.argmin()) == last

    @property
    def has_decayed_learning_rate(self) -> bool:
        """Whether the final learning rate is at most a tenth of the highest one."""
        return bool(self.learning_rate[-1] <= 0.1 * self.learning_rate.max())


COLUMNS = tuple(field.name for field in fields(TrainingLog))


def path(model: ModelSpec) -> Path:
    """Path of a network's log; ensembles have none."""
    return weights_file.path(model).with_name(f"{model.name}.log.csv")


def read(file: Path) -> TrainingLog:
    """Read a log; raises `ResultsError` if it is missing, fails verification or is malformed."""
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
