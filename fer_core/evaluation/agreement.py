"""How far several variants give the same answer; whether the answer is right plays no part here.

No model, no file. Answers are the most probable emotion of each face.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan, sqrt
from typing import NamedTuple

import numpy as np

from fer_core.emotions import EMOTIONS
from fer_core.evaluation import classification
from fer_core.evaluation.uncertainty import Z


@dataclass(frozen=True)
class Consensus:
    """What several variants say of one face; `counts` holds only emotions that were named."""

    counts: dict[str, int]  # most named first, equal ones in the order of EMOTIONS

    @property
    def total(self) -> int:
        """How many variants answered."""
        return sum(self.counts.values())

    @property
    def top_count(self) -> int:
        """How many variants gave the most common answer."""
        return max(self.counts.values())

    @property
    def leaders(self) -> tuple[str, ...]:
        """The most common answer, or several where they were named equally often."""
        return tuple(name for name, count in self.counts.items() if count == self.top_count)

    @property
    def is_unanimous(self) -> bool:
        """Whether everybody gave the same answer."""
        return self.top_count == self.total

    @property
    def is_split(self) -> bool:
        """Whether no single answer leads."""
        return len(self.leaders) > 1

    @property
    def pair_agreement(self) -> float:
        """Share of the pairs of variants that agree (P_i of Fleiss 1971); 1 where there is none."""
        pairs = self.total * (self.total - 1)
        return sum(n * (n - 1) for n in self.counts.values()) / pairs if pairs else 1.0


def consensus(said: Sequence[str]) -> Consensus:
    """One emotion a variant → their consensus. Raises `ValueError` where nobody said anything."""
    if not said:
        raise ValueError("a consensus needs at least one answer")
    counted = Counter(said)
    ranked = sorted(counted, key=lambda name: (-counted[name], EMOTIONS.index(name)))
    return Consensus({name: counted[name] for name in ranked})


def rank_by_disagreement(faces: Sequence[Consensus]) -> list[int]:
    """Places of the faces, those first on which the fewest pairs of variants agree; else in the
    order they came."""
    return sorted(range(len(faces)), key=lambda i: faces[i].pair_agreement)


def dissenters(said: Mapping[str, str], told: Consensus) -> list[str]:
    """The variants that say something else than the most common answer; none where none leads.

    `said` is one emotion a variant, whose consensus is `told`.
    """
    if told.is_split:
        return []
    return [name for name, emotion in said.items() if emotion not in told.leaders]


def count_votes(said: Iterable[str]) -> dict[str, int]:
    """How many of the answers are each emotion, in the order of EMOTIONS, zeros included."""
    counted = Counter(said)
    return {emotion: counted[emotion] for emotion in EMOTIONS}


def group_by_answer(said: Mapping[str, str]) -> dict[str, list[str]]:
    """One emotion a variant → the variants by emotion, the most common answer first, equal ones in
    the order they came."""
    found: dict[str, list[str]] = {}
    for name, emotion in said.items():
        found.setdefault(emotion, []).append(name)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def to_indices(said: Sequence[str]) -> np.ndarray:
    """N emotions → (N,) int64 indices into EMOTIONS."""
    return np.array([EMOTIONS.index(emotion) for emotion in said], np.int64)


def agreement_rate(first: np.ndarray, second: np.ndarray) -> float:
    """Share of N faces for which two variants say the same, a fraction.

    `first` and `second` (N,) integers into EMOTIONS. Raises `ValueError` for arrays that do not
    pair up and where there is no face.
    """
    _check(first, second)
    return float((first == second).mean())


class Kappa(NamedTuple):
    """Cohen's kappa and half of the width of its 95 % interval; both NaN where undefined."""

    value: float
    half_width: float


def kappa(first: np.ndarray, second: np.ndarray) -> Kappa:
    """Cohen's kappa of two variants' answers (Cohen 1960).

    How much of the agreement that chance would leave undone was reached: 1 is always the same, 0 as
    often as two that answer each emotion as often as these do, but without looking. Undefined (NaN)
    where both give one and the same answer throughout. The interval is the large-sample one of
    Fleiss, Cohen & Everitt (1969). Arrays and errors as for `same_answer`.
    """
    _check(first, second)
    shares = classification.confusion_matrix(first, second) / len(first)
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    agreed, chance = float(np.trace(shares)), float(rows @ columns)
    if chance == 1:
        return Kappa(nan, nan)
    value = (agreed - chance) / (1 - chance)
    weights = (1 - value) ** 2 * (columns[:, None] + rows[None, :]) ** 2
    np.fill_diagonal(weights, (1 - (rows + columns) * (1 - value)) ** 2)
    spread = float((shares * weights).sum()) - (value - chance * (1 - value)) ** 2
    error = sqrt(max(spread, 0.0) / len(first)) / (1 - chance)
    return Kappa(value, Z * error)


class Pair(NamedTuple):
    """Two variants on the same N faces."""

    first: str
    second: str
    n: int
    agreement: float  # share of the faces, a fraction
    kappa: Kappa


def pairwise_agreement(answers: dict[str, np.ndarray]) -> list[Pair]:
    """Every pair of variants once, in the order of `answers` (name → (N,) integers)."""
    names = list(answers)
    return [
        Pair(
            one,
            other,
            len(answers[one]),
            agreement_rate(answers[one], answers[other]),
            kappa(answers[one], answers[other]),
        )
        for i, one in enumerate(names)
        for other in names[i + 1 :]
    ]


def extremes(found: Iterable[Pair]) -> tuple[Pair, Pair] | None:
    """The most and the least alike pair by kappa; None where fewer than two have one."""
    known = [pair for pair in found if not isnan(pair.kappa.value)]
    if len(known) < 2:
        return None
    return max(known, key=_by_kappa), min(known, key=_by_kappa)


def _by_kappa(pair: Pair) -> float:
    return pair.kappa.value


def _check(first: np.ndarray, second: np.ndarray) -> None:
    if first.shape != second.shape or first.ndim != 1 or not len(first):
        raise ValueError(f"{first.shape} and {second.shape} answers do not pair up")
