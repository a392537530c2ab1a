"""Evaluation sets: labelled faces, and what each model answered about them.

FER2013's two test splits, their faces without copies in Training, the same faces labelled by the
crowd (FER+) and any labelled set of a user are the same kind of object, so every metric, test,
chart and download takes any of them.
"""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

import numpy as np

from fer_core.artifacts.predictions import SPLITS, Predictions, memoized
from fer_core.artifacts.store import cached
from fer_core.artifacts.summaries import evaluated_models
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import near_copies, uncertainty
from fer_core.evaluation.ferplus_majorities import load_majorities
from fer_core.evaluation.near_copies import Faces
from fer_core.evaluation.uncertainty import Comparison
from fer_core.registry import ModelSpec

TEST_SPLIT: Final = "PrivateTest"  # FER2013's split on which models are tested against each other


@dataclass(frozen=True, eq=False)
class EvaluationSet:
    """Labelled faces with the predictions of one or more models.

    Attributes:
        name: Identifier, as in a page's address.
        title: As shown to readers, such as `PrivateTest without copies`.
        list_models: Returns the models with predictions, in display order.
        load: Returns the predictions of one of them by its name; for the same name the same object
            each time. All models' are for the same images in the same order.
        chose_models: Whether our models were trained or chosen on these faces, so that no test on
            them is valid.
        split: FER2013's split whose faces these are; empty for others.
        faces: Which faces of the split.
        by_crowd: Whether the labels are the majorities of FER+'s annotators.
        groups: Group column → (N,) str, the group of each face, as its user gave it.
        notes: What a reader should know of these faces, such as what was left out; sentences.
    """

    name: str
    title: str
    list_models: Callable[[], Sequence[ModelSpec]]
    load: Callable[[str], Predictions]
    chose_models: bool = False
    split: str = ""
    faces: Faces = "all"
    by_crowd: bool = False
    groups: Mapping[str, np.ndarray] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    _computed: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)

    @property
    def models(self) -> dict[str, ModelSpec]:
        """The models with predictions for these faces by name, in display order."""
        return {model.name: model for model in self.list_models()}

    def is_all_of(self, split: str) -> bool:
        """Whether these are all faces of one of FER2013's splits with FER2013's labels."""
        return self.split == split and self.faces == "all" and not self.by_crowd

    @property
    def is_fer2013(self) -> bool:
        """Whether these are faces of FER2013."""
        return bool(self.split)

    def predictions(self, model_name: str) -> Predictions:
        """A model's predictions.

        Raises:
            ResultsError: They are missing or damaged.
        """
        return self.load(model_name)

    def title_of(self, model_name: str) -> str:
        """A model's display name."""
        return self.models[model_name].title

    @property
    def any_predictions(self) -> Predictions:
        """The first model's predictions that can be read; raises `ResultsError` without any."""
        error = ResultsError(f"No model has been evaluated on {self.title} yet.")
        for name in self.models:
            try:
                return self.predictions(name)
            except ResultsError as damaged:
                error = damaged
        raise error

    @property
    def labels(self) -> np.ndarray:
        """(N,) indices into EMOTIONS; raises `ResultsError` where no model has predictions."""
        return self.any_predictions.labels

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def file_title(self) -> str:
        """The title as part of a file name."""
        return "-".join(re.findall(r"\w+", self.title))

    @property
    def missing_emotions(self) -> tuple[str, ...]:
        """The emotions that no face is labelled with."""
        present = set(np.unique(self.labels).tolist())
        return tuple(name for i, name in enumerate(EMOTIONS) if i not in present)

    def compare(self, first: str, second: str) -> Comparison:
        """Compare two models on these faces, by name.

        Returns:
            McNemar's exact test and the interval of the difference in accuracy. Without the test
            where models were chosen on these faces: that favours some over others.

        Raises:
            ResultsError: Predictions are missing, or the models were evaluated on other images.
        """
        a, b = self.predictions(first), self.predictions(second)
        if not np.array_equal(a.ids, b.ids):
            titles = f"{self.title_of(first)} and {self.title_of(second)}"
            raise ResultsError(
                f"{titles} were evaluated on different images; run "
                "`python -m training.evaluate all`."
            )
        comparison = uncertainty.compare(a.correct, b.correct)
        return comparison.without_test() if self.chose_models else comparison

    def with_model(self, model: ModelSpec, predictions: Predictions) -> "EvaluationSet":
        """The same set with one more model.

        Args:
            model: Its record; the name is not yet taken.
            predictions: For the same images in the same order.

        Raises:
            ValueError: The name is taken, or the images differ.
        """
        if model.name in self.models:
            raise ValueError(f"{self.title} already has a model called {model.name}")
        if not np.array_equal(self.any_predictions.ids, predictions.ids):
            raise ValueError(f"{model.name} was evaluated on other images than {self.title}")
        before = self

        def load(name: str) -> Predictions:
            return predictions if name == model.name else before.load(name)

        return replace(self, list_models=lambda: [*before.list_models(), model], load=load)

    def group_set(self, column: str, group: str) -> "EvaluationSet":
        """The faces of one group as a set of their own."""
        mask = self.groups[column] == group
        before, selected = self, dict[str, Predictions]()

        def load(name: str) -> Predictions:
            if name not in selected:
                selected[name] = before.load(name).select(mask)
            return selected[name]

        return replace(
            self,
            name=f"{self.name}-{group}",
            title=f"{self.title}, {column} {group}",
            load=load,
            groups={name: values[mask] for name, values in self.groups.items()},
        )


