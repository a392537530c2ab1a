"""What a file of results says, and the checks that it passes before it becomes a set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from fer_core.artifacts.predictions import Predictions
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation.evaluation_set import EvaluationSet, user_set
from fer_core.own_model import own_model_spec
from fer_core.registry import MODELS, ModelSpec
from fer_core.text import counted, printable

MAX_FACES: Final = 500_000
MAX_MODELS: Final = 100
MAX_COLUMNS: Final = 50  # of groups
MAX_TEXT: Final = 1_000  # characters of an id, a name or a group
MAX_TEXT_BYTES: Final = 64 * 2**20  # of all ids and groups as arrays
MAX_NOTES: Final = 200
#: How far a row of probabilities may be from a sum of 1: seven values in half precision.
SUM_TOLERANCE: Final = 0.01


@dataclass(frozen=True)
class SetContent:
    """An evaluated set as arrays.

    Attributes:
        name: Identifier.
        ids: (N,) str.
        labels: (N,) integers, indices into EMOTIONS.
        probabilities: Model name → (N, 7).
        scores: Model name → (N, 7), only of yes/no models.
        groups: Column → (N,) str.
        titles: Model name → as shown to readers.
        notes: Sentences.
        title: As shown to readers.
        chose_models: As of `EvaluationSet`.
    """

    name: str
    ids: np.ndarray
    labels: np.ndarray
    probabilities: Mapping[str, np.ndarray]
    scores: Mapping[str, np.ndarray] = field(default_factory=dict)
    groups: Mapping[str, np.ndarray] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    title: str = ""
    chose_models: bool = False

    @classmethod
    def of(cls, evaluation_set: EvaluationSet) -> "SetContent":
        """The content of a set; raises `ResultsError` if it has no model."""
        models = evaluation_set.models
        predictions = {name: evaluation_set.predictions(name) for name in models}
        if not predictions:
            raise ResultsError(f"No model has been evaluated on {evaluation_set.title} yet.")
        first = next(iter(predictions.values()))
        return cls(
            evaluation_set.name,
            first.ids,
            first.labels,
            {name: given.probabilities for name, given in predictions.items()},
            {n: given.scores for n, given in predictions.items() if given.scores is not None},
            evaluation_set.groups,
            {name: model.title for name, model in models.items()},
            evaluation_set.notes,
            evaluation_set.title,
            evaluation_set.chose_models,
        )

    def checked(self, file_stem: str) -> "SetContent":
        """The same with clean texts and the dtypes of `Predictions`.

        Args:
            file_stem: The name of a set that has none.

        Raises:
            ResultsError: An array has another shape, kind or range than it must have; the message
                goes on after "it is no file of results:".
        """
        n = len(self.ids)
        _require(self.ids.ndim == 1 and self.ids.dtype.kind == "U", "it has no list of ids.")
        _require(
            0 < n <= MAX_FACES, f"it has {counted(n, 'face')}; 1 to {MAX_FACES:,} can be read."
        )
        _require(
            self.labels.shape == (n,) and self.labels.dtype.kind in "iu",
            "it does not have one label per face.",
        )
        _require(
            bool((self.labels >= 0).all() and (self.labels < len(EMOTIONS)).all()),
            f"its labels are not all numbers from 0 to {len(EMOTIONS) - 1}.",
        )
        _require(0 < len(self.probabilities) <= MAX_MODELS, "it has no models, or too many.")
        _require(self.scores.keys() <= self.probabilities.keys(), "it has scores without a model.")
        _require(len(self.groups) <= MAX_COLUMNS, "it has too many columns of groups.")
        for names, what in ((self.probabilities, "models"), (self.groups, "columns of groups")):
            _require(len(set(map(bounded_text, names))) == len(names), f"two {what} have one name.")
        columns = [_group_texts(column, values, n) for column, values in self.groups.items()]
        ids, *groups = text_arrays([self.ids.tolist(), *columns])
        _require(len(set(ids.tolist())) == n, "several faces have one id.")
        return SetContent(
            bounded_text(self.name) or file_stem,
            ids,
            self.labels.astype(np.int64),
            {bounded_text(m): _probabilities(m, a, n) for m, a in self.probabilities.items()},
            {bounded_text(m): _shares(m, a, n).clip(0, 1) for m, a in self.scores.items()},
            dict(zip(map(bounded_text, self.groups), groups, strict=True)),
            {bounded_text(m): bounded_text(title) for m, title in self.titles.items()},
            tuple(bounded_text(note) for note in self.notes[:MAX_NOTES]),
            bounded_text(self.title),
            self.chose_models,
        )

    def evaluation_set(self) -> EvaluationSet:
        """The set; a model that the registry does not have gets a record of its own."""
        predictions: dict[str, Predictions] = {}
        models: dict[str, ModelSpec] = {}
        known = {name for name in self.probabilities if name in MODELS}
        for name, probabilities in self.probabilities.items():
            title = self.titles.get(name) or name
            model = MODELS.get(name) or own_model_spec(name, title, taken={*known, *models})
            models[model.name] = model
            predictions[model.name] = Predictions(
                self.ids, self.labels, probabilities, self.scores.get(name)
            )
        return user_set(
            self.name,
            predictions,
            models,
            title=self.title,
            chose_models=self.chose_models,
            groups=self.groups,
            notes=self.notes,
        )


def bounded_text(value: Any) -> str:
    """A text from a file, printable; raises `ResultsError` if it is none or too long."""
    _require(isinstance(value, str), "a name in it is no text.")
    _require(len(value) <= MAX_TEXT, f"a text in it is longer than {MAX_TEXT:,} characters.")
    return printable(value)


def text_arrays(columns: Sequence[Sequence[Any]]) -> list[np.ndarray]:
    """The ids and the groups of a file as arrays, one (N,) str per column.

    An array takes four bytes for each character of its longest text, for every face.

    Raises:
        ResultsError: A text is none or too long, or the arrays would be larger than
            `MAX_TEXT_BYTES`; nothing is built then.
    """
    texts = [[bounded_text(value) for value in column] for column in columns]
    size = sum(4 * len(column) * max(map(len, column), default=0) for column in texts)
    _require(
        size <= MAX_TEXT_BYTES,
        f"its ids and groups need more than {MAX_TEXT_BYTES >> 20} MB: shorten the longest.",
    )
    return [np.array(column) for column in texts]


def _require(condition: bool, sentence: str) -> None:
    if not condition:
        raise ResultsError(sentence)


def _shares(model: str, array: np.ndarray, n: int) -> np.ndarray:
    """(N, 7) float64 within [0, 1], up to `SUM_TOLERANCE` more."""
    shown = printable(model)
    _require(
        array.shape == (n, len(EMOTIONS)) and array.dtype.kind in "fiu",
        f"{shown} does not have {len(EMOTIONS)} numbers per face.",
    )
    values: np.ndarray = array.astype(np.float64)
    _require(
        bool(((values >= 0) & (values <= 1 + SUM_TOLERANCE)).all()),
        f"the numbers of {shown} are not all between 0 and 1.",
    )
    return values


def _probabilities(model: str, array: np.ndarray, n: int) -> np.ndarray:
    """(N, 7) float64 within [0, 1], whose rows sum to 1."""
    values = _shares(model, array, n)
    sums = values.sum(axis=1, keepdims=True)
    _require(
        bool((np.abs(sums - 1) <= SUM_TOLERANCE).all()),
        f"the probabilities of {printable(model)} do not sum to 1.",
    )
    normalised: np.ndarray = values / sums
    return normalised


def _group_texts(column: str, values: np.ndarray, n: int) -> list[str]:
    _require(
        values.shape == (n,) and values.dtype.kind == "U",
        f"the column {printable(column)} does not have one group per face.",
    )
    texts: list[str] = values.tolist()
    return texts
