"""Agreement between models, whether or not their answers are correct.

Reads no models and no files. An answer is the most probable emotion of a face.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan, sqrt
from typing import NamedTuple

import numpy as np

from fer_core.emotions import EMOTIONS
from fer_core.evaluation import classification, uncertainty
from fer_core.evaluation.uncertainty import Interval, Z


@dataclass(frozen=True)
class Consensus:
    """Several models' answers for one face."""

    counts: dict[str, int]  # emotion → models, most frequent first, ties in the order of EMOTIONS

    @property
    def total(self) -> int:
        """Number of models."""
        return sum(self.counts.values())

    @property
    def top_count(self) -> int:
        """Number of models with the most frequent answer."""
        return max(self.counts.values())

    @property
    def leaders(self) -> tuple[str, ...]:
        """The most frequent answer; several if they are tied."""
        return tuple(name for name, count in self.counts.items() if count == self.top_count)

    @property
    def is_unanimous(self) -> bool:
        """Whether all models give the same answer."""
        return self.top_count == self.total

    @property
    def is_split(self) -> bool:
        """Whether the most frequent answer is tied."""
        return len(self.leaders) > 1

    @property
    def pair_agreement(self) -> float:
        """Share of the pairs of models that agree (P_i of Fleiss 1971); 1 for a single model."""
        pair_count = self.total * (self.total - 1)
        agreeing = sum(n * (n - 1) for n in self.counts.values())
        return agreeing / pair_count if pair_count else 1.0


def consensus(answers: Sequence[str]) -> Consensus:
    """The consensus of one emotion per model; raises `ValueError` if there are none."""
    if not answers:
        raise ValueError("a consensus needs at least one answer")
    counts = Counter(answers)
    ranked = sorted(counts, key=lambda name: (-counts[name], EMOTIONS.index(name)))
    return Consensus({name: counts[name] for name in ranked})


def rank_by_disagreement(faces: Sequence[Consensus]) -> list[int]:
    """Indices of the faces, lowest `pair_agreement` first; ties keep their order."""
    return sorted(range(len(faces)), key=lambda i: faces[i].pair_agreement)


def dissenters(answers: Mapping[str, str], consensus: Consensus) -> list[str]:
    """Find the models that disagree with the most frequent answer.

    Args:
        answers: Model name → emotion.
        consensus: The consensus of these answers.

    Returns:
        Their names; none if the most frequent answer is tied.
    """
    if consensus.is_split:
        return []
    return [name for name, emotion in answers.items() if emotion not in consensus.leaders]


def count_votes(answers: Iterable[str]) -> dict[str, int]:
    """Emotion → number of answers, in the order of EMOTIONS, zeros included."""
    counts = Counter(answers)
    return {emotion: counts[emotion] for emotion in EMOTIONS}


def group_by_answer(answers: Mapping[str, str]) -> dict[str, list[str]]:
    """Model name → emotion becomes emotion → model names, most frequent first, ties in order."""
    groups: dict[str, list[str]] = {}
    for name, emotion in answers.items():
        groups.setdefault(emotion, []).append(name)
    return dict(sorted(groups.items(), key=lambda item: -len(item[1])))


def to_indices(emotions: Sequence[str]) -> np.ndarray:
    """N emotions → (N,) int64 indices into EMOTIONS."""
    return np.array([EMOTIONS.index(emotion) for emotion in emotions], np.int64)


def agreement_rate(first: np.ndarray, second: np.ndarray) -> float:
    """Share of N faces for which two models give the same answer.

    Args:
        first: (N,) indices into EMOTIONS, N ≥ 1.
        second: The other model's answers for the same faces.

    Returns:
        A fraction.

    Raises:
        ValueError: The arrays are empty or their shapes differ.
    """
    _check_paired(first, second)
    return float((first == second).mean())


class Kappa(NamedTuple):
    """Cohen's kappa with half the width of its 95 % interval; both NaN if undefined."""

    value: float
    half_width: float

    @property
    def interval(self) -> Interval:
        """The 95 % interval; no end is above 1."""
        return Interval(self.value - self.half_width, min(self.value + self.half_width, 1.0))


