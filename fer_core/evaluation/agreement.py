"""How far several variants give the same answer; whether the answer is right plays no part here.

Pure Python and NumPy, no model, no file. Answers are the most probable emotion of each face.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import nan, sqrt
from typing import NamedTuple

import numpy as np

from fer_core.emotions import EMOTIONS

Z = 1.959963984540054  # of the normal distribution, for 95 %


@dataclass(frozen=True)
class Consensus:
    """What several variants say of one face; `counts` holds only emotions that were named."""

    counts: dict[str, int]  # most named first, equal ones in the order of EMOTIONS

    @property
    def total(self) -> int:
        """How many variants answered."""
        return sum(self.counts.values())

    @property
    def most(self) -> int:
        """How many variants gave the most common answer."""
        return max(self.counts.values())

    @property
    def leaders(self) -> tuple[str, ...]:
        """The most common answer, or several where they were named equally often."""
        return tuple(name for name, count in self.counts.items() if count == self.most)

    @property
    def unanimous(self) -> bool:
        """Whether everybody gave the same answer."""
        return self.most == self.total

    @property
    def split(self) -> bool:
        """Whether no single answer leads."""
        return len(self.leaders) > 1

    @property
    def same_pairs(self) -> float:
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


def same_answer(first: np.ndarray, second: np.ndarray) -> float:
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
    table = np.zeros((len(EMOTIONS), len(EMOTIONS)))
    np.add.at(table, (first, second), 1)
    shares = table / len(first)
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
    same: float  # share of the faces, a fraction
    kappa: Kappa


def pairs(answers: dict[str, np.ndarray]) -> list[Pair]:
    """Every pair of variants once, in the order of `answers` (name → (N,) integers)."""
    names = list(answers)
    return [
        Pair(
            one,
            other,
            len(answers[one]),
            same_answer(answers[one], answers[other]),
            kappa(answers[one], answers[other]),
        )
        for i, one in enumerate(names)
        for other in names[i + 1 :]
    ]


def _check(first: np.ndarray, second: np.ndarray) -> None:
    if first.shape != second.shape or first.ndim != 1 or not len(first):
        raise ValueError(f"{first.shape} and {second.shape} answers do not pair up")
