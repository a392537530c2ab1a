"""Compare: do the models agree, on these faces and in general?"""

import streamlit as st

from fer_core.registry import MODELS
from pages.app import navigation
from pages.components import selectors, upload_panel
from pages.sections.compare import agreement, panels, text
from pages.session import photos, work

navigation.ensure()
st.title("Do the models agree?", anchor=False)
st.html(panels.STYLE)
ready = selectors.need_models("compare")

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
readable = upload_panel.arrivals(controls)

# No model is asked before there is a face, and one that fails leaves the others their answers.
names = work.ask(names) if names else []
faces = text.seen(readable, names) if names else []
if faces:
    panels.all_faces(faces, names, len(readable))
panels.faceless(readable)
if faces:
    chosen = panels.pick(faces, len(readable))
    panels.closer(chosen, faces, len(readable))
    panels.yes_no(chosen)
if len(names) > 1:
    agreement.section(faces, names)
if faces:
    panels.take_away(photos.album(), names, chosen, faces)
