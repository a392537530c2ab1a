"""Label audit: which labels are probably wrong, and how often such a suspicion is right.

Faces are ranked by how little the models believe their label: suspicion is 1 − the probability of
the given label, cleanlab's "self-confidence" (Northcutt, Jiang and Chuang 2021, "Confident
learning"). This needs predictions for faces that a model was not fitted to, which all predictions
of an evaluation set of FER2013 are; whether a user's own are, only the user knows. FER+'s ten
annotators judge the ranking: how many of the most suspicious labels does their clear majority
contradict?
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from fer_core.artifacts import summaries
from fer_core.artifacts.predictions import Predictions, memoized
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.ferplus_majorities import load_majorities
from fer_core.evaluation.uncertainty import Interval, wilson_interval
from fer_core.registry import ModelSpec, list_networks

#: The hit rate of fewer faces says nothing, so its curve begins here.
MIN_FACES: Final = 20


class HitRate(NamedTuple):
    """How many of the most suspicious labels the crowd contradicts."""

    hits: int  # labels that the crowd's clear majority contradicts
    n: int  # most suspicious labels looked at
    confirmed: int  # labels that are the crowd's clear majority
    chance: float  # share of hits among all faces, which a ranking at random would find

    @property
    def unclear(self) -> int:
        """Labels of faces without a clear majority."""
        return self.n - self.hits - self.confirmed

    @property
    def value(self) -> float:
        """Share of hits."""
        return self.hits / self.n

    @property
    def interval(self) -> Interval:
        """95 % Wilson interval of the share."""
        return wilson_interval(self.hits, self.n)


class Pair(NamedTuple):
    """The suspicious labels of one emotion that the models call another."""

    label: int  # index into EMOTIONS
    answer: int  # index into EMOTIONS
    n: int
    hits: int  # labels that the crowd's clear majority contradicts
    sided: int  # of these, faces that the crowd calls what the models call them

    @property
    def interval(self) -> Interval:
        """95 % Wilson interval of the share of hits."""
        return wilson_interval(self.hits, self.n)


@dataclass(frozen=True, eq=False)
class LabelAudit:
    """Faces ranked by how little one model, or the mean of several, believes their label.

    Attributes:
        ids: (N,) str, most suspicious first, like all arrays here.
        labels: (N,) indices into EMOTIONS.
        probabilities: (N, 7), of the model or the mean of several.
        majorities: (N,) index into EMOTIONS of the crowd's clear majority, -1 without one; None
            where the crowd cannot judge.
        rows: (N,) the faces' indices in the evaluation set.
    """

    ids: np.ndarray
    labels: np.ndarray
    probabilities: np.ndarray
    majorities: np.ndarray | None
    rows: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def suspicion(self) -> np.ndarray:
        """(N,) 1 − the probability of the given label."""
        suspicion: np.ndarray = 1 - self.probabilities[np.arange(len(self)), self.labels]
        return suspicion

    @property
    def answers(self) -> np.ndarray:
        """(N,) index into EMOTIONS of the most probable emotion."""
        answers: np.ndarray = self.probabilities.argmax(axis=1)
        return answers

    @property
    def judged(self) -> np.ndarray:
        """(N,) the crowd's clear majorities; raises `ValueError` where it cannot judge."""
        if self.majorities is None:
            raise ValueError("no crowd has judged these labels")
        return self.majorities

    @property
    def contradicted(self) -> np.ndarray:
        """(N,) bool: a clear majority contradicts the label; raises as `judged`."""
        contradicted: np.ndarray = (self.judged >= 0) & (self.judged != self.labels)
        return contradicted

    def clear(self) -> "LabelAudit":
        """The same ranking of only the faces with a clear majority; raises as `judged`."""
        return self.select(np.flatnonzero(self.judged >= 0))

    def select(self, places: np.ndarray) -> "LabelAudit":
        """Some faces, by their places in the ranking, in the given order."""
        majorities = None if self.majorities is None else self.majorities[places]
        return LabelAudit(
            self.ids[places],
            self.labels[places],
            self.probabilities[places],
            majorities,
            self.rows[places],
        )


