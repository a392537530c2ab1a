"""The faces chosen on the map, or without a mouse: how many answers are right, and which."""

from collections import Counter
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.emotions import EMOTIONS
from fer_core.evaluation.face_map import NEIGHBOURS
from fer_core.reports.format import percent
from pages.components import address, downloads, face_gallery
from pages.sections.face_map import text
from pages.sections.face_map.view import View
from pages.text.escape import escape
from pages.text.markup import table

PER_PAGE = 12
MAX_PAIRS = 8
ON_MAP = "map"


def show(view: View, on_map: np.ndarray) -> None:
    """Draw the choice without a mouse, and what is known of the faces chosen either way.

    Args:
        view: What the map shows.
        on_map: Numbers of the faces chosen on the map.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        pair, around = _select_pair(view), _select_around(view)
    if around:
        faces = _around(view, around)
    elif pair:
        is_pair = (view.predictions.labels == pair[0]) & (view.predictions.predicted == pair[1])
        faces = np.flatnonzero(is_pair)
    else:
        faces = on_map
    if not len(faces):
        return
    if pair and not around:
        st.markdown(text.pair(view, pair[0], faces))
    else:
        st.markdown(text.selection(view, faces))
        st.html(_pairs(view, faces))
    ids = [view.ids[face] for face in faces.tolist()]
    if Fer2013Dataset.find() is None:
        face_gallery.show_download_instructions()
        _show_table(view, faces)
    else:
        captions = [view.caption(face) for face in faces.tolist()]
        face_gallery.show_gallery(ids, captions, "page", PER_PAGE)
    downloads.csv_button(
        "Download these faces (CSV)",
        partial(rows, view, faces),
        f"face-map-{view.model.name}-{view.evaluation_set.file_title}",
        "chosen-csv",
    )


def _select_pair(view: View) -> tuple[int, int] | None:
    """A label and an answer, indices into EMOTIONS; None for the faces chosen on the map."""
    predictions = view.predictions
    pairs = Counter(zip(predictions.labels.tolist(), predictions.predicted.tolist(), strict=True))
    titles = {ON_MAP: "chosen on the map"} | {
        f"{EMOTIONS[label]}-{EMOTIONS[answer]}": f"{EMOTIONS[label]}, answered {EMOTIONS[answer]} "
        f"({count:,})"
        for (label, answer), count in pairs.most_common()
    }
    pair = address.choose(
        st.selectbox,
        "Faces",
        titles,
        key="map-faces",
        param="pair",
        default=ON_MAP,
        format_func=lambda name: titles[name],
        width=320,
    )
    if pair == ON_MAP:
        return None
    label, answer = (EMOTIONS.index(name) for name in pair.split("-"))
    return label, answer


def _select_around(view: View) -> str:
    """The id of a face whose neighbours are chosen; empty for none."""
    return address.keep(
        lambda key: st.text_input(
            f"Or the {NEIGHBOURS} around a face, by its id",
            key=key,
            placeholder=view.ids[0],
            width=320,
            help="The id is shown over a point, and in this app's tables of faces.",
        ),
        lambda texts: texts[-1],
        key="around",
        default="",
        to_text=lambda text: text if view.number(text) is not None else "",
    ).strip()


def _around(view: View, face_id: str) -> np.ndarray:
    """A face and those of the set that are nearest to it by the network's features."""
    face = view.number(face_id)
    if face is None:
        st.warning(f"{escape(view.evaluation_set.title)} has no face {escape(face_id)}.")
        return np.empty(0, int)
    principal = view.face_map.principal[view.map_rows]
    distances = np.linalg.norm(principal - principal[face], axis=1)
    nearest: np.ndarray = distances.argsort(kind="stable")[: NEIGHBOURS + 1]
    return nearest


def _pairs(view: View, faces: np.ndarray) -> object:
    """The most common pairs of label and answer among the faces."""
    labels, answers = view.predictions.labels[faces], view.predictions.predicted[faces]
    counts = Counter(zip(labels.tolist(), answers.tolist(), strict=True)).most_common()
    lines = [
        (EMOTIONS[label], EMOTIONS[answer], f"{count:,}", percent(count / len(faces)))
        for (label, answer), count in counts[:MAX_PAIRS]
    ]
    if rest := counts[MAX_PAIRS:]:
        number = sum(count for _, count in rest)
        lines.append((f"{len(rest)} other pairs", "", f"{number:,}", percent(number / len(faces))))
    label = "Majority" if view.evaluation_set.by_crowd else "Label"
    return table((label, "Answer", "Faces", "Share"), lines, "plain", "Labels and answers")


def _show_table(view: View, faces: np.ndarray) -> None:
    """The faces as a table, where their pictures are not on this computer."""
    table_rows = rows(view, faces)
    columns: dict[str, Any] = {
        "Face": [row["face"] for row in table_rows],
        "Label": [row["label"] for row in table_rows],
        "Answer": [row["answer"] for row in table_rows],
        "Probability": [100 * row["probability"] for row in table_rows],
        "Crowd": [row["crowd_majority"] for row in table_rows],
    }
    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        column_config={
            "Face": st.column_config.TextColumn(
                pinned=True, help="The image's name; in FER2013 its file name without .jpg"
            ),
            "Probability": st.column_config.NumberColumn(
                format="%.1f %%", help="Of the network's answer"
            ),
            "Crowd": st.column_config.TextColumn(help="Clear majority of ten annotators (FER+)"),
        },
        alt=f"{len(faces):,} chosen faces",
    )


def rows(view: View, faces: np.ndarray) -> list[dict[str, Any]]:
    """One row per face."""
    predictions = view.predictions
    return [
        {
            "model": view.model.name,
            "test_set": view.evaluation_set.title,
            "face": view.ids[face],
            "label": EMOTIONS[int(predictions.labels[face])],
            "answer": EMOTIONS[int(view.answers[face])],
            "probability": float(predictions.probabilities[face].max()),
            "crowd_majority": view.crowd_of(view.ids[face]),
            "x": float(view.points[face, 0]),
            "y": float(view.points[face, 1]),
        }
        for face in faces.tolist()
    ]
