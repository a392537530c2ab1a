"""The committed predictions of every variant on the two test splits, as arrays."""

import io
import zipfile
from dataclasses import dataclass
from typing import Any

import numpy as np

from fer_core.artifacts import store, summaries
from fer_core.artifacts.store import cached
from fer_core.artifacts.summaries import EVALUATE_COMMAND
from fer_core.emotions import EMOTIONS
from fer_core.registry import MODELS, ModelSpec, get_model_spec

SPLITS = ("PublicTest", "PrivateTest")


@dataclass(frozen=True)
class Predictions:
    """What one variant said of N test images.

    `ids` (N,) str such as `PrivateTest_10131363`; `labels` (N,) integers into EMOTIONS, FER2013's
    own; `probabilities` (N, 7) float64, rows sum to 1 up to half-precision rounding; `scores`
    (N, 7) float64, seven independent yes/no probabilities, of `individual` only; `ten_crop` (N, 7)
    float64, probabilities averaged over ten views, where `training.ten_crop` measured them.
    Read-only.
    """

    ids: np.ndarray
    labels: np.ndarray
    probabilities: np.ndarray
    scores: np.ndarray | None = None
    ten_crop: np.ndarray | None = None

    def __post_init__(self) -> None:
        shape = (len(self.ids), len(EMOTIONS))
        answers = self.probabilities, self.scores, self.ten_crop
        wrong = any(each is not None and each.shape != shape for each in answers)
        if wrong or self.labels.shape != shape[:1]:
            raise ValueError(f"labels and probabilities do not fit {len(self.ids)} ids")

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def predicted(self) -> np.ndarray:
        """(N,) index into EMOTIONS of the most probable emotion."""
        answers: np.ndarray = self.probabilities.argmax(axis=1)
        return answers

    @property
    def correct(self) -> np.ndarray:
        """(N,) bool: whether the answer is FER2013's label."""
        right: np.ndarray = self.predicted == self.labels
        return right

    @property
    def ten_crop_accuracy(self) -> float | None:
        """Share of right answers with test-time augmentation; None where it was not measured."""
        if self.ten_crop is None:
            return None
        return float((self.ten_crop.argmax(axis=1) == self.labels).mean())

    @property
    def one_vs_rest_scores(self) -> np.ndarray:
        """(N, 7) an emotion's own score where the variant has one, else its probability."""
        return self.probabilities if self.scores is None else self.scores

    def split(self, name: str) -> "Predictions":
        """Those of `PublicTest` or `PrivateTest`."""
        return self.select(np.char.startswith(self.ids, f"{name}_"))

    def select(self, chosen: np.ndarray) -> "Predictions":
        """Those of the images that `chosen` (N,) bool names."""
        arrays: dict[str, Any] = {
            key: None if each is None else each[chosen] for key, each in vars(self).items()
        }
        return Predictions(**arrays)


def evaluated_models() -> list[ModelSpec]:
    """The variants whose results are committed, in the order of the registry."""
    return [variant for variant in MODELS.values() if summaries.load_summary(variant) is not None]


def load_predictions(name: str) -> Predictions:
    """A variant's predictions on both test splits; the file is read once.

    Raises `ValueError` for an unknown name, `ResultsError` where the file is missing or damaged.
    """
    return _read(get_model_spec(name).name)


@cached
def split_predictions(name: str, split: str) -> Predictions:
    """A variant's predictions on one test split. Raises as `load_predictions`."""
    return load_predictions(name).split(split)


@cached
def _read(name: str) -> Predictions:
    variant = get_model_spec(name)
    path = summaries.path(variant).with_suffix(".npz")
    content = store.read_verified(path, EVALUATE_COMMAND)
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as saved:
            arrays = {key: saved[key] for key in saved.files}
        floats = {k: a.astype(np.float64) for k, a in arrays.items() if a.dtype == np.float16}
        read = Predictions(arrays["ids"], arrays["labels"].astype(np.int64), **floats)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise store.corrupted_error(path) from error
    for array in vars(read).values():
        if array is not None:
            array.flags.writeable = False  # shared by every visitor
    return read
