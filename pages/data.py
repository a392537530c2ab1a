"""Data: FER2013, its class balance, its duplicates and copies, its faces."""

import streamlit as st

from fer_core.artifacts.summaries import evaluated_models
from fer_core.datasets import fer2013_stats
from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.errors import ResultsError
from pages.app import navigation
from pages.components import face_gallery
from pages.sections.data import near_copies, overview, shared_errors

navigation.ensure_entry_script()
st.title("What did the models learn from?", anchor=False)
try:
    stats = fer2013_stats.load_stats()
except ResultsError as error:
    st.info(str(error))
    st.stop()
dataset = Fer2013Dataset.find()
scan = fer2013_stats.cached_scan(dataset) if dataset else None
overview.introduction(stats)
if dataset:
    face_gallery.show_listing_notes()
overview.balance(stats)
overview.duplicates(stats, dataset, scan)
try:
    near_copies.show(evaluated_models(), dataset)
except ResultsError as error:
    st.info(str(error))
overview.mean_faces(dataset, scan)
shared_errors.show(dataset)
