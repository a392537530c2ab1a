"""Leaderboard: all results of every model, and a paired test between any two of them."""

import streamlit as st

from fer_core.evaluation import leaderboard
from fer_core.reports import standing
from pages.app import navigation
from pages.charts import theme
from pages.sections.leaderboard import charts, panels

navigation.ensure_entry_script()
st.title("Which model is best?", anchor=False)
ranked = panels.load_rows()
baseline = leaderboard.baseline_row(ranked[0].name)
standings = panels.load_standings(ranked)

chart_column, text_column = st.columns([3, 2], gap="large")
with text_column:
    st.markdown(standing.verdict(standings))
with chart_column:
    st.plotly_chart(
        charts.chart(ranked, standings, baseline.private.accuracy),
        key="accuracy",
        config=theme.STATIC,
        alt=charts.alt_text(ranked, baseline.private.accuracy),
    )
with text_column:
    st.markdown(charts.notes(ranked))

split = panels.results_table(ranked, baseline, standings)
panels.pairwise_panel(ranked, split)
