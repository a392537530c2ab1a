"""The labels that people gave on the page Annotate, as a test set."""

from functools import partial

import numpy as np
import streamlit as st

from fer_core import pipeline
from fer_core.artifacts import weights_file
from fer_core.artifacts.predictions import Predictions
from fer_core.emotions import EMOTIONS
from fer_core.errors import FerError
from fer_core.evaluation.evaluation_set import user_set
from fer_core.own_sets import overlap
from fer_core.registry import MODELS
from fer_core.text import counted
from pages.components import page_links
from pages.sections.test_set import names
from pages.session import annotations, work
from pages.session.annotations import LabelledFaces
from pages.text.escape import escape, escape_sentence

ORIGINS = {False: "My photos", True: "FER2013"}


def show() -> None:
    """Which person's labels, and the button that asks the models about the faces."""
    people = annotations.annotators()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        person = st.selectbox("Labels of", people, format_func=escape, width=320)
        of_fer2013 = st.segmented_control(
            "Faces of",
            list(ORIGINS),
            format_func=lambda origin: ORIGINS[origin],
            default=False,
            required=True,
        )
    try:
        faces = annotations.labelled_faces(person, of_fer2013=bool(of_fer2013))
    except FerError as error:
        st.error(escape_sentence(str(error)))
        return
    count = len(faces.ids)
    if not count:
        st.markdown("No labels yet: label your photos, or FER2013's if they are on this computer.")
        page_links.link("annotate")
        return
    st.markdown(f"{counted(count, 'face')} labelled with an emotion.")
    if st.button("Evaluate", type="primary", key="annotated-begin"):
        try:
            _evaluate(faces, f"{person}, {ORIGINS[bool(of_fer2013)]}")
        except FerError as error:
            st.error(escape_sentence(str(error)))
            return
        st.rerun()


def _evaluate(faces: LabelledFaces, title: str) -> None:
    """Ask every model about the faces, and add the set to the session."""
    ready = {name: model for name, model in MODELS.items() if weights_file.is_ready(model)}
    with work.spinner(f"Asking {len(ready)} models …") as run:
        answers = run(partial(pipeline.classify_chips, faces.chips, list(ready)))
    predictions = {
        name: Predictions(
            faces.ids,
            faces.labels,
            np.array([[face[name].probabilities[e] for e in EMOTIONS] for face in answers]),
            np.array([[(face[name].scores or {})[e] for e in EMOTIONS] for face in answers])
            if model.yes_no
            else None,
        )
        for name, model in ready.items()
    }
    copies = overlap.find(faces.ids.tolist(), faces.chips)
    evaluated = user_set(
        "annotated",
        predictions,
        ready,
        title=title,
        chose_models=copies.chose_models,
        notes=tuple(copies.sentences()),
    )
    names.add(evaluated, faces.chips)
