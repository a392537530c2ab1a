"""Emotions that a model fails at although its accuracy is within chance of the best.

The rule: the model finds significantly fewer of an emotion's faces than the most
accurate model (McNemar's exact test on those faces, Holm-corrected for all tied models and
emotions), and the 95 % interval of its recall lies below one half.
"""

from typing import NamedTuple

from fer_core.artifacts.predictions import memoized
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import ties, uncertainty
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.uncertainty import LEVEL, Interval, wilson_interval

FAILING_BELOW = 0.5  # recall


class HiddenFailure(NamedTuple):
    """An emotion that a model as accurate as the first one finds far less often."""

    name: str  # the model
    emotion: str
    recall: float
    interval: Interval  # 95 %, Wilson
    first_recall: float  # of the most accurate model
    first_interval: Interval
    p_value: float  # Holm-corrected


@memoized
def hidden_failures(
    evaluation_set: EvaluationSet, model_names: tuple[str, ...]
) -> list[HiddenFailure]:
    """Find the emotions that the rule above calls failures, lowest recall first.

    Args:
        evaluation_set: The faces.
        model_names: One or more of its models.

    Returns:
        One record per model and emotion; empty if accuracy hides none, and where models were chosen
        on these faces, so that no test on them is valid.

    Raises:
        ResultsError: Predictions are missing, or the models were evaluated on different images.
    """
    if evaluation_set.chose_models:
        return []
    first, *others = ties.standings(evaluation_set, model_names)
    best = evaluation_set.predictions(first.name)
    candidates = []
    for row in others:
        if not row.tied:
            continue
        predictions = evaluation_set.predictions(row.name)
        for i, emotion in enumerate(EMOTIONS):
            faces = predictions.labels == i
            if not faces.any():
                continue
            comparison = uncertainty.compare(best.correct[faces], predictions.correct[faces])
            own, firsts = comparison.only_second, comparison.only_first
            hits, n = comparison.both_correct + own, comparison.n
            first_hits = comparison.both_correct + firsts
            failure = HiddenFailure(
                row.name, emotion, hits / n, wilson_interval(hits, n), first_hits / n,
                wilson_interval(first_hits, n), comparison.tested_p,
            )  # fmt: skip
            candidates.append(failure)
    corrected = uncertainty.holm([failure.p_value for failure in candidates])
    failures = [
        failure._replace(p_value=p)
        for failure, p in zip(candidates, corrected, strict=True)
        if p < 1 - LEVEL
        and failure.recall < failure.first_recall
        and failure.interval.high < FAILING_BELOW
    ]
    return sorted(failures, key=lambda failure: failure.recall)
