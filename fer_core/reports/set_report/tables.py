"""The tables of a report that compare models: scores, differences, agreement and groups."""

from collections.abc import Sequence
from math import isnan
from typing import Final

import numpy as np

from fer_core.emotions import EMOTIONS
from fer_core.evaluation import agreement, baselines, groups
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.scores import METRICS, Metric, compute_intervals, compute_scores
from fer_core.evaluation.ties import Standing
from fer_core.reports import calibration_text
from fer_core.reports.format import (
    format_ends,
    format_number_interval,
    format_points_interval,
    p_value,
    percent,
    percent_with_interval,
    points,
)
from fer_core.reports.set_report.elements import Child, Element, Row, el, table, value
from fer_core.text import counted

MAX_GROUPS: Final = 20  # of a column; of more, none is listed
NONE: Final = "–"  # an empty cell


def where(evaluation_set: EvaluationSet) -> str:
    """The faces in words, such as `PrivateTest, 3,589 faces`."""
    return f"{evaluation_set.title}, {counted(len(evaluation_set), 'face')}"


def usual_emotion(evaluation_set: EvaluationSet) -> str:
    """What the no-skill baseline always answers: the most frequent label."""
    return EMOTIONS[int(np.bincount(evaluation_set.labels).argmax())]


def baseline_text(evaluation_set: EvaluationSet) -> str:
    """The no-skill baseline of an accuracy as the end of a caption."""
    share = percent(baselines.majority_accuracy_of(evaluation_set.labels), 1)
    return f"No-skill accuracy: {share} (always “{usual_emotion(evaluation_set)}”)."


def emotions_table(evaluation_set: EvaluationSet) -> Element:
    """How many faces are labelled with each emotion."""
    counts = np.bincount(evaluation_set.labels, minlength=len(EMOTIONS)).tolist()
    n = sum(counts)
    rows: list[Row] = [
        ["Faces", *(f"{count:,}" for count in counts), f"{n:,}"],
        ["Share", *(percent(count / n, 1) for count in counts), percent(1)],
    ]
    caption = f"Labels of {where(evaluation_set)}."
    return table(caption, ["Label", *EMOTIONS, "all"], rows)


def scores_table(evaluation_set: EvaluationSet, standings: Sequence[Standing]) -> Element:
    """All models' scores, the most accurate first, and those of the no-skill baseline."""
    rows: list[Row] = []
    is_chosen = evaluation_set.chose_models  # nothing is tested then
    for standing in standings:
        predictions = evaluation_set.predictions(standing.name)
        intervals = compute_intervals(predictions)
        cells: list[Child] = [evaluation_set.title_of(standing.name)]
        cells.append(value(percent(standing.accuracy, 1), format_ends(standing.interval)))
        for name, metric in METRICS.items():
            score = compute_scores(predictions).value(name)
            below = format_ends(intervals[name]) if name in intervals else ""
            if metric.by_chance:
                chance = metric.by_chance(predictions)
                side = "within" if calibration_text.within_chance(score, chance) else "above"
                below = f"{side} chance (≤ {percent(chance.high, 1)})"
            cells.append(value(_shown(metric, score), below))
        rows.append(cells if is_chosen else [*cells, percent(standing.best_probability)])
    no_skill = compute_scores(baselines.class_prior_predictions(evaluation_set.any_predictions))
    rows.append(
        [
            f"No skill: always “{usual_emotion(evaluation_set)}”",
            percent(no_skill.accuracy, 1),
            *(_shown(metric, no_skill.value(name)) for name, metric in METRICS.items()),
            *([] if is_chosen else [NONE]),
        ]
    )
    titles = [metric.title for metric in METRICS.values()]
    return table(
        f"Scores on {where(evaluation_set)}. Below a score its 95 % interval; below the "
        "calibration error, whether chance alone explains it. Log loss has no interval here. The "
        "last row is the no-skill baseline, whose log loss is that of the labels' frequencies.",
        ["Model", "Accuracy", *titles, *([] if is_chosen else ["First when redrawn"])],
        rows,
    )


def _shown(metric: Metric, score: float) -> str:
    score = round(score, 9) + 0.0  # no "<0.1 %" or "-0.000" for the rounding error of a zero
    return percent(score, 1) if metric.fraction else f"{score:.3f}"


