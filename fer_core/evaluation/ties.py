"""Which models cannot be told apart from the most accurate one, on PrivateTest.

The first model is tested against each other one (McNemar's exact test), with Holm's (1979)
correction for the number of tests. All models answer the same faces, so one bootstrap over faces
redraws them for all models together and counts how often each is the most accurate.
"""

from typing import NamedTuple

import numpy as np

from fer_core.artifacts.predictions import split_predictions
from fer_core.artifacts.store import cached
from fer_core.evaluation import leaderboard
from fer_core.evaluation.uncertainty import LEVEL, RESAMPLES, Interval, holm, wilson_interval


class Standing(NamedTuple):
    """A model's place on PrivateTest."""

    name: str
    correct: int  # of the `n` faces
    n: int
    behind: int  # faces fewer than the first model
    p_value: float  # against the first model, Holm-corrected; 1 for the first itself
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
        """Whether it cannot be told apart from the first model at the 5 % level."""
        return self.p_value >= 1 - LEVEL


@cached
def standings(model_names: tuple[str, ...]) -> list[Standing]:
    """Rank models by their accuracy on PrivateTest and test the first against the others.

    Args:
        model_names: One or more models, evaluated on the same images.

    Returns:
        The models, most accurate first; equally accurate ones in the given order.

    Raises:
        ResultsError: Predictions are missing, or the models were evaluated on different images.
    """
    split = leaderboard.TEST_SPLIT
    correct = {name: split_predictions(name, split).correct for name in model_names}
    counts = {name: int(correct[name].sum()) for name in model_names}
    first, *others = sorted(model_names, key=lambda name: -counts[name])
    # The pairs come first: they raise if the images differ.
    raw = [leaderboard.compare_models(first, name, split).tested_p for name in others]
    p_values = dict(zip([first, *others], [1.0, *holm(raw)], strict=True))
    best = best_probabilities(np.array([correct[name] for name in model_names]))
    probabilities = dict(zip(model_names, best.tolist(), strict=True))
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
