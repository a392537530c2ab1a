""" "Your face": all models' answers before and after the visitor's corruptions."""

from functools import partial

import streamlit as st

from fer_core.reports import drawing
from pages.components import downloads, face_panel, selectors, upload_panel
from pages.sections.robustness import lab_controls, lab_text
from pages.sections.robustness.lab_answers import Outcome, outcome
from pages.session.photo import Photo
from pages.text.escape import escape

PICTURE_WIDTH = 220  # px


def show() -> None:
    """Draw the choice of a face, the sliders, and what the models answer."""
    model_names = selectors.require_models("ask")
    st.markdown(lab_text.INTRODUCTION)
    readable = upload_panel.upload_panel(
        st.container(horizontal=True, vertical_alignment="bottom"), has_camera=False
    )
    if not readable:
        return
    key = face_panel.photo_picker(readable)
    photo = readable[key]
    if not photo.faces:
        face_panel.show_no_face(key, photo)
        return
    index = face_panel.face_picker(key, photo, "")
    experiment = lab_controls.select(photo.has_picture and not photo.uses_full_image)
    result = outcome(photo, index, experiment, model_names)
    for error in result.errors:
        st.error(escape(error))
    if result.before is None:
        st.info(lab_text.NOT_IN_KEPT_PHOTO)
        return
    _show_pictures(photo, result)
    st.markdown(lab_text.detector_text(result, experiment))
    claims = lab_text.claims(photo.chips[index], experiment, result)
    st.html(lab_text.table(result, claims))
    st.caption(lab_text.note(experiment, claims))
    downloads.csv_button(
        "Download CSV", partial(lab_text.rows, result, claims), "robustness-face", "data-lab"
    )


def _show_pictures(photo: Photo, result: Outcome) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if result.picture:
            alt = f"Your photo {photo.name}, corrupted"
            st.image(result.picture, width=PICTURE_WIDTH, caption="The corrupted photo", alt=alt)
        for chip, caption in ((result.before, "Before"), (result.after, "After")):
            if chip is not None:
                alt = f"The face as the models see it, {caption.lower()}: 48 by 48 grey pixels"
                st.image(drawing.enlarge_chip(chip), width=PICTURE_WIDTH, caption=caption, alt=alt)
