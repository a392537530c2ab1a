"""A visitor's face on the map, and the test faces that are most like it to the network."""

import hashlib
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.emotions import EMOTIONS
from fer_core.errors import WeightsError
from fer_core.evaluation import face_map
from fer_core.reports.format import join_words
from pages.components import downloads, face_gallery, face_panel, upload_panel
from pages.sections.face_map import text
from pages.sections.face_map.view import View
from pages.session import explanation_cache
from pages.text.escape import escape
from pages.text.markup import table


class Placed(NamedTuple):
    """The faces of a visitor's photo on the map; only numbers."""

    stars: np.ndarray  # (M, 2)
    current: int  # which of them is the current face


NOBODY = Placed(np.empty((0, 2)), 0)


def show(view: View) -> Placed:
    """Draw the choice of a face and its neighbours.

    Returns:
        Where the faces of its photo are.
    """
    st.header("Where does your face belong?", anchor=False)
    readable = upload_panel.upload_panel(
        st.container(horizontal=True, vertical_alignment="bottom"), has_camera=False
    )
    if not readable:
        return NOBODY
    key = face_panel.photo_picker(readable)
    photo = readable[key]
    if not photo.faces:
        face_panel.show_no_face(key, photo)
        return NOBODY
    index = face_panel.face_picker(key, photo, "")
    try:
        reduced = _reduced(view, photo.chips)
    except WeightsError as error:
        st.error(escape(str(error)))
        return NOBODY
    neighbours = view.face_map.nearest(reduced)
    _show_neighbours(view, neighbours.rows[index], neighbours.distances[index])
    return Placed(view.face_map.place(neighbours.rows), index)


def _reduced(view: View, chips: np.ndarray) -> np.ndarray:
    """The principal components of chips, from the session if they were computed before."""
    name = view.model.name

    def compute(keys: list[tuple[str, str, str]]) -> list[np.ndarray]:
        missing = np.array([by_key[key] for key in keys])
        return list(view.face_map.reduce(face_map.features_of(name, missing)))

    by_key = {
        ("features", hashlib.sha256(chip.tobytes()).hexdigest(), name): chip for chip in chips
    }
    known = explanation_cache.session_cached_many(
        list(by_key), compute, f"{view.model.title} is looking at the face"
    )
    rows = dict(zip(by_key, known, strict=True))
    digests = (hashlib.sha256(chip.tobytes()).hexdigest() for chip in chips)
    return np.stack([rows["features", digest, name] for digest in digests])


def _show_neighbours(view: View, rows: np.ndarray, distances: np.ndarray) -> None:
    """The test faces nearest to one face, of both splits, whatever the page's test set."""
    neighbours = view.of_map_rows(rows)
    labels = [EMOTIONS[int(each)] for each in neighbours.labels]
    counts = [f"{labels.count(name)} {name}" for name in EMOTIONS if name in labels]
    counts.sort(key=lambda each: -int(each.split()[0]))
    st.markdown(
        f"To {escape(view.model.title)}, these {len(rows)} test faces are most like it. Their "
        f"labels: **{join_words(counts)}**. {text.placement(view.face_map, float(distances[0]))}"
    )
    ids = neighbours.ids.tolist()
    lines = [
        {
            "model": view.model.name,
            "face": face,
            "distance": float(distance),
            "label": EMOTIONS[int(neighbours.labels[i])],
            "answer": EMOTIONS[int(neighbours.predicted[i])],
            "crowd_majority": view.crowd_of(face),
        }
        for i, (face, distance) in enumerate(zip(ids, distances.tolist(), strict=True))
    ]
    if Fer2013Dataset.find() is None:
        st.html(_table(lines))
    else:
        captions = [
            f"labelled {line['label']}\nanswer: {line['answer']}\ncrowd: {line['crowd_majority']}"
            for line in lines
        ]
        face_gallery.show_gallery(ids, captions, "near")
    st.caption(
        "Nearest by the network's features (Euclidean distance between principal components), not "
        "by eye: alike to the network means alike in what it reads for emotions, not the same "
        "person. The faces are of PublicTest and PrivateTest: no network was fitted to them, but "
        "many show the same photograph as a face of Training."
    )
    downloads.csv_button(
        "Download CSV", partial(list, lines), f"nearest-faces-{view.model.name}", "near-csv"
    )


def _table(lines: list[dict[str, Any]]) -> object:
    head = ("Test face", "Label", "Answer", "Crowd")
    rows = [(line["face"], line["label"], line["answer"], line["crowd_majority"]) for line in lines]
    return table(head, rows, "plain", "The nearest test faces, nearest first")
