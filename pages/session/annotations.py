"""What people of this session answered about faces, by annotator; in memory only.

Labels of a photo's faces are part of the photo, so they go with it on Clear and come back with
Undo. Those of FER2013's faces, and what else is chosen on the page Annotate, are in the session.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import streamlit as st

from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.datasets.fer2013_sample import sample_ids
from fer_core.emotions import EMOTIONS
from fer_core.errors import DataError
from fer_core.reports.annotation_table import AnnotationRow
from pages.session import photos
from pages.session.photo import Label, Photo
from pages.text.escape import clean_name

MAX_ANNOTATORS = 12
MAX_NAME_LENGTH = 40  # characters
FIRST_NAME = "Annotator 1"  # until somebody gives a name


@dataclass(frozen=True)
class Choice:
    """Which faces are labelled, and in which order."""

    seed: int = 1
    split: str = ""  # of FER2013; empty: the session's photos
    count: int = 50  # of FER2013's faces
    balanced: bool = False


@dataclass(frozen=True, eq=False)
class AnnotatedFace:
    """A face to label, from a photo or, without one, from FER2013."""

    file: str  # the photo's file name, or the image's id in FER2013
    index: int = 0  # of the face in the photo
    photo: Photo | None = None

    @property
    def face_id(self) -> tuple[str, int]:
        """Unique in the session, as names of photos are."""
        return self.file, self.index

    @property
    def chip(self) -> np.ndarray:
        """(48, 48) uint8 grey; raises `DataError` if FER2013's file cannot be read."""
        if self.photo is not None:
            chip: np.ndarray = self.photo.chips[self.index]
            return chip
        return _dataset().chip(self.file)

    @property
    def label(self) -> str:
        """FER2013's label; empty for a photo."""
        return "" if self.photo is not None else _dataset().label(self.file)

    @property
    def labels(self) -> dict[str, Label]:
        """Annotator → label."""
        if self.photo is None:
            return dict(state().fer2013.get(self.file, {}))
        made = self.photo.labels.items()
        return {name: labels[self.index] for name, labels in made if self.index in labels}

    def set_label(self, annotator: str, label: Label) -> None:
        """Keep an annotator's label, instead of an earlier one."""
        if self.photo is None:
            state().fer2013.setdefault(self.file, {})[annotator] = label
        else:
            self.photo.labels.setdefault(annotator, {})[self.index] = label


def _dataset() -> Fer2013Dataset:
    """FER2013; raises `DataError` if it has been removed meanwhile."""
    dataset = Fer2013Dataset.find()
    if dataset is None:
        raise DataError("FER2013 is no longer on this disk.")
    return dataset


@dataclass
class State:
    """The session's annotators and how far they are."""

    names: list[str] = field(default_factory=list)
    current: str = ""
    finished: set[str] = field(default_factory=set)  # annotators who may see the result
    choice: Choice | None = None  # of the labelling in progress; None: still to be chosen
    choice_before: Choice | None = None  # of the labelling before
    cursor: tuple[str, int] | None = None  # the face on show; None: the first one not labelled
    shown: tuple[tuple[str, int], float] | None = None  # that face, and time.monotonic()
    fer2013: dict[str, dict[str, Label]] = field(default_factory=dict)  # image id → annotator


def state() -> State:
    """This session's."""
    if "annotations" not in st.session_state:
        st.session_state["annotations"] = State()
    known: State = st.session_state["annotations"]
    return known


def annotators() -> list[str]:
    """Everybody who was named or has labelled a face, at least one name."""
    return named() or [FIRST_NAME]


def named() -> list[str]:
    """Everybody who was named or has labelled a face; nobody at first."""
    names = [*state().names, *(n for photo in photos.album().values() for n in photo.labels)]
    names += [name for made in state().fer2013.values() for name in made]
    return list(dict.fromkeys(names))


def _clean(name: str) -> str:
    return clean_name(name)[:MAX_NAME_LENGTH].strip()


def current_annotator() -> str:
    """Who labels now."""
    names = annotators()
    return state().current if state().current in names else names[0]


