"""Which emotions fail? One rate of every emotion for every model, as a heat table."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st
from markupsafe import Markup

from fer_core.emotions import EMOTIONS
from fer_core.evaluation import per_class
from fer_core.evaluation.evaluation_set import TEST_SPLIT, EvaluationSet
from fer_core.evaluation.per_class import Row
from fer_core.registry import ModelSpec
from fer_core.reports.export import with_interval
from fer_core.reports.format import format_ends, number_word, percent
from pages.components import address, clicks, downloads
from pages.text.markup import Cell, concat, table, tag

RATES = {"recall": "Recall", "precision": "Precision", "f1": "F1"}
MEANINGS = {
    "recall": "the share of an emotion's faces that the model finds",
    "precision": "the share of right answers among those that name the emotion",
    "f1": "the harmonic mean of precision and recall",
}


def show(evaluation_set: EvaluationSet, model_names: Sequence[str]) -> None:
    """The rate's selector, the table, whose models link to their metrics, and the CSV."""
    st.header("Which emotions does each model miss?", anchor=False)
    rate = address.choose_title("Rate", RATES, "rate")
    rows = {name: per_class.rows(evaluation_set.predictions(name)) for name in model_names}
    st.markdown(summary_text(rows, rate, evaluation_set))
    st.html(heat_table(rows, rate, evaluation_set))
    st.caption(
        f"{RATES[rate]} in percent on {evaluation_set.title}: {MEANINGS[rate]}. Framed: each "
        "model's lowest. "
        f"Small, on wide screens: 95 % intervals ({'bootstrap' if rate == 'f1' else 'Wilson'}). "
        "The no-skill baseline answers at random, each emotion as often as it occurs."
    )
    downloads.csv_button(
        "Download all three rates (CSV)",
        lambda: as_frame(rows, evaluation_set.title),
        f"emotions-{evaluation_set.file_title}",
        "rates",
    )


def summary_text(
    rows: Mapping[str, Sequence[Row]], rate: str, evaluation_set: EvaluationSet
) -> str:
    """The emotion that is the lowest for most models, and the lowest rate of all."""
    cells = [(name, row) for name, model in rows.items() for row in model]
    name, worst = min(cells, key=lambda cell: getattr(cell[1], rate))
    shared = sum(getattr(row, rate) == getattr(worst, rate) for _, row in cells)
    if shared > 1:
        return (
            f"{_common_text(rows, rate)}The lowest of all, **{percent(getattr(worst, rate))}**, "
            f"is shared by {number_word(shared)} cells of the table."
        )
    interval = getattr(worst, f"{rate}_interval")
    ends = f" ({format_ends(interval, 0)})" if interval else ""
    return (
        f"{_common_text(rows, rate)}The lowest of all: {evaluation_set.title_of(name)} for "
        f"**{worst.emotion}**, "
        f"{percent(getattr(worst, rate))}{ends}."
    )


def _common_text(rows: Mapping[str, Sequence[Row]], rate: str) -> str:
    """The emotion that is the lowest for most models; empty if there is nothing to compare."""
    if len(rows) == 1 or len(next(iter(rows.values()))) == 1:
        return ""
    emotions, shared = [], ""
    for model in rows.values():
        rates = [getattr(row, rate) for row in model]
        emotions += [row.emotion for row in model if getattr(row, rate) == min(rates)]
        if rates.count(min(rates)) > 1:
            shared = ", alone or with others,"
    common = max(EMOTIONS, key=emotions.count)
    return (
        f"**{common.capitalize()}** has{shared} the lowest {_word(rate)} for "
        f"{emotions.count(common)} of {len(rows)} models. "
    )


def heat_table(
    rows: Mapping[str, Sequence[Row]], rate: str, evaluation_set: EvaluationSet
) -> Markup:
    """HTML: a row per model and one for the baseline, a column per emotion in the data."""
    models = evaluation_set.models
    lines = []
    for name, model in rows.items():
        lowest = min(getattr(row, rate) for row in model)
        cells = [_cell(row, rate, getattr(row, rate) == lowest) for row in model]
        lines.append([_model_link(models[name], evaluation_set), *cells])
    baseline = next(iter(rows.values()))
    lines.append(["baseline", *(f"{100 * row.baseline:.0f}" for row in baseline)])
    head = ["", *(tag("span", row.emotion) for row in baseline)]
    return table(head, lines, "emotions", f"{RATES[rate]} of each emotion in percent, by model")


def _model_link(model: ModelSpec, evaluation_set: EvaluationSet) -> Markup:
    where = {} if evaluation_set.name == TEST_SPLIT else {"split": evaluation_set.name}
    return clicks.link(model.short_title, "per_class", model=model.name, **where)


def as_frame(rows: Mapping[str, Sequence[Row]], where: str) -> pd.DataFrame:
    """One row per model and emotion: the three rates, fractions, with their intervals."""
    lines = []
    for name, model in rows.items():
        for row in model:
            line: dict[str, object] = {"model": name, "test_set": where, "emotion": row.emotion}
            for rate in RATES:
                line |= with_interval(rate, getattr(row, rate), getattr(row, f"{rate}_interval"))
            lines.append(line | {"faces": row.faces, "baseline": row.baseline})
    return pd.DataFrame(lines)


def _cell(row: Row, rate: str, is_lowest: bool) -> Cell:
    value, interval = getattr(row, rate), getattr(row, f"{rate}_interval")
    ends = tag("small", format_ends(interval, 0)) if interval else ""
    return Cell(
        concat((tag("b", f"{100 * value:.0f}"), ends)),
        {"style": f"--tint:{value:.3f}", "class_": "lowest" if is_lowest else None},
    )


def _word(rate: str) -> str:
    return RATES[rate] if rate == "f1" else rate
