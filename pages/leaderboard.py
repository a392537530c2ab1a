"""Leaderboard: every variant's numbers side by side, and a fair test between any two of them."""

import streamlit as st

from fer_core.evaluation import leaderboard
from pages.app import navigation
from pages.charts import theme
from pages.sections.leaderboard import charts, panels

navigation.ensure_entry_script()
st.title("Which model is best?", anchor=False)
ranked = panels.load_rows()
skill = leaderboard.baseline_row(ranked[0].name, leaderboard.load_train_duplicates())
near = leaderboard.rows_within_chance(ranked, "PrivateTest")

drawn, told = st.columns([3, 2], gap="large")
with told:
    st.markdown(charts.verdict(ranked, near))
with drawn:
    st.plotly_chart(
        charts.chart(ranked, near, skill.private.accuracy),
        key="accuracy",
        config=theme.STATIC,
        alt=charts.alt_text(ranked, skill.private.accuracy),
    )
with told:
    st.markdown(charts.notes(ranked))

split = panels.results_table(ranked, skill)
panels.pairwise_panel(ranked, split)
