"""What people of a session answered: order, reading back, and labels as a test set."""

from collections.abc import Iterator

import numpy as np
import pytest
import streamlit as st
from compare_photos import ALL_HAPPY, photo

from fer_core.artifacts.predictions import Predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation.evaluation_set import user_set
from fer_core.registry import MODELS
from fer_core.reports.annotation_table import AnnotationRow
from pages.session import annotations, photos
from pages.session.full_image import without_full_image
from pages.session.photo import Label


@pytest.fixture(autouse=True)
def session() -> Iterator[None]:
    """Three photos of two faces each."""
    for i in range(3):
        photos.album()[f"key{i}"] = photo([ALL_HAPPY, ALL_HAPPY], f"{i}.png")
    yield
    st.session_state.pop("held")
    st.session_state.pop("annotations", None)


def ids(seed: int) -> list[tuple[str, int]]:
    return [face.face_id for face in annotations.photo_faces(seed)]


def test_the_order_depends_on_the_seed_and_not_on_photos_added_later() -> None:
    before = ids(1)
    assert before == ids(1)
    assert sorted(before) == sorted(ids(2))
    assert before != ids(2)
    photos.album()["later"] = photo([ALL_HAPPY], "later.png")
    assert [face for face in ids(1) if face[0] != "later.png"] == before


def test_labels_are_a_test_set() -> None:
    for face, emotion in zip(annotations.photo_faces(0), ("sad", None, "happy"), strict=False):
        face.set_label("Bo", Label(emotion, 1.0))
    made = annotations.labelled_faces("Bo")
    assert made.chips.shape == (2, 48, 48)
    assert sorted(made.labels) == [EMOTIONS.index("happy"), EMOTIONS.index("sad")]
    assert len(set(made.ids)) == 2
    probabilities = np.eye(7)[[EMOTIONS.index("sad")] * 2]
    answers = {"multiclass": Predictions(made.ids, made.labels, probabilities)}
    own = user_set("own", answers, MODELS)
    assert own.predictions("multiclass").correct.sum() == 1
    nobody = annotations.labelled_faces("nobody")
    assert (len(nobody.ids), len(nobody.labels), nobody.chips.shape) == (0, 0, (0, 48, 48))


def test_labels_of_other_files_and_of_too_many_annotators_are_left_out() -> None:
    rows = [AnnotationRow("0.png", 1, f"name {i}", "fear", 2.0) for i in range(14)]
    rows += [AnnotationRow("other.png", 1, "name 0", "fear", 2.0)]
    rows += [AnnotationRow("0.png", 3, "name 0", "fear", 2.0)]
    assert annotations.take_in(rows) == (12, 4)
    assert len(annotations.annotators()) == annotations.MAX_ANNOTATORS
    assert photos.album()["key0"].labels["name 0"] == {0: Label("fear", 2.0)}


def test_a_photo_without_its_whole_picture_as_a_face_has_no_labels() -> None:
    whole = photos.album()["key0"]
    whole.labels["Bo"] = {0: Label("sad", 1.0)}
    assert without_full_image(whole).labels == {}