def kappa(first: np.ndarray, second: np.ndarray) -> Kappa:
    """Cohen's kappa of two models' answers (Cohen 1960): agreement corrected for chance.

    1 means identical answers, 0 the agreement expected of two models that answer with the same
    frequencies as these but independently. Undefined (NaN) if both always give one and the same
    answer. The interval is the large-sample one of Fleiss, Cohen & Everitt (1969).

    Args:
        first: As for `agreement_rate`.
        second: As for `agreement_rate`.

    Returns:
        Kappa and the half-width of its interval.

    Raises:
        ValueError: As for `agreement_rate`.
    """
    _check_paired(first, second)
    joint = classification.confusion_matrix(first, second) / len(first)
    rows, columns = joint.sum(axis=1), joint.sum(axis=0)
    observed, chance = float(np.trace(joint)), float(rows @ columns)
    if chance == 1:
        return Kappa(nan, nan)
    value = (observed - chance) / (1 - chance)
    weights = (1 - value) ** 2 * (columns[:, None] + rows[None, :]) ** 2
    np.fill_diagonal(weights, (1 - (rows + columns) * (1 - value)) ** 2)
    variance = float((joint * weights).sum()) - (value - chance * (1 - value)) ** 2
    error = sqrt(max(variance, 0.0) / len(first)) / (1 - chance)
    return Kappa(value, Z * error)


def kappa_difference(
    first: np.ndarray, second: np.ndarray, answers: np.ndarray
) -> tuple[float, Interval]:
    """How much higher Cohen's kappa of a model's answers is with `first` than with `second`.

    Both kappas are of the same faces, so their intervals cannot be compared by eye; the interval of
    the difference is a paired percentile bootstrap over faces.

    Args:
        first: (N,) indices into EMOTIONS, N ≥ 1, such as the crowd's majorities.
        second: (N,) indices, such as the labels.
        answers: (N,) the model's answers for the same faces.

    Returns:
        The difference and its 95 % interval; NaN where a kappa is undefined.

    Raises:
        ValueError: The arrays are empty or their shapes differ.
    """
    _check_paired(first, answers)
    _check_paired(second, answers)
    k = len(EMOTIONS)
    cells = np.ravel_multi_index((first, second, answers), (k, k, k))
    counts = np.bincount(cells, minlength=k**3).reshape(k, k, k)

    def difference(tables: np.ndarray) -> np.ndarray:  # (R, k, k, k)
        values: np.ndarray = _kappas(tables.sum(axis=-2)) - _kappas(tables.sum(axis=-3))
        return values

    interval = uncertainty.bootstrap_interval(counts, difference)  # takes any table of counts
    return float(difference(counts[None])[0]), interval


def _kappas(matrices: np.ndarray) -> np.ndarray:
    """(R, 7, 7) confusion matrices → (R,) Cohen's kappas."""
    joint = matrices / matrices.sum(axis=(-2, -1), keepdims=True)
    observed = np.trace(joint, axis1=-2, axis2=-1)
    chance = (joint.sum(axis=-1) * joint.sum(axis=-2)).sum(axis=-1)
    with np.errstate(invalid="ignore"):
        kappas: np.ndarray = (observed - chance) / (1 - chance)
    return kappas


class Pair(NamedTuple):
    """The agreement of two models on the same N faces."""

    first: str
    second: str
    n: int
    agreement: float  # share of the faces with the same answer
    kappa: Kappa


def pairwise_agreement(answers: dict[str, np.ndarray]) -> list[Pair]:
    """The agreement of every pair of models, in the order of `answers` (name → (N,) indices)."""
    model_names = list(answers)
    return [
        Pair(
            first,
            second,
            len(answers[first]),
            agreement_rate(answers[first], answers[second]),
            kappa(answers[first], answers[second]),
        )
        for i, first in enumerate(model_names)
        for second in model_names[i + 1 :]
    ]


def extremes(pairs: Iterable[Pair]) -> tuple[Pair, Pair] | None:
    """The pairs with the highest and the lowest kappa; None if fewer than two have one."""
    defined = [pair for pair in pairs if not isnan(pair.kappa.value)]
    if len(defined) < 2:
        return None
    return max(defined, key=_kappa_value), min(defined, key=_kappa_value)


def _kappa_value(pair: Pair) -> float:
    return pair.kappa.value


def _check_paired(first: np.ndarray, second: np.ndarray) -> None:
    if first.shape != second.shape or first.ndim != 1 or not len(first):
        raise ValueError(f"{first.shape} and {second.shape} answers do not pair up")
