"""Classify: which emotion is this face showing?"""

import streamlit as st

from fer_core.artifacts import weights_file
from fer_core.registry import MODELS
from pages.app import navigation
from pages.components import (
    downloads,
    face_panel,
    face_quality,
    page_links,
    selectors,
    upload_panel,
)
from pages.session import photos, work

navigation.ensure_entry_script()
st.title("Which emotion is this face showing?", anchor=False)

controls = st.container(horizontal=True, vertical_alignment="bottom")
with controls:
    model_name = selectors.select_model(list(MODELS.values())).name

is_ready = weights_file.is_ready(MODELS[model_name])
readable_photos = upload_panel.upload_panel(
    controls, model_name if is_ready else None, has_camera=False
)
if readable_photos:
    with controls:
        page_links.link("compare", "Compare all models")

models_run = work.run_models([model_name] if is_ready else [])

with st.container(key="photo-and-answer"):
    left, right = st.columns(2, gap="large")
with left:
    upload_panel.show_camera(readable_photos)
if not readable_photos:
    st.stop()
with left:
    key = face_panel.photo_picker(readable_photos)
    photo = readable_photos[key]
    face = face_panel.face_picker(key, photo, model_name)
    face_quality.show_count(readable_photos, (key, face))
    face_panel.show_photo(key, photo, model_name, face)
with right:
    if not photo.faces:
        face_panel.show_no_face(key, photo)
    elif model_name in photo.answers:
        face_panel.show_answer(key, photo, model_name, face)
    elif not is_ready:
        missing = " and ".join(weights_file.missing_files(MODELS[model_name]))
        st.info(f"This model is not trained yet: {missing} is missing. Choose another one above.")
if models_run:
    downloads.show_all_faces(photos.album().values(), models_run)
