"""Robustness: how the models bear corrupted faces, measured and on the visitor's own."""

import streamlit as st

from pages.app import navigation
from pages.components import address
from pages.sections.robustness import curves, lab
from pages.style import STYLES

PARTS = {"curves": "On FER2013's faces", "face": "Your face"}

navigation.ensure_entry_script()
st.title("How much blur, noise or dark does a model bear?", anchor=False)
st.html(STYLES / "robustness.css")
part = address.choose_title("Faces", PARTS, "robustness-part", param="part")
if part == "curves":
    curves.show()
else:
    lab.show()
