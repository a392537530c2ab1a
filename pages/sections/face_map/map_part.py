"""The map itself, with what is chosen on it."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from pages.charts import point_map
from pages.charts.point_map import Group
from pages.components import figure, test_sets
from pages.sections.face_map import chosen_faces, text
from pages.sections.face_map.controls import COLOURS, Colour
from pages.sections.face_map.own_face import Placed
from pages.sections.face_map.view import View
from pages.style import STYLES

KEY = "face-map"


@st.fragment
def show(view: View, colour: Colour, parts: Sequence[Group], placed: Placed) -> None:
    """Draw the map and what is known of the chosen faces, which do not run the page again.

    Args:
        view: What the map shows.
        colour: What the colours stand for.
        parts: The faces in groups of one colour.
        placed: The visitor's faces.
    """
    draw = partial(point_map.draw, parts, placed.stars, placed.current)
    st.html(STYLES / "face_map.css")
    event = st.plotly_chart(
        draw(),
        key=f"{KEY}-{view.evaluation_set.name}-{view.model.name}-{colour}",
        on_select="rerun",
        selection_mode=("lasso", "box"),
        config=point_map.CONFIG,
        alt=f"{len(view.ids):,} faces of {view.evaluation_set.title} where the features of "
        f"{view.model.title} put them, coloured by {COLOURS[colour]}. The table below can list "
        "them without a mouse.",
    )
    st.caption(
        "Draw a loop around faces to see which they are; on a phone, take them from the list "
        "below. A click on a name in the legend hides its faces."
    )
    figure.show_downloads(
        draw,
        KEY,
        title=f"Map of faces by the features of {view.model.title}, {COLOURS[colour]}",
        source=f"{view.evaluation_set.title}, {len(view.ids):,} faces. Only neighbours mean "
        "something.",
        rows=partial(chosen_faces.rows, view, np.arange(len(view.ids))),
    )
    st.caption(text.faithfulness(view.face_map))
    st.caption(test_sets.measurement_note(view.model, view.evaluation_set))
    picked = [_number(point) for point in event["selection"]["points"]]
    chosen_faces.show(view, np.array([each for each in picked if each is not None], int))


def _number(point: Mapping[str, Any]) -> int | None:
    """The number of a chosen face; None for a visitor's star."""
    data = point.get("customdata")
    return data[0] if isinstance(data, list) else data
