"""Compare: do the models agree, on these faces and in general?"""

import streamlit as st

from fer_core.registry import MODELS
from pages.app import navigation
from pages.components import selectors, upload_panel
from pages.sections.compare import agreement, panels, text
from pages.session import photos, work

navigation.ensure_entry_script()
st.title("Do the models agree?", anchor=False)
st.html(panels.STYLE)
ready = selectors.require_models("compare")

controls = st.container(horizontal=True, vertical_alignment="bottom")
picked = controls.pills(
    "Models that take part",
    ready,
    selection_mode="multi",
    default=ready,
    format_func=lambda name: MODELS[name].title,
    key="models",
    wrap=True,
    bind="query-params",
)
names = [name for name in ready if name in picked]

if len(names) < 2:
    st.info("Choose two models or more: one alone has nobody to agree with.")
readable = upload_panel.upload_panel(controls)

# No model is asked before there is a face, and one that fails leaves the others their answers.
names = work.run_models(names) if names else []
faces = text.compared_faces(readable, names) if names else []
if faces:
    panels.show_all_faces(faces, names, len(readable))
panels.show_photos_without_faces(readable)
if faces:
    chosen = panels.select_face(faces, len(readable))
    panels.show_face(chosen, faces, len(readable))
    panels.show_yes_no(chosen)
if len(names) > 1:
    agreement.show_agreement(faces, names)
if faces:
    panels.show_downloads(photos.album(), names, chosen, faces)
