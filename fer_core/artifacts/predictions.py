"""A model's predictions for labelled images, and those committed for the two test splits."""

import io
import zipfile
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import numpy as np

from fer_core.artifacts import store, summaries
from fer_core.artifacts.store import cached
from fer_core.artifacts.summaries import EVALUATE_COMMAND
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.registry import get_model_spec

SPLITS = ("PublicTest", "PrivateTest")
ARRAYS = ("ids", "labels", "probabilities", "scores", "ten_crop")

P = ParamSpec("P")
T = TypeVar("T")


def npz_bytes(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Format the content of a compressed `.npz` file."""
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)  # type: ignore[arg-type]
    return content.getvalue()


@dataclass(frozen=True, eq=False)
class Predictions:
    """One model's predictions for N labelled images, as read-only arrays.

    Attributes:
        ids: (N,) str, such as `PrivateTest_10131363`.
        labels: (N,) integers, the images' labels as indices into EMOTIONS.
        probabilities: (N, 7) float64; rows sum to 1 up to half-precision rounding.
        scores: (N, 7) float64, seven independent yes/no probabilities; only for `individual`.
        ten_crop: (N, 7) float64, probabilities averaged over ten crops, if `training.ten_crop`
            measured them.
    """

    ids: np.ndarray
    labels: np.ndarray
    probabilities: np.ndarray
    scores: np.ndarray | None = None
    ten_crop: np.ndarray | None = None
    _computed: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        shape = (len(self.ids), len(EMOTIONS))
        arrays = self.probabilities, self.scores, self.ten_crop
        mismatch = any(array is not None and array.shape != shape for array in arrays)
        if mismatch or self.labels.shape != shape[:1]:
            raise ValueError(f"labels and probabilities do not fit {len(self.ids)} ids")

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def predicted(self) -> np.ndarray:
        """(N,) index into EMOTIONS of the most probable emotion."""
        indices: np.ndarray = self.probabilities.argmax(axis=1)
        return indices

    @property
    def correct(self) -> np.ndarray:
        """(N,) bool: whether the prediction equals the label."""
        correct: np.ndarray = self.predicted == self.labels
        return correct

    @property
    def ten_crop_accuracy(self) -> float | None:
        """Accuracy with test-time augmentation (ten crops); None if it was not measured."""
        if self.ten_crop is None:
            return None
        return float((self.ten_crop.argmax(axis=1) == self.labels).mean())

    @property
    def one_vs_rest_scores(self) -> np.ndarray:
        """(N, 7) yes/no scores if the model has them, otherwise the probabilities."""
        return self.probabilities if self.scores is None else self.scores

    def split(self, name: str) -> "Predictions":
        """The predictions for `PublicTest` or `PrivateTest`."""
        return self.select(np.char.startswith(self.ids, f"{name}_"))

    def select(self, rows: np.ndarray) -> "Predictions":
        """The predictions for some rows: (N,) bool mask, or indices in the wanted order."""
        arrays = [getattr(self, name) for name in ARRAYS]
        selected: list[Any] = [None if array is None else array[rows] for array in arrays]
        return Predictions(*selected)

    def with_labels(self, labels: np.ndarray) -> "Predictions":
        """The same predictions measured by other labels, (N,) indices into EMOTIONS."""
        return Predictions(self.ids, labels, self.probabilities, self.scores, self.ten_crop)


class Memory(Protocol):
    """An object that keeps what was computed from it, see `memoized`."""

    @property
    def _computed(self) -> dict[Hashable, Any]: ...


M = TypeVar("M", bound=Memory)


def memoized(
    function: Callable[Concatenate[M, P], T],
) -> Callable[Concatenate[M, P], T]:
    """Keep what a function computes from predictions for as long as those predictions live.

    Args:
        function: Takes `Predictions` or an evaluation set, then hashable positional arguments.
    """

    @wraps(function)
    def wrapper(source: M, /, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (function, *args, *kwargs.items())
        if key not in source._computed:
            source._computed.setdefault(key, function(source, *args, **kwargs))
        value: T = source._computed[key]
        return value

    return wrapper


def load_predictions(model_name: str) -> Predictions:
    """Load a model's predictions on both test splits; the file is read only once.

    Raises:
        UnknownModelError: No model has this name.
        ResultsError: The file is missing or damaged, or the predictions must not be shown (see
            `fer_core.artifacts.summaries.problem`).
    """
    model = get_model_spec(model_name)
    if problem := summaries.problem(model):
        raise ResultsError(problem)
    return _read(model.name)


@cached
def split_predictions(model_name: str, split: str) -> Predictions:
    """Load a model's predictions on one test split; raises like `load_predictions`."""
    return load_predictions(model_name).split(split)


@cached
def _read(model_name: str) -> Predictions:
    path = summaries.predictions_path(get_model_spec(model_name))
    content = store.read_verified(path, EVALUATE_COMMAND)
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}
        floats = {k: a.astype(np.float64) for k, a in arrays.items() if a.dtype == np.float16}
        predictions = Predictions(arrays["ids"], arrays["labels"].astype(np.int64), **floats)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise store.corrupted_error(path) from error
    for name in ARRAYS:
        if (array := getattr(predictions, name)) is not None:
            array.flags.writeable = False  # the arrays are shared by all sessions
    return predictions
