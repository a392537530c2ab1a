"""How much a model's score varies from one training run to another.

The intervals of the other modules cover the choice of test faces. A recipe that is trained again,
with another seed or on another machine, gives another model, whose score differs even on the same
faces.
"""

import math
from statistics import fmean, stdev
from typing import NamedTuple

from fer_core.artifacts import seed_runs, summaries
from fer_core.evaluation import accuracy, copy_agreement
from fer_core.evaluation.uncertainty import LEVEL, Interval
from fer_core.registry import get_model_spec

TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
SPLIT = "PublicTest"  # the split whose score chooses the epoch


class SeedSpread(NamedTuple):
    """The scores of several runs of one recipe on PublicTest; the scores are fractions.

    They are of the epoch that the score itself chose, so they are slightly optimistic.
    """

    n: int  # runs, at least 2
    mean: float
    sd: float  # standard deviation, with n - 1 in the denominator
    low: float  # of the run with the lowest score
    high: float
    #: Whether the score is accuracy by the crowd's majority, on the faces with no copy in Training;
    #: otherwise it is accuracy by FER2013's labels on all faces.
    by_crowd: bool
    #: Model from whose weights every run starts, so that the spread leaves out that of the start;
    #: "" where each starts from random weights.
    start: str

    @property
    def sd_interval(self) -> Interval:
        """95 % interval of `sd`, if the scores are normal (chi-squared distribution)."""
        from scipy.stats import chi2

        freedom = self.n - 1
        high, low = (self.sd * math.sqrt(freedom / chi2.ppf(p, freedom)) for p in TAILS)
        return Interval(low, high)


def seed_spread(model_name: str) -> SeedSpread | None:
    """The spread of a recipe's score over its training runs.

    The runs are those of `results/seeds.csv` and the one behind the committed weights, which its
    summary describes as the weights' own header does. They share the recipe, but differ in seed,
    hardware or the state of the code.

    Args:
        model_name: A registered model.

    Returns:
        The spread; None if fewer than two runs are known.

    Raises:
        ResultsError: `seeds.csv` is missing or damaged.
    """
    model = get_model_spec(model_name)
    runs = {run.key: run for run in seed_runs.read() if run.model == model_name}
    summary = summaries.load_summary(model)
    if summary and not model.members:
        committed = seed_runs.of_provenance(summary)
        runs[committed.key] = committed
    if len(runs) < 2:
        return None
    scores = [run.public_score for run in runs.values()]
    return SeedSpread(
        n=len(scores),
        mean=fmean(scores),
        sd=stdev(scores),
        low=min(scores),
        high=max(scores),
        by_crowd=summaries.trained_by_votes(model),
        start=(summary or {}).get("recipe", {}).get("start", ""),
    )


def public_interval(model_name: str) -> Interval | None:
    """The 95 % interval over PublicTest's faces of the committed model's accuracy.

    Args:
        model_name: A registered model.

    Returns:
        Wilson's interval, by the labels and on the faces of `seed_spread`; None if it was not
        measured.

    Raises:
        ResultsError: The counts by the crowd's majority are needed, and missing or damaged.
    """
    model = get_model_spec(model_name)
    if summaries.trained_by_votes(model):
        contrast = copy_agreement.load()[SPLIT].for_model(model)
        return contrast.other.interval if contrast else None
    measured = accuracy.load_accuracy(model, SPLIT)
    return measured.interval if measured else None
