"""Compare: do the models agree, on these faces and in general?"""

import streamlit as st

from fer_core.registry import VARIANTS
from pages.ui import choose, entry, inlet, photos, work
from pages.ui.compare import answers, matrices, view

entry.ensure()
st.title("Do the models agree?", anchor=False)
st.html(view.STYLE)
ready = choose.need_models("compare")

controls = st.container(horizontal=True, vertical_alignment="bottom")
picked = controls.pills(
    "Models that take part",
    ready,
    selection_mode="multi",
    default=ready,
    format_func=lambda name: VARIANTS[name].title,
    key="models",
    wrap=True,
    bind="query-params",
)
names = [name for name in ready if name in picked]

if len(names) < 2:
    st.info("Choose two models or more: one alone has nobody to agree with.")
readable = inlet.arrivals(controls)

# No model is asked before there is a face, and one that fails leaves the others their answers.
names = work.ask(names) if names else []
faces = answers.seen(readable, names) if names else []
if faces:
    view.all_faces(faces, names, len(readable))
view.faceless(readable)
if faces:
    chosen = view.pick(faces, len(readable))
    view.closer(chosen, faces, len(readable))
    view.yes_no(chosen)
if len(names) > 1:
    matrices.section(faces, names)
if faces:
    view.downloads(photos.album(), names, chosen, faces)
