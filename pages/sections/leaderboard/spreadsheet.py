"""The leaderboard's table for a spreadsheet: ids, fractions, both ends of every interval."""

from collections.abc import Sequence
from typing import Any

from fer_core.artifacts.speed import Speed
from fer_core.evaluation import leaderboard
from fer_core.evaluation.leaderboard import Row
from fer_core.evaluation.scores import METRICS
from fer_core.evaluation.ties import Standing
from fer_core.evaluation.uncertainty import Comparison, wilson_interval
from fer_core.registry import MODELS
from fer_core.reports.export import with_interval
from pages.sections.leaderboard.charts import Ranking

Interval = tuple[float, float] | None


def rows(
    ranked: Sequence[Row],
    split: str,
    standings: Sequence[Standing],
    measured: Speed | None,
) -> list[dict[str, Any]]:
    """One row per model and one for the no-skill baseline.

    Args:
        ranked: The rows, best first.
        split: The split of the metrics' columns, whose names begin with it.
        standings: The models' places on PrivateTest.
        measured: The models' times, if there are any.
    """
    best = {standing.name: standing.best_probability for standing in standings}
    return [
        {"model": row.name, "title": row.title, "faces": row.private.n}
        | with_interval("private_test_accuracy", row.private.accuracy, row.private.interval)
        | {"private_test_first_when_redrawn": best.get(row.name)}
        | _without_copy(row)
        | _ten_crop(row)
        | with_interval(
            "private_test_ferplus_agreement", row.ferplus_accuracy, _ferplus_interval(row)
        )
        | _metrics(row, split)
        | with_interval("public_test_accuracy", row.public.accuracy, row.public.interval)
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
        {"model": place.name, "split": leaderboard.TEST_SPLIT, "metric": ranking.title}
        | with_interval("value", place.value, place.interval)
        | {"p_value_against_first": place.p_value, "study": ranking.study.get(place.name)}
        | {"baseline": ranking.baseline}
        for place in ranking.places
    ]


def pair_rows(first: Row, second: Row, comparison: Comparison, split: str) -> list[dict[str, Any]]:
    """The comparison of two models in one row."""
    row = {"first": first.name, "second": second.name, "split": split, "faces": comparison.n}
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
    share, n = row.ten_crop, row.private.n
    interval = None if share is None else wilson_interval(round(share * n), n)
    return with_interval("private_test_ten_crop", share, interval)


def _ferplus_interval(row: Row) -> Interval:
    ferplus = leaderboard.load_ferplus_agreement()
    if row.ferplus_accuracy is None or row.name not in MODELS or ferplus is None:
        return None
    agreement = ferplus.for_model(MODELS[row.name], leaderboard.TEST_SPLIT)
    return agreement.majority_accuracy_interval if agreement else None


def _metrics(row: Row, split: str) -> dict[str, float | None]:
    prefix = {"PublicTest": "public_test", "PrivateTest": "private_test"}[split]
    numbers: dict[str, float | None] = {}
    for metric in METRICS:
        name, value = f"{prefix}_{metric}", row.scores(split).value(metric)
        if metric not in leaderboard.BOOTSTRAPPED:
            numbers[name] = value
        elif row.name not in MODELS:  # the baseline
            numbers |= with_interval(name, value, None)
        else:
            interval = leaderboard.split_intervals(row.name, split)[metric]
            numbers |= with_interval(name, value, interval)
    return numbers
