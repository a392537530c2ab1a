"""Map of faces: FER2013's test faces, and the visitor's, where a network's features put them."""

import streamlit as st

from fer_core.errors import ResultsError
from pages.app import navigation
from pages.sections.face_map import controls, map_part, own_face, text
from pages.sections.face_map.groups import groups

navigation.ensure_entry_script()
st.title("Which faces look alike to a model?", anchor=False)
st.markdown(text.INTRODUCTION)
try:
    view, colour = controls.select()
    parts = groups(view, colour)  # here, because an error within a fragment would not be caught
    place = st.container()  # above the visitor's face, which must be known before the map is drawn
    placed = own_face.show(view)
    with place:
        map_part.show(view, colour, parts, placed)
except ResultsError as error:
    st.error(str(error))
