"""Before labelling: whose faces, in which order, and who labels them."""

from dataclasses import replace

import streamlit as st

from fer_core.artifacts.predictions import SPLITS
from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.reports.format import join_words
from pages.components import address, upload_panel
from pages.session import annotations
from pages.session.annotations import Choice
from pages.text.escape import escape

PHOTOS, FER2013 = "photos", "fer2013"
SOURCES = {PHOTOS: "Your photos", FER2013: "Faces of FER2013"}
COUNTS = (20, 50, 100)
PICKS = {"random": "as they occur", "balanced": "equally many per emotion"}
MAX_SEED = 9999
NAME_KEY = "new-annotator"


def show() -> None:
    """Draw the choice of faces and of the annotator, and the button that starts the labelling."""
    controls = st.container(horizontal=True, vertical_alignment="bottom")
    source = PHOTOS
    if Fer2013Dataset.find() is not None:
        with controls:
            source = address.choose(
                st.segmented_control,
                "Faces to label",
                SOURCES,
                key="annotate-source",
                param="source",
                default=PHOTOS,
                format_func=lambda name: SOURCES[name],
            )
    choice = _sample() if source == FER2013 else Choice()
    without = 0
    if source == PHOTOS:
        readable = upload_panel.upload_panel(controls, has_picker=False)
        without = sum(not photo.faces for photo in readable.values())
    faces = annotations.faces_of(choice)
    if without:
        photos_text = "one photo" if without == 1 else f"{without:,} photos"
        st.caption(
            f"No face was found in {photos_text}. Classify and Compare can use a whole photo as a "
            "face."
        )
    if not faces:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _choose_annotator()
        choice = replace(choice, seed=_seed())
    _show_finished()
    label = "See the result"
    if not all(annotations.current_annotator() in face.labels for face in faces):
        label = "Label one face" if len(faces) == 1 else f"Label {len(faces):,} faces"
    st.button(label, type="primary", key="start", on_click=_start, args=(choice,))
    st.caption(
        "The models' answers and the labels stay hidden until you stop. Everybody sees the faces "
        "in the same random order, which depends on the seed."
    )


def _sample() -> Choice:
    """The controls of a random sample of FER2013."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        split = address.choose(
            st.segmented_control,
            "Split",
            SPLITS[::-1],
            key="annotate-split",
            param="split",
            default=SPLITS[-1],
        )
        count = address.choose(
            st.segmented_control, "Faces", COUNTS, key="annotate-n", param="n", default=50
        )
        pick = address.choose_title("Drawn", PICKS, "annotate-pick", param="pick")
    return Choice(split=split, count=count, balanced=pick == "balanced")


def _seed() -> int:
    """The number that decides sample and order."""
    return address.keep(
        lambda key: int(
            st.number_input(
                "Seed",
                0,
                MAX_SEED,
                step=1,
                key=key,
                width=110,
                persist_state="session",
                help="The same seed gives the same faces in the same order, here and to everybody "
                "who opens a link to this view.",
            )
        ),
        lambda texts: int(address.number_between(0, MAX_SEED)(texts)),
        key="annotate-seed",
        param="seed",
        default=1,
    )


def _choose_annotator() -> None:
    names = annotations.annotators()
    st.session_state["annotator"] = annotations.current_annotator()
    st.pills(
        "Who labels?",
        names,
        format_func=escape,
        key="annotator",
        required=True,
        on_change=_select,
        wrap=True,
        help="Everybody labels without seeing the others' answers. Names stay in this visit and in "
        "the files that you download.",
    )
    name_field("Another name" if annotations.named() else "Your name")


def name_field(label: str) -> None:
    """Draw the field for a new name, whose owner becomes the current annotator."""
    st.text_input(
        label,
        key=NAME_KEY,
        max_chars=annotations.MAX_NAME_LENGTH,
        autocomplete="off",
        on_change=_add,
        width=220,
    )


def _show_finished() -> None:
    finished = [n for n in annotations.annotators() if n in annotations.state().finished]
    if finished:
        st.caption(f"Finished: {join_words(list(map(escape, finished)))}.")


def _select() -> None:
    annotations.select_annotator(st.session_state["annotator"])


def _add() -> None:
    name = st.session_state[NAME_KEY]
    st.session_state[NAME_KEY] = ""
    if name.strip() and (problem := annotations.add_annotator(name)):
        st.toast(problem)


def _start(choice: Choice) -> None:
    state = annotations.state()
    if choice != state.choice_before:
        state.finished.clear()
    state.choice = state.choice_before = choice
    state.cursor = None
