"""Leaderboard: all results of every model, and a paired test between any two of them."""

import streamlit as st

from fer_core.evaluation import leaderboard
from pages.app import navigation
from pages.sections.leaderboard import emotions, panels, speed_panel
from pages.style import STYLES

navigation.ensure_entry_script()
st.html(STYLES / "leaderboard.css")
st.title("Which model is best?", anchor=False)
ranked = panels.load_rows()
baseline = leaderboard.baseline_row(ranked[0].name)
standings = panels.load_standings(ranked)

ranking = panels.ranking_panel(ranked, baseline, standings)
emotions.show([row.name for row in ranked])
speed_panel.show(ranking, ranked)
split = panels.results_table(ranked, baseline, standings)
panels.pairwise_panel(ranked, split)
