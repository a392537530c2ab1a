"""Classify: which emotion is this face showing?"""

import streamlit as st

from fer_core.artifacts import summaries, weights_file
from fer_core.registry import MODELS
from pages.app import navigation
from pages.components import downloads, face_panel, page_links, upload_panel
from pages.session import photos, work

navigation.ensure_entry_script()
st.title("Which emotion is this face showing?", anchor=False)


def option_label(model_name: str) -> str:
    model = MODELS[model_name]
    return model.title if weights_file.is_ready(model) else f"{model.title} (not trained yet)"


controls = st.container(horizontal=True, vertical_alignment="bottom")
model_names = list(MODELS)
model_name = controls.selectbox(
    "Model",
    model_names,
    index=model_names.index(summaries.default_model_name() or model_names[0]),
    format_func=option_label,
    key="variant",
    width=400,
    persist_state="session",
)

is_ready = weights_file.is_ready(MODELS[model_name])
readable_photos = upload_panel.upload_panel(controls, model_name if is_ready else None)
if not readable_photos:
    st.stop()
with controls:
    page_links.link("compare", "Compare all models")

models_run = work.run_models([model_name] if is_ready else [])

left, right = st.columns(2, gap="large")
with left:
    key = face_panel.photo_picker(readable_photos)
    photo = readable_photos[key]
    face = face_panel.face_picker(key, photo, model_name)
    face_panel.show_photo(photo, model_name, face)
with right:
    if not photo.faces:
        face_panel.show_no_face(key, photo)
    elif model_name in photo.answers:
        face_panel.show_answer(photo, model_name, face)
    elif not is_ready:
        missing = " and ".join(weights_file.missing_files(MODELS[model_name]))
        st.info(f"This model is not trained yet: {missing} is missing. Choose another one above.")
if models_run:
    downloads.show_all_faces(photos.album().values(), models_run)
