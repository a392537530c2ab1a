"""Your test set: how good the models are on faces that a visitor has labelled."""

import streamlit as st

from pages.app import navigation
from pages.components import address
from pages.sections.test_set import annotated, library, photos, predictions, results

navigation.ensure_entry_script()
st.title("How good are the models on my faces?", anchor=False)
st.markdown(
    "Accuracy on FER2013 says little about other faces. Bring faces with labels, or what your own "
    "model answers, and every page with results takes them: choose them there as the **test set**."
)
SOURCES = {
    "photos": "Labelled photos",
    "results": "A results file",
    "annotated": "My labels from Annotate",
    "predictions": "My own model",
}
SHOW = {
    "photos": photos.show,
    "results": results.show,
    "annotated": annotated.show,
    "predictions": predictions.show,
}
source = address.choose_title("What do you have?", SOURCES, "source")
with st.container(border=True):
    SHOW[source]()
library.show()