def user_set(
    name: str,
    predictions: Mapping[str, Predictions],
    models: Mapping[str, ModelSpec],
    *,
    title: str = "",
    chose_models: bool = False,
    groups: Mapping[str, np.ndarray] | None = None,
    notes: tuple[str, ...] = (),
) -> EvaluationSet:
    """A user's own labelled faces as an evaluation set.

    Args:
        name: Identifier.
        predictions: Model name → its predictions, for the same images in the same order.
        models: Model name → its record.
        title: As shown to readers; the name by default.
        chose_models: As of `EvaluationSet`.
        groups: As of `EvaluationSet`.
        notes: As of `EvaluationSet`.
    """
    answers = dict(predictions)
    records = [models[model_name] for model_name in answers]
    return EvaluationSet(
        name,
        title or name,
        lambda: records,
        answers.__getitem__,
        chose_models=chose_models,
        groups=groups or {},
        notes=notes,
    )


def committed_set(split: str, faces: Faces = "all", *, by_crowd: bool = False) -> EvaluationSet:
    """A test split of FER2013 with the committed predictions.

    Args:
        split: `PublicTest` or `PrivateTest`.
        faces: Which of its faces.
        by_crowd: Measure by the clear majority of FER+'s annotators, on the faces that have one,
            instead of by FER2013's labels.

    Returns:
        The set; its predictions raise `ResultsError` where a committed file is missing or damaged.
    """
    if split not in SPLITS:
        raise ValueError(f"{split} is not one of {', '.join(SPLITS)}")
    return _committed_set(split, faces, by_crowd)


@cached
def _committed_set(split: str, faces: Faces, by_crowd: bool) -> EvaluationSet:
    title = near_copies.subset_title(split, faces)
    return EvaluationSet(
        f"{split}-crowd" if by_crowd else split,
        f"{title} by FER+ majority" if by_crowd else title,
        evaluated_models,
        partial(_committed_predictions, split, faces, by_crowd),
        chose_models=split != TEST_SPLIT,
        split=split,
        faces=faces,
        by_crowd=by_crowd,
    )


def _committed_predictions(
    split: str, faces: Faces, by_crowd: bool, model_name: str
) -> Predictions:
    predictions = near_copies.select_predictions(model_name, split, faces)
    return _by_crowd(predictions, split) if by_crowd else predictions


@memoized
def _by_crowd(predictions: Predictions, split: str) -> Predictions:
    majorities = load_majorities(split)
    labels = np.array([majorities.get(image_id, -1) for image_id in predictions.ids.tolist()])
    has_majority = labels >= 0
    return predictions.select(has_majority).with_labels(labels[has_majority])
