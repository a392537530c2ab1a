"""The leaderboard's rows, its table and the comparison of two models."""

from functools import partial

import streamlit as st

from fer_core.errors import FerError, ResultsError
from fer_core.evaluation import hidden_failures, leaderboard, rankings, ties
from fer_core.evaluation.leaderboard import Row
from fer_core.evaluation.rankings import RANKINGS
from fer_core.evaluation.ties import Standing
from fer_core.registry import MODELS
from fer_core.reports import calibration_text, ranking_text, speed_text, standing
from fer_core.reports.format import percent
from pages.components import address, downloads, figure, selectors, speed
from pages.sections.leaderboard import charts, notes, pairwise, spreadsheet, tables
from pages.sections.leaderboard.charts import Ranking


def load_rows() -> list[Row]:
    """The rows of all evaluated models, best first; a model whose file is damaged is left out with
    a warning."""
    rows = []
    for model in selectors.require_results():
        try:
            rows.append(leaderboard.model_row(model))
        except ResultsError as error:
            st.warning(str(error))
    if not rows:
        st.stop()
    return leaderboard.rank_rows(rows)


def load_standings(ranked: list[Row]) -> list[Standing]:
    """The rows' places on PrivateTest; stops the page where they cannot be compared."""
    try:
        return ties.standings(tuple(row.name for row in ranked))
    except ResultsError as error:
        st.warning(str(error))
        st.stop()


def ranking_panel(ranked: list[Row], baseline: Row, standings: list[Standing]) -> Ranking:
    """The models ranked by a metric of the visitor's choice: verdict, chart and notes."""
    metric = address.choose_title("Ranked by", RANKINGS, "metric")
    names = tuple(row.name for row in ranked)
    try:
        places = rankings.ranking(metric, names)
    except ResultsError as error:
        st.warning(str(error))
        metric, places = "accuracy", rankings.ranking("accuracy", names)
    by_accuracy = metric == "accuracy"
    ranking = Ranking(
        RANKINGS[metric],
        places,
        _baseline_value(baseline, metric),
        {row.name: row.study for row in ranked if row.study is not None} if by_accuracy else {},
    )
    chart_column, text_column = st.columns([3, 2], gap="large")
    with text_column:
        st.markdown(
            standing.verdict(standings) if by_accuracy else ranking_text.verdict(metric, places)
        )
        if by_votes := notes.by_votes(ranked, metric):
            st.markdown(by_votes)
        if copies := standing.copies_sentence(standings[0].name):
            st.markdown(copies)
        if failures := hidden_failures.hidden_failures(names):
            st.markdown(ranking_text.failures_text(failures, standings[0].name))
    with chart_column:
        figure.show(
            partial(charts.chart, ranking),
            f"ranking-{metric.replace('_', '-')}",
            charts.alt_text(ranking),
            title=f"{ranking.title} on PrivateTest",
            source=f"{ranked[0].private.n:,} faces, 95 % intervals; no-skill baseline "
            f"{percent(ranking.baseline, 1)}.",
            rows=partial(spreadsheet.ranking_rows, ranking),
        )
    with st.expander("How this was tested"), st.container(key="notes"):  # in columns
        st.markdown(notes.notes(ranked))
    return ranking


def _baseline_value(baseline: Row, metric: str) -> float:
    if metric == rankings.FERPLUS:
        return baseline.ferplus_accuracy or 0.0
    return baseline.private.value(metric)


def results_table(ranked: list[Row], baseline: Row, standings: list[Standing]) -> str:
    """The table and its CSV; returns the selected split."""
    st.header("All results", anchor=False)
    split = selectors.select_split()
    rows = leaderboard.rank_rows([*ranked, baseline])
    measured = speed.current()
    columns = tables.columns(split, standings, measured)
    frame = tables.table(rows, columns)
    tables.show(frame, columns)
    st.caption(
        f"Macro-F1, balanced accuracy, log loss and calibration error are those of **{split}**: "
        f"{selectors.split_description(split)} Click a column header to sort. "
        f"{calibration_text.table_note([MODELS[row.name] for row in ranked])}"
    )
    st.caption(standing.gap_sentence([row.name for row in ranked]))
    if missing := tables.unevaluated(ranked):
        st.caption(f"Not in the table: {missing}.")
    downloads.csv_button(
        "Download the table (CSV)",
        lambda: spreadsheet.rows(rows, split, standings, measured),
        f"leaderboard-{split}",
    )
    return split


def pairwise_panel(ranked: list[Row], split: str) -> None:
    """The paired test of two models as text, as a chart and as a table; at first the most accurate
    one and the fastest that is within chance of it."""
    st.header("Pairwise comparison", anchor=False)
    places = rankings.ranking("accuracy", tuple(row.name for row in ranked))
    measured = speed.current()
    rival = speed_text.fastest_tied(places, measured) if measured else None
    first, second = pairwise.select_models(ranked, rival)
    if first == second:
        st.info("Choose two different models.")
        st.stop()
    try:
        comparison = leaderboard.compare_models(first.name, second.name, split)
    except FerError as error:
        st.warning(str(error))
        st.stop()
    text_column, chart_column = st.columns(2, gap="large")
    with text_column:
        st.subheader(pairwise.headline(first, second, comparison), anchor=False)
        st.markdown(pairwise.summary_text(first, second, comparison, split))
        if comparison.p_value is not None:
            st.caption(pairwise.multiple_testing_note(len(ranked), comparison))
    with chart_column:
        figure.show(
            partial(pairwise.chart, first, second, comparison),
            "difference",
            pairwise.alt_text(first, second, comparison),
            title=f"Difference in accuracy: {first.title} minus {second.title}",
            source=f"{split}, {comparison.n:,} faces; 95 % interval of the paired bootstrap.",
            rows=partial(spreadsheet.pair_rows, first, second, comparison, split),
        )
        st.html(pairwise.contingency_table(first, second, comparison))
        note = "" if comparison.p_value is None else " McNemar's test uses only the counts in bold."
        st.caption(f"Faces of {split}.{note}")
