"""Data: FER2013, its balance, its twins, its faces."""

import streamlit as st

from fer_core.datasets import fer2013_stats
from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.errors import ResultsError
from pages.app import navigation
from pages.sections.data import facts, hardest_faces

navigation.ensure_entry_script()
st.title("What did the models learn from?", anchor=False)
try:
    known = fer2013_stats.load_stats()
except ResultsError as error:
    st.info(str(error))
    st.stop()
found = Fer2013Dataset.find()
survey = fer2013_stats.cached_scan(found) if found else None
facts.introduction(known)
facts.balance(known)
facts.duplicates(known, found, survey)
facts.mean_faces(found, survey)
hardest_faces.show(found)
