"""Leaderboard: all results of every model, and a paired test between any two of them."""

import streamlit as st

from fer_core.evaluation import leaderboard
from pages.app import navigation
from pages.sections.leaderboard import panels

navigation.ensure_entry_script()
st.title("Which model is best?", anchor=False)
ranked = panels.load_rows()
baseline = leaderboard.baseline_row(ranked[0].name)
standings = panels.load_standings(ranked)

panels.ranking_panel(ranked, baseline, standings)
split = panels.results_table(ranked, baseline, standings)
panels.pairwise_panel(ranked, split)
