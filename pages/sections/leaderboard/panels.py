"""The leaderboard's rows, its table and the test between two models."""

import streamlit as st

from fer_core.errors import FerError, ResultsError
from fer_core.evaluation import leaderboard
from fer_core.evaluation.leaderboard import Row
from pages.charts import theme
from pages.components import downloads, model_table, selectors
from pages.sections.leaderboard import pairwise, tables


def load_rows() -> list[Row]:
    """The rows that can be made, best first; what is wrong with others is said on the page."""
    rows = []
    for variant in selectors.require_results():
        try:
            rows.append(leaderboard.model_row(variant, leaderboard.load_train_duplicates()))
        except ResultsError as error:
            st.warning(str(error))
    if not rows:
        st.stop()
    return leaderboard.rank_rows(rows)


def results_table(ranked: list[Row], skill: Row) -> str:
    """The table of one split, which is given back, with its button for the speed and its CSV."""
    st.header("All numbers", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        split = selectors.select_split()
        wanted = st.button("Measure the speed on this machine", icon=":material/speed:")
    if wanted:
        model_table.measure_speed()
    rows = leaderboard.rank_rows([*ranked, skill])
    columns = tables.columns(split, st.session_state.get("milliseconds", {}))
    frame = tables.table(rows, columns)
    tables.show(frame, columns)
    st.caption(
        f"Macro-F1, balanced accuracy, log loss and calibration error are those of **{split}**: "
        f"{selectors.split_description(split)} Click a column's head to sort, hover over it for what it "
        "means."
    )
    if missing := tables.unevaluated(ranked):
        st.caption(f"Not evaluated yet: {missing}.")
    downloads.csv_button("Download the table (CSV)", frame, f"leaderboard-{split}.csv")
    return split


def pairwise_panel(ranked: list[Row], split: str) -> None:
    """The paired test of two models in words, as a chart and as a table."""
    st.header("Which of two?", anchor=False)
    first, second = pairwise.select_models(ranked)
    if first == second:
        st.info("Choose two different models: one alone has nothing to be compared with.")
        st.stop()
    try:
        found = leaderboard.compare_models(first.name, second.name, split)
    except FerError as error:
        st.warning(str(error))
        st.stop()
    text, picture = st.columns(2, gap="large")
    with text:
        st.subheader(pairwise.headline(first, second, found), anchor=False)
        st.markdown(pairwise.summary_text(first, second, found, split))
        st.caption(pairwise.multiple_testing_note(len(ranked), found))
    with picture:
        st.plotly_chart(
            pairwise.chart(first, second, found),
            key="difference",
            config=theme.STATIC,
            alt=pairwise.alt_text(first, second, found),
        )
        st.html(pairwise.contingency_table(first, second, found))
        st.caption(f"Faces of {split}; the two in bold are what the test looks at.")
