"""Selects the face to explain: from the session's photos or from FER2013's test faces."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fer_core import pipeline
from fer_core.answers import Answer
from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.emotions import EMOTIONS
from fer_core.errors import DataError, WeightsError
from fer_core.registry import MODELS
from pages.components import face_gallery, face_panel, face_quality, upload_panel
from pages.components.face_quality import NOTHING, Description
from pages.session import explanation_cache, work
from pages.session.photo import Photo
from pages.session.photos import NO_PICTURE_NOTE
from pages.text.escape import escape

FROM_PHOTOS, FROM_FER2013 = "Your photos", "FER2013"
SPLITS = ("PublicTest", "PrivateTest")
#: Query parameter with the id of a FER2013 face. A photo is never named in the address.
QUERY_KEY = "face"


@dataclass(frozen=True, eq=False)
class SelectedFace:
    """One face, with the answers of those selected models that could be loaded."""

    chip: np.ndarray  # (48, 48) uint8 grey
    answers: Mapping[str, Answer]  # by model name
    name: str  # plain text, not escaped
    photo: Photo | None = None
    index: int = 0  # of the face in the photo
    description: Description = NOTHING  # of its picture
    digest: str = field(init=False)  # SHA-256 of the chip

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", hashlib.sha256(self.chip.tobytes()).hexdigest())


def select_face(model_names: Sequence[str]) -> SelectedFace | None:
    """Draw the controls that select a face; None if there is no face yet."""
    dataset = Fer2013Dataset.find()
    ids = ids_by_split_and_label(dataset) if dataset is not None else {}
    row = st.container(horizontal=True, vertical_alignment="bottom")
    if dataset is None and QUERY_KEY in st.query_params:
        face_gallery.show_download_instructions()
    image_id, from_fer2013 = None, False
    with row:
        if any(ids.values()) and _select_source(ids) == FROM_FER2013:
            from_fer2013, image_id = True, _select_id(ids)
    if from_fer2013:
        if dataset is None or not image_id:
            return None
        return _fer2013_face(dataset, image_id, model_names)
    st.query_params.pop(QUERY_KEY, None)
    return _photo_face(model_names, row)


def ids_by_split_and_label(dataset: Fer2013Dataset) -> dict[tuple[str, str], list[str]]:
    """(Split, label) → the ids of those faces, in order."""
    ids: dict[tuple[str, str], list[str]] = {
        (split, emotion): [] for split in SPLITS for emotion in EMOTIONS
    }
    for image_id, label in zip(dataset.ids.tolist(), dataset.labels.tolist(), strict=True):
        split = image_id.partition("_")[0]
        if split in SPLITS:
            ids[split, EMOTIONS[label]].append(image_id)
    return ids


def _select_source(ids: Mapping[tuple[str, str], list[str]]) -> str:
    """Photos or FER2013. A face that is new in the address selects FER2013."""
    image_id = st.query_params.get(QUERY_KEY)
    if image_id and image_id != st.session_state.get("fer-shown"):
        group = next((group for group, members in ids.items() if image_id in members), None)
        if group is None:
            st.warning(f"This copy of FER2013 has no test face {escape(image_id)}.")
        else:
            st.session_state["fer-split"], st.session_state["fer-label"] = group
            st.session_state["fer-number"] = ids[group].index(image_id) + 1
            st.session_state["faces-from"] = FROM_FER2013
    return st.segmented_control(
        "Faces from",
        (FROM_PHOTOS, FROM_FER2013),
        default=FROM_PHOTOS,
        required=True,
        key="faces-from",
        persist_state="session",
    )


def _select_id(ids: Mapping[tuple[str, str], list[str]]) -> str | None:
    """The id of a test face, selected by split, label and number."""
    st.session_state.setdefault("fer-label", "happy")
    split = st.segmented_control(
        "Split",
        SPLITS,
        default=SPLITS[0],
        required=True,
        key="fer-split",
        persist_state="session",
    )
    label = st.selectbox("Label", EMOTIONS, key="fer-label", width=150, persist_state="session")
    group = ids[split, label]
    if not group:
        st.info(f"This copy of FER2013 has no {label} face in {split}. Choose another label.")
        return None
    before = st.session_state.get("fer-number", 1)
    st.session_state["fer-number"] = min(max(before, 1), len(group))
    number = st.number_input(
        f"Number (1 to {len(group)})",
        1,
        len(group),
        key="fer-number",
        width=150,
        persist_state="session",
    )
    return group[number - 1]


def _fer2013_face(
    dataset: Fer2013Dataset, image_id: str, model_names: Sequence[str]
) -> SelectedFace | None:
    st.session_state["fer-shown"] = st.query_params[QUERY_KEY] = image_id
    try:
        chip = dataset.chip(image_id)
    except DataError as error:
        st.error(str(error))
        return None
    answers = {}
    for name in model_names:
        title = MODELS[name].title
        try:
            answers[name] = explanation_cache.session_cached(
                ("answer", image_id, name), partial(_answer, chip, name), f"Running {title}"
            )
        except WeightsError as error:
            st.error(f"{title}: {error}")
    name = f"{image_id}, labelled {dataset.label(image_id)}"
    return SelectedFace(chip, answers, name, description=face_quality.describe_chip(chip))


def _answer(chip: np.ndarray, model_name: str) -> Answer:
    return pipeline.classify_chips(chip[None], [model_name])[0][model_name]


def _photo_face(model_names: Sequence[str], row: DeltaGenerator) -> SelectedFace | None:
    answering = model_names[0] if len(model_names) == 1 else None
    readable = upload_panel.upload_panel(row, answering)
    if not readable:
        return None
    loaded = work.run_models(model_names)
    key = face_panel.photo_picker(readable)
    photo = readable[key]
    if not photo.faces:
        face_panel.show_no_face(key, photo)
        return None
    index = face_panel.face_picker(key, photo, loaded[0] if loaded else "")
    if photo.uses_full_image:
        face_panel.show_whole_photo_note(photo)
    if not photo.has_picture:
        st.caption(NO_PICTURE_NOTE)
    answers = {name: photo.answers[name][index] for name in loaded if name in photo.answers}
    has_several = len(photo.faces) > 1
    name = f"face {index + 1} of {photo.name}" if has_several else photo.name
    picture = photo if photo.has_picture else None
    description = face_quality.describe(photo, index)
    return SelectedFace(photo.chips[index], answers, name, picture, index, description)
