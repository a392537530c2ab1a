"""The leaderboard's rows, its table and the comparison of two models."""

from functools import partial

import streamlit as st

from fer_core.errors import FerError, ResultsError
from fer_core.evaluation import hidden_failures, leaderboard, rankings, ties
from fer_core.evaluation.evaluation_set import TEST_SPLIT, EvaluationSet
from fer_core.evaluation.leaderboard import Row
from fer_core.evaluation.rankings import RANKINGS
from fer_core.evaluation.ties import Standing
from fer_core.reports import calibration_text, ranking_text, speed_text, standing
from fer_core.reports.format import percent
from pages.components import address, downloads, figure, speed
from pages.sections.leaderboard import (
    charts,
    notes,
    pairwise,
    report_button,
    spreadsheet,
    tables,
)
from pages.sections.leaderboard.charts import Ranking
from pages.sections.leaderboard.columns import columns as columns_of
from pages.session.own_sets import own_results


def load_rows(evaluation_set: EvaluationSet) -> list[Row]:
    """The rows of all evaluated models, best first; a model whose file is damaged is left out with
    a warning."""
    rows = []
    for model in evaluation_set.list_models():
        try:
            rows.append(leaderboard.model_row(evaluation_set, model))
        except ResultsError as error:
            st.warning(str(error))
    if not rows:
        st.stop()
    return leaderboard.rank_rows(rows)


def load_standings(evaluation_set: EvaluationSet, ranked: list[Row]) -> list[Standing]:
    """The rows' places; stops the page where they cannot be compared."""
    try:
        return ties.standings(evaluation_set, tuple(row.name for row in ranked))
    except ResultsError as error:
        st.warning(str(error))
        st.stop()


def ranking_panel(
    evaluation_set: EvaluationSet, ranked: list[Row], baseline: Row, standings: list[Standing]
) -> Ranking:
    """The models ranked by a metric of the visitor's choice: verdict, chart and notes."""
    metric = address.choose_title("Ranked by", RANKINGS, "metric")
    names = tuple(row.name for row in ranked)
    places = rankings.ranking(evaluation_set, metric, names)
    by_accuracy = metric == "accuracy"
    shows_study = by_accuracy and notes.shows_study(evaluation_set)
    ranking = Ranking(
        RANKINGS[metric],
        places,
        baseline.scores.value(metric),
        {row.name: row.study for row in ranked if row.study is not None} if shows_study else {},
        evaluation_set.models,
        evaluation_set.title,
    )
    chart_column, text_column = st.columns([3, 2], gap="large")
    with text_column:
        st.markdown(
            standing.verdict(standings, evaluation_set)
            if by_accuracy
            else ranking_text.verdict(metric, places, evaluation_set)
        )
        if by_votes := notes.by_votes(evaluation_set, ranked):
            st.markdown(by_votes)
        on_private_test = evaluation_set.is_all_of(TEST_SPLIT)
        if on_private_test and (copies := standing.copies_sentence(ranked[0].name)):
            st.markdown(copies)
        if failures := hidden_failures.hidden_failures(evaluation_set, names):
            st.markdown(ranking_text.failures_text(failures, standings[0].name, evaluation_set))
    with chart_column:
        figure.show(
            partial(charts.chart, ranking),
            f"ranking-{metric.replace('_', '-')}",
            charts.alt_text(ranking),
            title=f"{ranking.title} on {ranking.where}",
            source=f"{ranked[0].scores.n:,} faces, 95 % intervals; no-skill baseline "
            f"{percent(ranking.baseline, 1)}.",
            rows=partial(spreadsheet.ranking_rows, ranking),
        )
    with st.expander("How this was tested"), st.container(key="notes"):  # in columns
        st.markdown(notes.notes(evaluation_set, ranked))
    return ranking


def results_table(
    evaluation_set: EvaluationSet, ranked: list[Row], baseline: Row, standings: list[Standing]
) -> None:
    """The table and its CSV."""
    st.header("All results", anchor=False)
    rows = leaderboard.rank_rows([*ranked, baseline])
    measured = speed.current()
    columns = columns_of(evaluation_set, standings, measured)
    frame = tables.table(rows, columns)
    tables.show(frame, columns)
    st.caption(
        "Accuracy, macro-F1, balanced accuracy, log loss and calibration error are those of "
        f"**{evaluation_set.title}**. Click a column header to sort. "
        f"{calibration_text.table_note(list(evaluation_set.models.values()))}"
    )
    if evaluation_set.is_fer2013:
        st.caption(standing.gap_sentence([row.name for row in ranked if row.by_split]))
    if missing := tables.unevaluated(evaluation_set, ranked):
        st.caption(f"Not in the table: {missing}.")
    downloads.csv_button(
        "Download the table (CSV)",
        lambda: spreadsheet.rows(rows, evaluation_set, standings, measured),
        f"leaderboard-{evaluation_set.file_title}",
    )
    chips = own_results().chips.get(evaluation_set.name)
    report_button.show(evaluation_set, [row.name for row in ranked], chips)


def pairwise_panel(evaluation_set: EvaluationSet, ranked: list[Row]) -> None:
    """The paired test of two models as text, as a chart and as a table; at first the most accurate
    one and the fastest that is within chance of it."""
    st.header("Pairwise comparison", anchor=False)
    if len(ranked) < 2:
        st.info("A comparison needs two models.")
        return
    names = tuple(row.name for row in ranked)
    places = rankings.ranking(evaluation_set, "accuracy", names)
    measured = speed.current()
    rival = speed_text.fastest_tied(places, measured) if measured else None
    first, second = pairwise.select_models(ranked, rival)
    if first == second:
        st.info("Choose two different models.")
        st.stop()
    try:
        comparison = evaluation_set.compare(first.name, second.name)
    except FerError as error:
        st.warning(str(error))
        st.stop()
    text_column, chart_column = st.columns(2, gap="large")
    with text_column:
        st.subheader(pairwise.headline(first, second, comparison), anchor=False)
        st.markdown(pairwise.summary_text(first, second, comparison, evaluation_set))
        if comparison.p_value is not None:
            st.caption(pairwise.multiple_testing_note(len(ranked), comparison))
        st.caption(pairwise.training_note(first, second, evaluation_set))
    with chart_column:
        figure.show(
            partial(pairwise.chart, first, second, comparison),
            "difference",
            pairwise.alt_text(first, second, comparison),
            title=f"Difference in accuracy: {first.title} minus {second.title}",
            source=f"{evaluation_set.title}, {comparison.n:,} faces; 95 % interval of the paired "
            "bootstrap.",
            rows=partial(spreadsheet.pair_rows, first, second, comparison, evaluation_set.title),
        )
        st.html(pairwise.contingency_table(first, second, comparison))
        note = "" if comparison.p_value is None else " McNemar's test uses only the counts in bold."
        st.caption(f"Faces of {evaluation_set.title}.{note}")
