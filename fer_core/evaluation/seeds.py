"""How much a model's score varies from one training run to another.

The intervals of the other modules cover the choice of test faces. A recipe that is trained again,
with another seed or on another machine, gives another model, whose score differs even on the same
faces.
"""

from statistics import fmean, stdev
from typing import NamedTuple

from fer_core.artifacts import seed_runs, summaries
from fer_core.evaluation import accuracy, copy_agreement
from fer_core.evaluation.uncertainty import Interval
from fer_core.registry import get_model_spec

SPLIT = "PublicTest"  # the split whose score chooses the epoch


class SeedSpread(NamedTuple):
    """The scores of several runs of one recipe on PublicTest; all but `n` and flag are fractions.

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


def seed_spread(model_name: str) -> SeedSpread | None:
    """The spread of a recipe's score over its training runs.

    The runs are those of `results/seeds.csv` and the one behind the committed weights, which its
    summary describes as the weights' own header does. Their hardware differs: different arithmetic
    makes a different run, even with the same seed.

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
    by_crowd = summaries.trained_by_votes(model)
    return SeedSpread(len(scores), fmean(scores), stdev(scores), min(scores), max(scores), by_crowd)


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
