"""Leaderboard: all results of every model, and a paired test between any two of them."""

import streamlit as st

from fer_core.evaluation import leaderboard
from pages.app import navigation
from pages.components import test_sets
from pages.sections.leaderboard import emotions, groups, panels, selective, speed_panel
from pages.style import STYLES

navigation.ensure_entry_script()
st.html(STYLES / "leaderboard.css")
st.title("Which model is best?", anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    evaluation_set = test_sets.select_set()
test_sets.show_notes(evaluation_set)
ranked = panels.load_rows(evaluation_set)
baseline = leaderboard.baseline_row(evaluation_set)
standings = panels.load_standings(evaluation_set, ranked)

ranking = panels.ranking_panel(evaluation_set, ranked, baseline, standings)
emotions.show(evaluation_set, [row.name for row in ranked])
groups.show(evaluation_set, [row.name for row in ranked])
speed_panel.show(ranking, ranked)
panels.results_table(evaluation_set, ranked, baseline, standings)
selective.show(evaluation_set, [row.name for row in ranked])
panels.pairwise_panel(evaluation_set, ranked)