def pairs_table(evaluation_set: EvaluationSet, standings: Sequence[Standing]) -> Element:
    """The most accurate model against each other one, at least one."""
    first, *others = standings
    rows: list[Row] = []
    for other in others:
        pair = evaluation_set.compare(first.name, other.name)
        rows.append(
            [
                evaluation_set.title_of(other.name),
                value(points(pair.difference), format_points_interval(pair.interval)),
                f"{pair.only_first:,}",
                f"{pair.only_second:,}",
                *([] if other.p_value is None else [p_value(other.p_value), _judged(other)]),
            ]
        )
    is_tested = not evaluation_set.chose_models
    test = ", and the p-value of McNemar's exact test after Holm's correction" if is_tested else ""
    return table(
        f"{evaluation_set.title_of(first.name)} against each other model on "
        f"{where(evaluation_set)}. Difference in accuracy in percentage points with its 95 % "
        "interval (0: no difference), and the faces that only one of the two answers "
        f"correctly{test}.",
        [
            *("Against", "Difference"),
            *(f"Only {evaluation_set.title_of(first.name)} right", "Only the other right"),
            *(("p (Holm)", "Verdict") if is_tested else ()),
        ],
        rows,
    )


def _judged(standing: Standing) -> str:
    return "could be chance" if standing.tied else "beyond chance"


def agreement_table(evaluation_set: EvaluationSet, names: Sequence[str]) -> Element:
    """Cohen's kappa of each pair of models, and how often their answers are the same."""
    answers = [evaluation_set.predictions(name).predicted for name in names]
    rows: list[Row] = []
    for i, name in enumerate(names):
        cells: list[Child] = [f"{i + 1}. {evaluation_set.title_of(name)}"]
        for j in range(len(names) - 1):
            cells.append(_kappa_cell(answers[i], answers[j]) if j < i else None)
        rows.append(cells)
    return table(
        f"Agreement of the models' answers on {where(evaluation_set)}, right or wrong. Cohen's "
        "kappa (0: as by chance, 1: always the same) with its 95 % interval, then the share of "
        "faces with the same answer.",
        ["Model", *(f"{i + 1}." for i in range(len(names) - 1))],
        rows[1:],
    )


def _kappa_cell(first: np.ndarray, second: np.ndarray) -> Element:
    kappa = agreement.kappa(first, second)
    same = percent(agreement.agreement_rate(first, second))
    if isnan(kappa.value):
        return value("undefined", f"{same} same")
    return value(
        f"{kappa.value:.2f}".replace("-", "−"),
        format_number_interval(kappa.interval),
        f"{same} same",
    )


def groups_part(evaluation_set: EvaluationSet, column: str, names: Sequence[str]) -> list[Child]:
    """The accuracy of each model by the groups of a column, and each model's largest gap."""
    number = len(np.unique(evaluation_set.groups[column]))
    heading = el("h3", f"By {column}")
    if number > MAX_GROUPS:
        sentence = f"{column} has {number:,} groups; {MAX_GROUPS} at most are listed here."
        return [heading, el("p", sentence)]
    by_model = {name: groups.group_rows(evaluation_set, column, name) for name in names}
    rows: list[Row] = []
    for i, group in enumerate(by_model[names[0]]):
        faces = evaluation_set.group_set(column, group.group)
        shares: list[Child] = [
            value(percent(row.accuracy.value, 1), format_ends(row.accuracy.interval))
            for row in (by_model[name][i] for name in names)
        ]
        baseline = percent(baselines.majority_accuracy_of(faces.labels), 1)
        rows.append([group.group, f"{group.n:,}", *shares, baseline])
    titles = [evaluation_set.title_of(name) for name in names]
    caption = (
        f"Accuracy by {column} on {where(evaluation_set)}, with 95 % intervals; no skill: always "
        "the group's most frequent label."
    )
    gaps = [_gap_sentence(evaluation_set, name, by_model[name]) for name in names]
    notes = [el("li", sentence) for sentence in gaps if sentence]
    if not notes:
        few = f"Fewer than two groups have {groups.MIN_FACES} faces or more, so none are compared."
        return [heading, table(caption, [column, "Faces", *titles, "No skill"], rows), el("p", few)]
    return [
        heading,
        table(caption, [column, "Faces", *titles, "No skill"], rows),
        el("p", f"The largest gap between groups of {groups.MIN_FACES} faces or more:"),
        el("ul", *notes),
    ]


def _gap_sentence(evaluation_set: EvaluationSet, name: str, rows: list[groups.GroupRow]) -> str:
    gap = groups.largest_gap(rows)
    if gap is None:
        return ""
    high, low = (
        f"{row.group} ({percent_with_interval(row.accuracy.value, row.accuracy.interval)})"
        for row in (gap.high, gap.low)
    )
    chance = ", which could be chance" if gap.could_be_chance else ""
    return (
        f"{evaluation_set.title_of(name)}: {high} over {low} by {points(gap.difference)} points "
        f"({format_points_interval(gap.interval)}){chance}."
    )
