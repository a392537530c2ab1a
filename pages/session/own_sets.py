"""A visitor's own test sets and models: numbers of a session, in memory, deleted with it."""

from dataclasses import dataclass, field, replace

import numpy as np

from fer_core.artifacts.predictions import Predictions
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.registry import ModelSpec
from pages.session.per_session import PerSession
from pages.text.escape import plain_title

SESSION_KEY = "own-results"
FACE_BYTES = 300  # of a face's name, label and groups
ANSWER_BYTES = 130  # of a model's probabilities and scores for a face
MAX_SETS = 10
MAX_MODELS = 10  # for one set


@dataclass(eq=False)
class OwnResults:
    """What a visitor has evaluated or opened.

    Attributes:
        sets: Own labelled faces by name, without the models of `models`.
        models: Name of a set → own models' predictions for it by name.
        chips: Name of a set → (N, 48, 48) uint8, its faces in its order; not of a results file.
        sides: Name of a set → (N,) px, the longer side of each face in its photo, where known.
        notes: (Set, model) → what to know of an own model's predictions; sentences.
    """

    sets: dict[str, EvaluationSet] = field(default_factory=dict)
    models: dict[str, dict[str, tuple[ModelSpec, Predictions]]] = field(default_factory=dict)
    chips: dict[str, np.ndarray] = field(default_factory=dict)
    sides: dict[str, np.ndarray] = field(default_factory=dict)
    notes: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    session_id: str = ""
    _extended: dict[tuple[str, ...], tuple[EvaluationSet, EvaluationSet]] = field(
        default_factory=dict
    )

    @property
    def memory_bytes(self) -> int:
        """Approximate memory use in bytes; iterates over copies, as other threads may call this."""
        chips = sum(chips.nbytes for chips in self.chips.copy().values())
        faces = sum(
            len(each) * (FACE_BYTES + ANSWER_BYTES * len(each.models))
            for each in self.sets.copy().values()
        )
        answers = sum(
            len(predictions) * ANSWER_BYTES
            for models in self.models.copy().values()
            for _, predictions in models.copy().values()
        )
        return chips + faces + answers

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing."""
        return not self.sets and not any(self.models.values())

    def take_over(self, other: "OwnResults") -> None:
        """Take everything from another session's results, which have none then."""
        for name in ("sets", "models", "chips", "sides", "notes"):
            setattr(self, name, getattr(other, name))
            setattr(other, name, {})
        self._extended.clear()
        other._extended.clear()

    def with_own_models(self, evaluation_set: EvaluationSet) -> EvaluationSet:
        """The set with the visitor's own models for the same faces, the same object each time.

        Args:
            evaluation_set: A set, or a part of FER2013's split that the models were given for.
        """
        models = self.models.get(evaluation_set.split or evaluation_set.name, {})
        if not models:
            return evaluation_set
        key = (evaluation_set.name, evaluation_set.title, *models)
        before, extended = self._extended.get(key, (None, evaluation_set))
        if before is not evaluation_set:
            extended = evaluation_set
            for model, predictions in models.values():
                extended = extended.with_model(model, aligned(predictions, evaluation_set))
            self._extended[key] = evaluation_set, extended
        return extended

    def add_set(
        self,
        evaluation_set: EvaluationSet,
        chips: np.ndarray | None = None,
        sides: np.ndarray | None = None,
    ) -> None:
        """Add a set, or replace the one of the same name.

        Titles, which can come from a stranger's file, are made plain: pages print them as they are.

        Args:
            evaluation_set: The set.
            chips: Its faces, if they are known.
            sides: As of `sides`, if they are known.
        """
        self.remove_set(evaluation_set.name)
        models = [_with_plain_title(model) for model in evaluation_set.list_models()]
        self.sets[evaluation_set.name] = replace(
            evaluation_set, title=plain_title(evaluation_set.title), list_models=lambda: models
        )
        if chips is not None:
            self.chips[evaluation_set.name] = chips
        if sides is not None:
            self.sides[evaluation_set.name] = sides
        self._extended.clear()

    def remove_set(self, name: str) -> None:
        """Remove a set and the own models that belong to it."""
        for kept in (self.sets, self.models, self.chips, self.sides):
            kept.pop(name, None)
        self.notes = {key: notes for key, notes in self.notes.items() if key[0] != name}
        self._extended.clear()

    def add_model(
        self,
        set_name: str,
        model: ModelSpec,
        predictions: Predictions,
        notes: tuple[str, ...] = (),
    ) -> None:
        """Add an own model, or replace the one of the same name; its title as for `add_set`.

        Args:
            set_name: Name of an own set, or FER2013's split.
            model: The model's record.
            predictions: Its predictions for all faces of that set.
            notes: What to know of them; sentences.
        """
        self.models.setdefault(set_name, {})[model.name] = _with_plain_title(model), predictions
        self.notes[set_name, model.name] = notes
        self._extended.clear()

    def remove_model(self, set_name: str, model_name: str) -> None:
        """Remove an own model."""
        self.models.get(set_name, {}).pop(model_name, None)
        self.notes.pop((set_name, model_name), None)
        self._extended.clear()


def _with_plain_title(model: ModelSpec) -> ModelSpec:
    if not model.is_own:
        return model
    return replace(
        model, title=plain_title(model.title), short_title=plain_title(model.short_title)
    )


def aligned(predictions: Predictions, evaluation_set: EvaluationSet) -> Predictions:
    """The predictions for the faces of a set, in its order and measured by its labels.

    Args:
        predictions: For these faces, and perhaps others.
        evaluation_set: The set.

    Raises:
        KeyError: A face has no prediction.
    """
    index = {face: i for i, face in enumerate(predictions.ids.tolist())}
    known = evaluation_set.any_predictions
    rows = np.array([index[face] for face in known.ids.tolist()], np.int64)
    return predictions.select(rows).with_labels(known.labels)


_RESULTS = PerSession(SESSION_KEY, lambda session_id: OwnResults(session_id=session_id))
own_results, of_session, memory_bytes = (
    _RESULTS.current,
    _RESULTS.of_session,
    _RESULTS.memory_bytes,
)
