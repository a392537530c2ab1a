"""The leaderboard's rows, its table and the comparison of two models."""

import streamlit as st

from fer_core.errors import FerError, ResultsError
from fer_core.evaluation import leaderboard, ties
from fer_core.evaluation.leaderboard import Row
from fer_core.evaluation.ties import Standing
from fer_core.registry import MODELS
from fer_core.reports import calibration_text, standing
from pages.charts import theme
from pages.components import downloads, model_table, selectors
from pages.sections.leaderboard import pairwise, spreadsheet, tables


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


def results_table(ranked: list[Row], baseline: Row, standings: list[Standing]) -> str:
    """The table with its speed button and its CSV; returns the selected split."""
    st.header("All results", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        split = selectors.select_split()
        clicked = st.button("Measure the speed on this machine", icon=":material/speed:")
    if clicked:
        model_table.measure_speed()
    rows = leaderboard.rank_rows([*ranked, baseline])
    milliseconds = st.session_state.get("milliseconds", {})
    columns = tables.columns(split, standings, milliseconds)
    frame = tables.table(rows, columns)
    tables.show(frame, columns)
    st.caption(
        f"Macro-F1, balanced accuracy, log loss and calibration error are those of **{split}**: "
        f"{selectors.split_description(split)} Click a column header to sort; hover over "
        "it for the "
        f"definition. {calibration_text.table_note([MODELS[row.name] for row in ranked])}"
    )
    st.caption(standing.gap_sentence([row.name for row in ranked]))
    if missing := tables.unevaluated(ranked):
        st.caption(f"Not in the table: {missing}.")
    downloads.csv_button(
        "Download the table (CSV)",
        lambda: spreadsheet.rows(rows, split, standings, milliseconds),
        f"leaderboard-{split}",
    )
    return split


def pairwise_panel(ranked: list[Row], split: str) -> None:
    """The paired test of two models as text, as a chart and as a table."""
    st.header("Pairwise comparison", anchor=False)
    first, second = pairwise.select_models(ranked)
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
        st.plotly_chart(
            pairwise.chart(first, second, comparison),
            key="difference",
            config=theme.STATIC,
            alt=pairwise.alt_text(first, second, comparison),
        )
        st.html(pairwise.contingency_table(first, second, comparison))
        note = "" if comparison.p_value is None else " McNemar's test uses only the counts in bold."
        st.caption(f"Faces of {split}.{note}")
