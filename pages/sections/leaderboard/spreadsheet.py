"""The leaderboard's table for a spreadsheet: ids, fractions, both ends of every interval."""

from collections.abc import Sequence
from typing import Any

from fer_core.artifacts.speed import Speed
from fer_core.evaluation.evaluation_set import TEST_SPLIT, EvaluationSet
from fer_core.evaluation.leaderboard import Row
from fer_core.evaluation.scores import BOOTSTRAPPED, METRICS
from fer_core.evaluation.ties import Standing
from fer_core.evaluation.uncertainty import Comparison, wilson_interval
from fer_core.registry import MODELS
from fer_core.reports.export import with_interval
from pages.sections.leaderboard.charts import Ranking


def rows(
    ranked: Sequence[Row],
    evaluation_set: EvaluationSet,
    standings: Sequence[Standing],
    measured: Speed | None,
) -> list[dict[str, Any]]:
    """One row per model and one for the no-skill baseline.

    Args:
        ranked: The rows, best first.
        evaluation_set: The faces of the scores.
        standings: The models' places on them.
        measured: The models' times, if there are any.
    """
    best = {standing.name: standing.best_probability for standing in standings}
    return [
        {
            "model": row.name,
            "title": row.title,
            "test_set": evaluation_set.title,
            "faces": row.scores.n,
        }
        | with_interval("accuracy", row.scores.accuracy, row.scores.interval)
        | {"first_when_redrawn": best.get(row.name)}
        | _metrics(row)
        | _by_split(row)
        | _without_copy(row)
        | _ten_crop(row)
        | with_interval(
            "private_test_ferplus_agreement", row.ferplus_accuracy, row.ferplus_interval
        )
        | {
            "study_accuracy": row.study,
            "parameters": row.parameters,
            "weights_bytes": row.weights_bytes,
            "ms": measured and measured.milliseconds(row.name, whole_photo=False),
            "ms_device": measured.device if measured and row.name in MODELS else None,
            "labels": row.labels,
        }
        for row in ranked
    ]


def ranking_rows(ranking: Ranking) -> list[dict[str, Any]]:
    """The chart of a ranking: one row per model, best first."""
    return [
        {"model": place.name, "test_set": ranking.where, "metric": ranking.title}
        | with_interval("value", place.value, place.interval)
        | {"p_value_against_first": place.p_value, "study": ranking.study.get(place.name)}
        | {"baseline": ranking.baseline}
        for place in ranking.places
    ]


def pair_rows(first: Row, second: Row, comparison: Comparison, where: str) -> list[dict[str, Any]]:
    """The comparison of two models on the test set `where` in one row."""
    row = {"first": first.name, "second": second.name, "test_set": where, "faces": comparison.n}
    counts = {
        "both_correct": comparison.both_correct,
        "only_first": comparison.only_first,
        "only_second": comparison.only_second,
        "both_wrong": comparison.both_wrong,
    }
    difference = with_interval("accuracy_difference", comparison.difference, comparison.interval)
    return [row | difference | {"p_value": comparison.p_value} | counts]


def _without_copy(row: Row) -> dict[str, Any]:
    name, share = "private_test_without_copy", row.without_copy
    if share is None:
        return with_interval(name, None, None) | {f"{name}_faces": None}
    return with_interval(name, share.value, share.interval) | {f"{name}_faces": share.n}


def _ten_crop(row: Row) -> dict[str, float | None]:
    share = row.ten_crop
    interval = None
    if share is not None:
        n = row.by_split[TEST_SPLIT].n
        interval = wilson_interval(round(share * n), n)
    return with_interval("private_test_ten_crop", share, interval)


def _by_split(row: Row) -> dict[str, Any]:
    """Accuracy on FER2013's test splits; empty cells for a user's own model."""
    cells: dict[str, Any] = {}
    for split, name in (("PrivateTest", "private_test"), ("PublicTest", "public_test")):
        scores = row.by_split.get(split)
        value, interval = (scores.accuracy, scores.interval) if scores else (None, None)
        cells |= with_interval(f"{name}_accuracy", value, interval)
    return cells


def _metrics(row: Row) -> dict[str, float | None]:
    numbers: dict[str, float | None] = {}
    for metric in METRICS:
        value = row.scores.value(metric)
        if metric in BOOTSTRAPPED:  # the baseline has no interval
            numbers |= with_interval(metric, value, row.intervals.get(metric))
        else:
            numbers[metric] = value
    return numbers
