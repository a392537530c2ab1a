"""Which face is looked at: one of the session's photos, or one of FER2013's test faces."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fer_core import pipeline
from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.emotions import EMOTIONS
from fer_core.errors import DataError, WeightsError
from fer_core.pipeline import Answer
from fer_core.registry import MODELS
from pages.components import face_gallery, face_panel, upload_panel
from pages.session import explanation_cache, work
from pages.session.photos import Photo
from pages.text.escape import escape

FROM_PHOTOS, FROM_FER2013 = "Your photos", "FER2013"
SPLITS = ("PublicTest", "PrivateTest")
#: Name of a FER2013 face in the address. A photo is never named there.
QUERY_KEY = "face"


@dataclass(frozen=True, eq=False)
class SelectedFace:
    """One face, and what the chosen variants that could be asked say of it."""

    chip: np.ndarray  # (48, 48) uint8 grey
    answers: Mapping[str, Answer]
    name: str  # plain text, not escaped
    photo: Photo | None = None
    index: int = 0  # of the face in the photo
    mark: str = field(init=False)  # the same for the same chip only

    def __post_init__(self) -> None:
        object.__setattr__(self, "mark", hashlib.sha256(self.chip.tobytes()).hexdigest())


def select_face(names: Sequence[str]) -> SelectedFace | None:
    """Draws what is needed to choose a face; None where there is none to look at yet."""
    found = Fer2013Dataset.find()
    ids = ids_by_split_and_label(found) if found is not None else {}
    row = st.container(horizontal=True, vertical_alignment="bottom")
    if found is None and QUERY_KEY in st.query_params:
        face_gallery.show_download_instructions()
    image, test_face = None, False
    with row:
        if any(ids.values()) and _source(ids) == FROM_FER2013:
            test_face, image = True, _pick(ids)
    if test_face:
        return _of_fer2013(found, image, names) if found is not None and image else None
    st.query_params.pop(QUERY_KEY, None)
    return _of_photos(names, row)


def ids_by_split_and_label(found: Fer2013Dataset) -> dict[tuple[str, str], list[str]]:
    """Split and label → the ids of those faces, in order."""
    ids: dict[tuple[str, str], list[str]] = {(s, e): [] for s in SPLITS for e in EMOTIONS}
    for image, label in zip(found.ids.tolist(), found.labels.tolist(), strict=True):
        split = image.partition("_")[0]
        if split in SPLITS:
            ids[split, EMOTIONS[label]].append(image)
    return ids


def _source(ids: Mapping[tuple[str, str], list[str]]) -> str:
    """Photos or FER2013. An address that names a face has a say when it is new."""
    asked = st.query_params.get(QUERY_KEY)
    if asked and asked != st.session_state.get("fer-shown"):
        place = next((place for place, some in ids.items() if asked in some), None)
        if place is None:
            st.warning(f"{escape(asked)} is no test face of this copy of FER2013.")
        else:
            st.session_state["fer-split"], st.session_state["fer-label"] = place
            st.session_state["fer-number"] = ids[place].index(asked) + 1
            st.session_state["faces-from"] = FROM_FER2013
    return st.segmented_control(
        "Faces from",
        (FROM_PHOTOS, FROM_FER2013),
        default=FROM_PHOTOS,
        required=True,
        key="faces-from",
        persist_state="session",
    )


def _pick(ids: Mapping[tuple[str, str], list[str]]) -> str | None:
    """The id of a test face, by its split, its label and its number among those."""
    st.session_state.setdefault("fer-label", "happy")
    split = st.segmented_control(
        "Split",
        SPLITS,
        default=SPLITS[0],
        required=True,
        key="fer-split",
        persist_state="session",
    )
    label = st.selectbox("Labelled", EMOTIONS, key="fer-label", width=150, persist_state="session")
    some = ids[split, label]
    if not some:
        st.info(f"This copy of FER2013 has no {label} face in {split}. Choose another label.")
        return None
    before = st.session_state.get("fer-number", 1)
    st.session_state["fer-number"] = min(max(before, 1), len(some))
    number = st.number_input(
        f"Number, 1 to {len(some)}",
        1,
        len(some),
        key="fer-number",
        width=150,
        persist_state="session",
    )
    return some[number - 1]


def _of_fer2013(found: Fer2013Dataset, image: str, names: Sequence[str]) -> SelectedFace | None:
    st.session_state["fer-shown"] = st.query_params[QUERY_KEY] = image
    try:
        chip = found.chip(image)
    except DataError as error:
        st.error(str(error))
        return None
    told = {}
    for name in names:
        title = MODELS[name].title
        try:
            told[name] = explanation_cache.session_cached(
                ("answer", image, name), partial(_answer, chip, name), f"Asking {title}"
            )
        except WeightsError as error:
            st.error(f"{title}: {error}")
    return SelectedFace(chip, told, f"{image}, labelled {found.label(image)}")


def _answer(chip: np.ndarray, name: str) -> Answer:
    return pipeline.classify_chips(chip[None], [name])[0][name]


def _of_photos(names: Sequence[str], row: DeltaGenerator) -> SelectedFace | None:
    readable = upload_panel.upload_panel(row)
    if not readable:
        return None
    willing = work.run_models(names)
    key = face_panel.photo_picker(readable)
    photo = readable[key]
    if not photo.faces:
        face_panel.show_no_face(key, photo)
        return None
    index = face_panel.face_picker(key, photo, willing[0] if willing else "")
    if photo.uses_full_image:
        st.info("No face was found, so the whole picture was taken as the face.")
    told = {name: photo.answers[name][index] for name in willing if name in photo.answers}
    several = len(photo.faces) > 1
    name = f"face {index + 1} of {photo.name}" if several else photo.name
    return SelectedFace(photo.chips[index], told, name, photo, index)
