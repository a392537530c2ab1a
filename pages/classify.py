"""Classify: which emotion is this face showing?"""

import streamlit as st

from fer_core.artifacts import summaries, weights_file
from fer_core.registry import MODELS
from pages.app import navigation
from pages.components import downloads, face_panel, page_links, upload_panel
from pages.session import photos, work

navigation.ensure_entry_script()
st.title("Which emotion is this face showing?", anchor=False)


def label(name: str) -> str:
    variant = MODELS[name]
    return variant.title if weights_file.is_ready(variant) else f"{variant.title} (not trained yet)"


controls = st.container(horizontal=True, vertical_alignment="bottom")
names = list(MODELS)
chosen = controls.selectbox(
    "Model",
    names,
    index=names.index(summaries.default_model_name() or names[0]),
    format_func=label,
    key="variant",
    width=400,
    persist_state="session",
)

readable = upload_panel.upload_panel(controls)
if not readable:
    st.stop()
with controls:
    page_links.link("compare", "Compare all models")

ready = [name for name in names if weights_file.is_ready(MODELS[name])]
answered = work.run_models([name for name in ready if name == chosen])

left, right = st.columns(2, gap="large")
with left:
    key = face_panel.photo_picker(readable)
    photo = readable[key]
    face = face_panel.face_picker(key, photo, chosen)
    face_panel.show_photo(photo, chosen, face)
with right:
    if not photo.faces:
        face_panel.show_no_face(key, photo)
    elif chosen in photo.answers:
        face_panel.show_answer(photo, chosen, face)
    elif not weights_file.is_ready(MODELS[chosen]):
        lost = " and ".join(weights_file.missing_files(MODELS[chosen]))
        st.info(f"This model is not trained yet: {lost} is missing. Choose another one above.")
if answered:
    downloads.show_all_faces(photos.album().values(), answered)
