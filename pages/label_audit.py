"""Label audit: the labels that the models believe least, and how often the suspicion is right."""

import streamlit as st

from fer_core.errors import ResultsError
from fer_core.evaluation import label_audit
from pages.app import navigation
from pages.components import test_sets
from pages.sections.label_audit import controls, panels, suspects

navigation.ensure_entry_script()
st.title("Which labels are probably wrong?", anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    evaluation_set = test_sets.select_set()
    auditor = controls.select_auditor(evaluation_set)
test_sets.show_notes(evaluation_set, has_scores=False)
try:
    ranking = label_audit.audit(evaluation_set, auditor.names)
    k = controls.select_count(len(ranking))
    panels.show_answer(ranking, auditor, evaluation_set, k)
    if ranking.majorities is not None:
        panels.show_curve(ranking, auditor, evaluation_set)
        panels.show_copies(auditor, evaluation_set, k)
    panels.show_pairs(ranking, auditor, evaluation_set, k)
    suspects.show(ranking, auditor, evaluation_set, k)
except ResultsError as error:
    st.info(str(error))
