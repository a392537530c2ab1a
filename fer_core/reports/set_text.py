"""An evaluated set as plain text, for a terminal."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from fer_core.emotions import EMOTIONS
from fer_core.errors import MissingPackageError
from fer_core.evaluation import groups, set_notes, ties
from fer_core.evaluation.baselines import majority_accuracy_of
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.uncertainty import LEVEL, Interval
from fer_core.reports.format import MIN_P
from fer_core.reports.standing import no_test
from fer_core.text import counted

_WIDTH = 18  # of a column


class SetRow(NamedTuple):
    """One model's scores on a set; fractions."""

    model: str
    correct: int
    n: int
    accuracy: groups.Metric
    macro_f1: groups.Metric
    balanced_accuracy: groups.Metric
    p_value: float | None  # against the most accurate, Holm-corrected; None for itself


def set_lines(evaluation_set: EvaluationSet) -> Iterator[str]:
    """The scores of all models, by group too, and what to know about the faces.

    Raises:
        ResultsError: The set has no model, or predictions are missing.
    """
    labels = evaluation_set.labels
    counts = np.bincount(labels, minlength=len(EMOTIONS))
    shown = ", ".join(f"{name} {n:,}" for name, n in zip(EMOTIONS, counts, strict=True))
    yield f"{evaluation_set.title}: {counted(len(labels), 'face')} ({shown})"
    yield ""
    yield from _score_lines(evaluation_set)
    yield _baseline(labels)
    for column in evaluation_set.groups:
        yield ""
        yield from _group_lines(evaluation_set, column)
    yield ""
    yield from _notes(evaluation_set)


def _baseline(labels: np.ndarray) -> str:
    usual = EMOTIONS[int(np.bincount(labels).argmax())]
    return f"No-skill baseline (always {usual}): accuracy {majority_accuracy_of(labels):.1%}"


def _notes(evaluation_set: EvaluationSet) -> Iterator[str]:
    makers = set_notes.missing_note, set_notes.size_note, set_notes.purpose_note
    yield from evaluation_set.notes
    yield from (note for maker in makers if (note := maker(evaluation_set)))


def _score_lines(evaluation_set: EvaluationSet) -> Iterator[str]:
    try:
        rows = set_rows(evaluation_set)
        compared = "" if evaluation_set.chose_models else "p against the first"
    except MissingPackageError as error:
        rows, compared = set_rows(evaluation_set, tested=False), str(error)
    width = max(len(row.model) for row in rows)
    head = ("accuracy", "macro-F1", "balanced acc.")
    yield _line("model", width, head, compared if len(rows) > 1 else "")
    for row in rows:
        p = "" if row.p_value is None else f"{_p(row.p_value)}{_tie(row.p_value)}"
        yield _line(row.model, width, map(_metric, row[3:6]), p)
    if len(rows) > 1 and not evaluation_set.chose_models:
        yield "95 % intervals; p: McNemar's exact test, corrected for the number of models (Holm)."
    elif len(rows) > 1:
        yield f"95 % intervals. {no_test(evaluation_set)}"


def _p(value: float) -> str:
    return f"< {MIN_P}" if value < MIN_P else f"{value:.3f}"


def set_rows(evaluation_set: EvaluationSet, *, tested: bool = True) -> list[SetRow]:
    """Measure all models, the most accurate first, and test it against the others.

    Args:
        evaluation_set: The set.
        tested: Whether to compute the p-values.

    Raises:
        MissingPackageError: SciPy is missing, which the test needs.
        ResultsError: Predictions are missing.
    """
    first, *others = sorted(
        evaluation_set.models, key=lambda name: -int(evaluation_set.predictions(name).correct.sum())
    )
    raw = [evaluation_set.compare(first, name).p_value if tested else None for name in others]
    p_values = [None, *ties.corrected(raw)[1:]]
    return [
        _row(evaluation_set, name, p) for name, p in zip((first, *others), p_values, strict=True)
    ]


def _row(evaluation_set: EvaluationSet, model: str, p_value: float | None) -> SetRow:
    scores = groups.measure(evaluation_set, evaluation_set.title, model)
    metrics = scores.accuracy, scores.macro_f1, scores.balanced_accuracy
    return SetRow(model, scores.correct, scores.n, *metrics, p_value)


def _group_lines(evaluation_set: EvaluationSet, column: str) -> Iterator[str]:
    names = list(evaluation_set.models)
    by_model = {name: groups.group_rows(evaluation_set, column, name) for name in names}
    width = max(len(name) for name in names)
    for i, group in enumerate(by_model[names[0]]):
        yield f"{column} {group.group}: {counted(group.n, 'face')}"
        for name in names:
            yield _line(f"  {name}", width + 2, map(_metric, by_model[name][i][3:6]), "")
        yield f"  {_baseline(evaluation_set.group_set(column, group.group).labels)}"
    yield from _gap_lines(by_model, column)


def _gap_lines(by_model: Mapping[str, list[groups.GroupRow]], column: str) -> Iterator[str]:
    compared = len(groups.compared(next(iter(by_model.values()))))
    pairs = compared * (compared - 1) // 2
    for name, rows in by_model.items():
        gap = groups.largest_gap(rows)
        if gap is None:
            yield (
                f"No gap by {column}: fewer than two groups have {groups.MIN_FACES} faces or more."
            )
            return
        chance = ", which could be chance" if gap.could_be_chance else ""
        yield (
            f"Largest gap of {name} by {column}: {gap.high.group} over {gap.low.group} by "
            f"{gap.difference * 100:.1f} points ({_points(gap.interval)}){chance}."
        )
    if pairs > 1:
        yield (
            f"Each is the largest of {pairs} gaps between {compared} groups, and the largest of "
            "many is often chance: the interval does not allow for having picked it."
        )


def _line(name: str, width: int, cells: Iterable[str], end: str) -> str:
    columns = "  ".join(f"{cell:{_WIDTH + 4}}" for cell in cells)
    return f"{name:{width}}  {columns}  {end}".rstrip()


def _metric(metric: groups.Metric) -> str:
    low, high = metric.interval
    shown = f"{low:.1%} to {high:.1%}" if low < high else "–"  # every redraw gives the same
    return f"{metric.value:6.1%} ({shown})"


def _points(interval: Interval) -> str:
    return f"{interval.low * 100:+.1f} to {interval.high * 100:+.1f}"


def _tie(p_value: float) -> str:
    return " (could be chance)" if p_value >= 1 - LEVEL else ""
