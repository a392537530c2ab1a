"""Compare: whether the models agree, on the visitor's photos and on the test set."""

import streamlit as st

from fer_core.registry import MODELS
from pages.app import navigation
from pages.components import address, selectors, upload_panel
from pages.sections.compare import agreement, panels, text, yes_no
from pages.session import photos, work

navigation.ensure_entry_script()
st.title("Do the models agree?", anchor=False)
st.html(panels.STYLE)
opinions = st.empty()
available = selectors.require_models("compare")

controls = st.container(horizontal=True, vertical_alignment="bottom")
model_names = address.choose_several(
    controls.pills,
    "Models to compare",
    available,
    key="compared",
    param="models",
    default=available,
    format_func=lambda name: MODELS[name].title,
    wrap=True,
)

if len(model_names) < 2:
    st.info("Choose at least two models.")
else:
    opinions.caption(text.opinions_text(model_names))
readable = upload_panel.upload_panel(controls, has_picker=False)

# No model runs before there is a face; a model that fails does not stop the others.
model_names = work.run_models(model_names) if model_names else []
faces = text.compared_faces(readable, model_names) if model_names else []
if faces:
    panels.show_all_faces(faces, model_names, len(readable))
panels.show_photos_without_faces(readable)
if faces:
    selected_face = panels.select_face(faces, len(readable))
    panels.show_face(selected_face, faces, len(readable))
    yes_no.show_yes_no(selected_face)
if len(model_names) > 1:
    agreement.show_agreement(faces, model_names)
if faces:
    panels.show_downloads(photos.album(), model_names, selected_face, faces)