@memoized
def audit(evaluation_set: EvaluationSet, model_names: tuple[str, ...]) -> LabelAudit:
    """Rank a set's faces by how little the models believe their labels.

    Args:
        evaluation_set: The faces.
        model_names: One model of the set, or several, whose probabilities are averaged.

    Returns:
        The ranking; faces of equal suspicion in the set's order.

    Raises:
        ResultsError: Predictions or the crowd's majorities are missing or damaged.
    """
    predictions = [evaluation_set.predictions(name) for name in model_names]
    majorities = None
    if has_judge(evaluation_set):
        by_id = load_majorities(evaluation_set.split)
        majorities = np.array([by_id.get(face, -1) for face in predictions[0].ids.tolist()])
    return rank(predictions, majorities)


def rank(predictions: Sequence[Predictions], majorities: np.ndarray | None = None) -> LabelAudit:
    """Rank faces by how little the mean of the models' probabilities believes their labels.

    Args:
        predictions: One or more models', for the same N faces in the same order.
        majorities: (N,) index into EMOTIONS of the crowd's clear majority, -1 without one.

    Raises:
        ValueError: The faces differ.
    """
    first = predictions[0]
    if any(not np.array_equal(each.ids, first.ids) for each in predictions):
        raise ValueError("the models must have predicted the same images in the same order")
    probabilities = np.mean([each.probabilities for each in predictions], axis=0)
    belief = probabilities[np.arange(len(first)), first.labels]
    unranked = LabelAudit(first.ids, first.labels, probabilities, majorities, np.arange(len(first)))
    return unranked.select(np.argsort(belief, kind="stable"))


def has_judge(evaluation_set: EvaluationSet) -> bool:
    """Whether FER+'s annotators can judge the labels: FER2013's, not the annotators' own."""
    return evaluation_set.is_fer2013 and not evaluation_set.by_crowd


def hit_rate(ranking: LabelAudit, k: int) -> HitRate:
    """Count how many of the first `k` labels of a ranking the crowd contradicts.

    Args:
        ranking: Faces that the crowd has judged; with `clear()`, only those with a majority.
        k: Number of faces, at most all are counted.

    Raises:
        ValueError: No crowd has judged them, or there is no face.
    """
    contradicted = ranking.contradicted
    if not len(contradicted):
        raise ValueError("there is no face to judge")
    confirmed = int((ranking.judged[:k] == ranking.labels[:k]).sum())
    first = contradicted[:k]
    return HitRate(int(first.sum()), len(first), confirmed, float(contradicted.mean()))


def hit_curve(ranking: LabelAudit, longest: int) -> list[HitRate]:
    """The hit rate among the first k faces, for k from `MIN_FACES` to `longest` or all faces."""
    contradicted, same = ranking.contradicted, ranking.judged == ranking.labels
    hits, confirmed = np.cumsum(contradicted), np.cumsum(same)
    chance = float(contradicted.mean()) if len(contradicted) else 0.0
    return [
        HitRate(int(hits[k - 1]), k, int(confirmed[k - 1]), chance)
        for k in range(MIN_FACES, min(longest, len(ranking)) + 1)
    ]


def pairs(ranking: LabelAudit, k: int) -> list[Pair]:
    """Group the first `k` faces by their label and what the models say instead.

    Args:
        ranking: The faces; without a crowd, no label counts as contradicted.
        k: Number of faces.

    Returns:
        The pairs, most frequent first. Faces that the models call what they are labelled are left
        out: there the suspicion is only that they are not sure.
    """
    first = ranking.select(np.arange(min(k, len(ranking))))
    labels, answers = first.labels, first.answers
    hits = np.zeros(len(first), bool) if first.majorities is None else first.contradicted
    sided = hits if first.majorities is None else hits & (first.majorities == answers)
    rows = []
    for label, answer in sorted(set(zip(labels.tolist(), answers.tolist(), strict=True))):
        here = (labels == label) & (answers == answer)
        if label != answer:
            counts = (int(mask[here].sum()) for mask in (np.ones_like(hits), hits, sided))
            rows.append(Pair(label, answer, *counts))
    return sorted(rows, key=lambda row: -row.n)


def averaged_models(evaluation_set: EvaluationSet) -> list[ModelSpec]:
    """The networks of a set whose mean audits its labels.

    These are neither ensembles, which would count their members twice, nor a network that learned
    what FER+'s annotators say instead of labels, nor a user's own model.
    """
    networks = list_networks()
    return [
        model
        for model in evaluation_set.list_models()
        if model.name in networks and not summaries.trained_by_votes(model)
    ]
