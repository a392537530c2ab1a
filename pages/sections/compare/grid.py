"""Which faces the grid of faces × models shows: filter, order and page."""

from collections.abc import Sequence

import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.registry import MODELS
from pages.components import address, face_quality
from pages.sections.compare import text
from pages.sections.compare.text import ComparedFace

ALL, DIFFER, OUTSIDE = "all", "differ", "outside"
ORDERS = {"disagreement": "most disagreement first", "photos": "as uploaded"}
PAGE_SIZES = (6, 12, 24)


def select_page(faces: Sequence[ComparedFace], model_names: Sequence[str]) -> list[ComparedFace]:
    """The faces on the selected page; draws the controls if there are several faces."""
    if len(faces) < 2:
        return list(faces)
    row = st.container(horizontal=True, vertical_alignment="bottom")
    counts = filters(faces, model_names)
    face_filter = address.choose(
        row.selectbox,
        "Faces to show",
        counts,
        key="show",
        default=ALL,
        format_func=lambda name: f"{filter_title(name)} ({counts[name]})",
        width=360,
    )
    order = address.choose(
        row.selectbox,
        "Order",
        ORDERS,
        key="order",
        default="disagreement",
        format_func=lambda name: ORDERS[name],
        width=230,
    )
    selected = [face for face in faces if passes(face, face_filter)]
    if order == "disagreement":
        selected = text.sort_by_disagreement(selected)
    size = PAGE_SIZES[0]
    if len(selected) > size:
        size = address.choose(
            row.segmented_control,
            "Per page",
            PAGE_SIZES,
            key="per-page",
            default=size,
        )
    pages = -(-len(selected) // size)
    page = 1
    if pages > 1:
        # A different number of pages makes a new widget, which starts on page 1. Without a width it
        # would hide the second of two pages.
        with row:
            width = 44 * (min(pages, 5) + 3)
            page = st.pagination(pages, max_visible_pages=5, width=width, key=f"faces-{pages}")
    return selected[(page - 1) * size : page * size]


def filters(faces: Sequence[ComparedFace], model_names: Sequence[str]) -> dict[str, int]:
    """Every filter that leaves some face, with the number of faces it leaves."""
    names = [ALL, DIFFER]
    names += [f"{DIFFER}-{name}" for name in model_names]
    names += [f"says-{emotion}" for emotion in EMOTIONS]
    names.append(OUTSIDE)
    counts = {name: sum(passes(face, name) for face in faces) for name in names}
    return {name: count for name, count in counts.items() if count}


def passes(face: ComparedFace, name: str) -> bool:
    """Whether the filter shows the face."""
    kind, _, value = name.partition("-")
    if kind == DIFFER and value:
        return face.predictions[value] not in face.consensus.leaders
    if kind == DIFFER:
        return not face.consensus.is_unanimous
    if kind == OUTSIDE:
        return bool(face_quality.outside(face.photo)[face.index])
    return kind == ALL or value in face.predictions.values()


def filter_title(name: str) -> str:
    """'faces on which models disagree', for the list of filters."""
    kind, _, value = name.partition("-")
    if kind == DIFFER:
        return f"{MODELS[value].title} differs" if value else "models disagree"
    if kind == OUTSIDE:
        return "outside of what they learned from"
    return f"some model says {value}" if value else "all faces"
