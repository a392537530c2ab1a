"""Answer only when sure: is a model more often right where it is more confident?"""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import streamlit as st
from markupsafe import Markup

from fer_core.evaluation import baselines, conformal, selective_summary
from fer_core.evaluation.conformal import DEFAULT_LEVEL, SetScores
from fer_core.evaluation.evaluation_set import TEST_SPLIT, EvaluationSet
from fer_core.evaluation.selective import WANTED_ACCURACY, Area, risk_coverage
from fer_core.evaluation.selective_summary import Row
from fer_core.reports import selective_text
from fer_core.reports.export import with_interval
from fer_core.reports.format import (
    format_interval,
    format_number_interval,
    number_word,
    percent,
    percent_with_interval,
)
from pages.charts import risk_coverage as charts
from pages.components import address, clicks, downloads, figure
from pages.text.markup import Cell, concat, table, tag

SHOWN_FIRST = 4  # curves


def show(evaluation_set: EvaluationSet, model_names: Sequence[str]) -> None:
    """The curves of the chosen models, and every model's areas, thresholds and sets."""
    st.header("Answer only when sure", anchor=False)
    titles = {name: model.title for name, model in evaluation_set.models.items()}
    chosen = address.choose_several(
        st.multiselect,
        "Curves of",
        model_names,
        key="curves",
        default=model_names[:SHOWN_FIRST],
        format_func=lambda name: titles[name],
    )
    if chosen:
        _show_curves(chosen, titles, evaluation_set)
    rows = [selective_summary.summarize(evaluation_set, name) for name in model_names]
    st.html(summary_table(rows, evaluation_set))
    st.caption(f"{selective_text.fit_note(evaluation_set)} {_baseline_note(evaluation_set.labels)}")
    with st.expander("What these numbers mean"):
        st.markdown(_column_notes())
    if missing := [evaluation_set.models[row.name] for row in rows if row.sets is None]:
        st.caption(selective_text.missing_note(missing))
    downloads.csv_button(
        "Download areas, thresholds and sets (CSV)",
        lambda: csv_rows(rows, evaluation_set.title),
        f"sure-answers-{evaluation_set.file_title}",
        "selective-csv",
    )


def _show_curves(
    names: Sequence[str], titles: Mapping[str, str], evaluation_set: EvaluationSet
) -> None:
    curves = {
        name: charts.thinned(risk_coverage(evaluation_set.predictions(name))) for name in names
    }
    st.markdown(
        "A model that leaves out the faces of which it is least sure answers fewer of them, its "
        "coverage, and errs on fewer of those that it answers, its risk. The lower a curve, the "
        "better does confidence tell right from wrong answers."
    )
    figure.show(
        partial(charts.chart, curves, titles),
        "risk-coverage",
        charts.alt_text(curves, titles),
        title=f"Wrong answers by coverage on {evaluation_set.title}",
        source=f"{len(evaluation_set):,} faces, the surest answers first; faces of equal "
        "confidence are answered together.",
        rows=partial(charts.csv_rows, curves, evaluation_set.title),
    )


def summary_table(rows: Sequence[Row], evaluation_set: EvaluationSet) -> Markup:
    """HTML: a row per model, whose name links to its own thresholds and sets."""
    where = {} if evaluation_set.name == TEST_SPLIT else {"split": evaluation_set.name}
    level, accuracy = percent(DEFAULT_LEVEL), percent(WANTED_ACCURACY)
    head = (
        "Area under the curve",
        f"Answered at {accuracy} accuracy",
        f"{level} sets",
        f"{level} sets per emotion",
    )
    lines = []
    for row in rows:
        title = evaluation_set.models[row.name].short_title
        cells = _area(row.area), _selected(row), _sets(row.sets), _sets(row.sets_per_emotion)
        lines.append(
            [
                clicks.link(title, "per_class", model=row.name, **where),
                *(
                    Cell(tag("div", cell), {"data_label": name})
                    for name, cell in zip(head, cells, strict=True)
                ),
            ]
        )
    return table(
        ("", *head), lines, "models sure", "Areas, thresholds and prediction sets by model"
    )