def add_annotator(name: str) -> str:
    """Make somebody the current annotator.

    Args:
        name: As typed.

    Returns:
        Why not, as a sentence; empty if it was done.
    """
    name, names = _clean(name), named()
    if name not in names and len(names) >= MAX_ANNOTATORS:
        return f"There are {MAX_ANNOTATORS} annotators already, which is the limit."
    if name not in names:
        state().names.append(name)
    select_annotator(name)
    return ""


def select_annotator(name: str) -> None:
    """Make one of `annotators` the current one."""
    state().current, state().cursor = name, None


def photo_faces(seed: int) -> list[AnnotatedFace]:
    """The faces of the session's photos, in an order that depends only on the seed and the files.

    So photos that are added later change nothing in the order of the others.
    """
    faces = [
        (key, AnnotatedFace(photo.name, i, photo))
        for key, photo in photos.album().items()
        for i in range(len(photo.chips))
    ]
    return [face for _, face in sorted(faces, key=lambda item: _place(seed, *item))]


def _place(seed: int, key: str, face: AnnotatedFace) -> bytes:
    return hashlib.sha256(f"{seed}:{face.index}:{key}".encode(errors="replace")).digest()


def faces_of(choice: Choice) -> list[AnnotatedFace]:
    """The chosen faces in the order in which they are shown, the same for all annotators."""
    if not choice.split:
        return photo_faces(choice.seed)
    dataset = Fer2013Dataset.find()
    if dataset is None:
        return []
    ids = sample_ids(
        dataset, choice.split, choice.count, balanced=choice.balanced, seed=choice.seed
    )
    return [AnnotatedFace(image_id) for image_id in ids]


def take_in(rows: Iterable[AnnotationRow]) -> tuple[int, int]:
    """Take in labels of an earlier visit; they replace those of the same face and annotator.

    Args:
        rows: One per face and annotator.

    Returns:
        How many labels belong to a face that is here, and how many were left out because they do
        not or because there are too many annotators.
    """
    here = {face.face_id: face for face in photo_faces(0)}
    dataset = Fer2013Dataset.find()
    if dataset is not None:
        here |= {(str(image_id), 0): AnnotatedFace(str(image_id)) for image_id in dataset.ids}
    names, taken, left_out = set(named()), 0, 0
    for row in rows:
        face, name = here.get((row.file, row.face - 1)), _clean(row.annotator)
        if face is None or (name not in names and len(names) >= MAX_ANNOTATORS):
            left_out += 1
            continue
        face.set_label(name, Label(row.emotion, row.seconds))
        names.add(name)
        taken += 1
    return taken, left_out


class LabelledFaces(NamedTuple):
    """One annotator's labels, such as for `fer_core.evaluation.evaluation_set.user_set`."""

    ids: np.ndarray  # (N,) str: 'a.jpg, face 1', or FER2013's ids
    labels: np.ndarray  # (N,) int64, indices into EMOTIONS
    chips: np.ndarray  # (N, 48, 48) uint8 grey


def labelled_faces(annotator: str, *, of_fer2013: bool = False) -> LabelledFaces:
    """The faces that an annotator has labelled with an emotion; unclear ones are left out.

    Args:
        annotator: One of `annotators`.
        of_fer2013: Those of FER2013, instead of those of the session's photos.

    Returns:
        Ids, labels and chips, in the same order.

    Raises:
        DataError: An image of FER2013 cannot be read.
    """
    faces = photo_faces(0)
    if of_fer2013:
        faces = [AnnotatedFace(image_id) for image_id in sorted(state().fer2013)]
    made = [
        (face, label.emotion)
        for face in faces
        if (label := face.labels.get(annotator)) is not None and label.emotion is not None
    ]
    names = [face.file if of_fer2013 else f"{face.file}, face {face.index + 1}" for face, _ in made]
    return LabelledFaces(
        np.array(names, str),
        np.array([EMOTIONS.index(emotion) for _, emotion in made], np.int64),
        np.stack([face.chip for face, _ in made]) if made else np.empty((0, 48, 48), np.uint8),
    )
