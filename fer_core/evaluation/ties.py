"""Which models cannot be told apart from the most accurate one on the same faces.

The first model is tested against each other one (McNemar's exact test), with Holm's (1979)
correction for the number of tests. All models answer the same faces, so one bootstrap over faces
redraws them for all models together and counts how often each is the most accurate.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from fer_core.artifacts.predictions import memoized
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.uncertainty import LEVEL, RESAMPLES, Interval, holm, wilson_interval


class Standing(NamedTuple):
    """A model's place on an evaluation set."""

    name: str
    correct: int  # of the `n` faces
    n: int
    behind: int  # faces fewer than the first model
    #: Against the first model, Holm-corrected; 1 for the first itself, None where no test is valid.
    p_value: float | None
    best_probability: float  # how often it is the most accurate when the faces are redrawn

    @property
    def accuracy(self) -> float:
        """Share of the faces."""
        return self.correct / self.n

    @property
    def interval(self) -> Interval:
        """95 % Wilson interval of the accuracy."""
        return wilson_interval(self.correct, self.n)

    @property
    def tied(self) -> bool:
        """Whether it cannot be told apart from the first model at the 5 % level.

        Without a test nothing is known, so it counts as tied.
        """
        return self.p_value is None or self.p_value >= 1 - LEVEL


@memoized
def standings(evaluation_set: EvaluationSet, model_names: tuple[str, ...]) -> list[Standing]:
    """Rank models by their accuracy and test the first against the others.

    Args:
        evaluation_set: The faces; without a test where models were chosen on them.
        model_names: One or more of its models.

    Returns:
        The models, most accurate first; equally accurate ones in the given order.

    Raises:
        ResultsError: Predictions are missing, or the models were evaluated on different images.
    """
    correct = {name: evaluation_set.predictions(name).correct for name in model_names}
    counts = {name: int(correct[name].sum()) for name in model_names}
    first, *others = sorted(model_names, key=lambda name: -counts[name])
    # The pairs come first: they raise if the images differ.
    raw = [evaluation_set.compare(first, name).p_value for name in others]
    p_values = dict(zip([first, *others], corrected(raw), strict=True))
    # In the set's order, so that the draws do not depend on the caller's.
    ordered = [name for name in evaluation_set.models if name in model_names]
    best = best_probabilities(np.array([correct[name] for name in ordered]))
    probabilities = dict(zip(ordered, best.tolist(), strict=True))
    return [
        Standing(
            name,
            counts[name],
            len(correct[name]),
            counts[first] - counts[name],
            p_values[name],
            probabilities[name],
        )
        for name in (first, *others)
    ]


def corrected(p_values: Sequence[float | None]) -> list[float | None]:
    """The p-values of tests against the first model, Holm-corrected, after that of the first, 1.

    All are None where no test is valid.
    """
    tested = [p for p in p_values if p is not None]
    if len(tested) < len(p_values):
        return [None] * (len(p_values) + 1)
    return [1.0, *holm(tested)]


def best_probabilities(correct: np.ndarray) -> np.ndarray:
    """How often each model is the most accurate when the faces are redrawn.

    Args:
        correct: (M, N) bool, whether each of M models classifies each of N faces correctly.

    Returns:
        (M,) shares of the resamples, which sum to 1; models that tie share one. The seed is fixed.
    """
    # A face matters only through the set of models that classify it correctly.
    patterns, counts = np.unique(correct, axis=1, return_counts=True)
    n = correct.shape[1]
    draws = np.random.default_rng(0).multinomial(n, counts / n, RESAMPLES)
    totals = draws @ patterns.T.astype(np.int64)
    leads = totals == totals.max(axis=1, keepdims=True)
    shares: np.ndarray = (leads / leads.sum(axis=1, keepdims=True)).mean(axis=0)
    return shares