def _area(area: Area) -> Markup:
    ends = format_number_interval(area.interval) if _varies(area.interval) else "–"
    order = f"best order {area.best:.3f}, random {area.random:.3f}"
    return concat((tag("b", f"{area.value:.3f}"), tag("small", ends), tag("small", order)))


def _selected(row: Row) -> Markup | str:
    selected = row.selected
    if selected is None or selected.accuracy is None:
        return "–"
    right = percent_with_interval(selected.accuracy, selected.accuracy_interval)
    return concat(
        (
            tag("b", percent(selected.coverage, 1)),
            tag("small", format_interval(selected.coverage_interval, unit=False)),
            tag("small", f"from {percent(row.threshold or 0, 1)}, right: {right}"),
        )
    )


def _sets(sets: SetScores | None) -> Markup | str:
    if sets is None:
        return "–"
    size = f"{sets.mean_size:.2f} emotions"
    if _varies(sets.size_interval):
        size += f" ({format_number_interval(sets.size_interval).replace(' to ', '–')})"
    return concat(
        (
            tag("b", percent(sets.coverage, 1)),
            tag("small", format_interval(sets.interval, unit=False)),
            tag("small", size),
        )
    )


def _varies(interval: tuple[float, float]) -> bool:
    """Whether an interval can be estimated: not where every redraw gives the same value."""
    return interval[0] < interval[1]


def _column_notes() -> str:
    """What the columns mean, as a list."""
    level, accuracy = percent(DEFAULT_LEVEL), percent(WANTED_ACCURACY)
    notes = (
        "**Area under the curve** (AURC): the mean risk over all coverages, with its 95 % "
        "bootstrap interval; lower is better. Below it what the same answers would have with all "
        "wrong ones last, and in random order.",
        f"**Answered at {accuracy} accuracy**: the share of faces with at least the confidence "
        f"from which answers are {accuracy} accurate on PublicTest, by the labels that the note "
        "above names, and how many of these answers are right here.",
        f"**{level} sets**: all emotions that cannot be ruled out for a face (split conformal "
        "prediction). The share of sets that hold the label, and the emotions per set.",
        f"**{level} sets per emotion**: the same with a limit for each emotion (Mondrian), "
        "meant to cover rare ones too; these limits rest on few faces.",
    )
    return "\n".join(f"- {note}" for note in notes)


def _baseline_note(labels: np.ndarray) -> str:
    size = conformal.no_skill_size(labels, DEFAULT_LEVEL)
    return (
        "No-skill baselines: always the most common emotion is right for "
        f"{percent(baselines.majority_accuracy_of(labels), 1)} at every coverage, and sets that "
        f"are the same for every face need {number_word(size)} "
        f"{'emotion' if size == 1 else 'emotions'}."
    )


def csv_rows(rows: Sequence[Row], where: str) -> list[dict[str, object]]:
    """One row per model: areas, thresholds and sets, shares as fractions."""
    lines = []
    for row in rows:
        line: dict[str, object] = {"model": row.name, "test_set": where}
        line |= with_interval("area", row.area.value, row.area.interval)
        line |= {"excess_area": row.area.excess, "random_area": row.area.random}
        line |= {"threshold": row.threshold}
        if selected := row.selected:
            line |= with_interval("coverage", selected.coverage, selected.coverage_interval)
            line |= with_interval("accuracy", selected.accuracy, selected.accuracy_interval)
        for kind, sets in (("sets", row.sets), ("sets_per_emotion", row.sets_per_emotion)):
            if sets is not None:
                line |= with_interval(f"{kind}_coverage", sets.coverage, sets.interval)
                line |= with_interval(f"{kind}_size", sets.mean_size, sets.size_interval)
                line |= {f"{kind}_of_one": sets.singletons / sets.n}
        lines.append(line)
    return lines
