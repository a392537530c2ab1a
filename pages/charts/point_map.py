"""Many points on a map without axes, in groups of one colour or coloured by a number."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from pages.charts import theme

HEIGHT = 600  # px
POINT_SIZE, STAR_SIZE = 5, 18  # px
#: Of numbers; both ends and the middle can be seen on the backgrounds of both themes.
SCALE = [[0, "#3E7CB1"], [0.5, "#9A9A9A"], [1, "#E0922E"]]
#: Only what serves to choose points; a swipe over the map must not zoom it by accident.
CONFIG = {
    "displaylogo": False,
    "scrollZoom": False,
    "modeBarButtons": [["lasso2d", "select2d", "zoomIn2d", "zoomOut2d", "pan2d", "resetScale2d"]],
}


class Group(NamedTuple):
    """Points of one colour, or coloured by their `values`."""

    name: str
    points: np.ndarray  # (N, 2)
    rows: np.ndarray  # (N,) what a chosen point is known by
    texts: Sequence[str]  # N, shown over a point
    colour: str = ""
    values: np.ndarray | None = None  # (N,), by which the points are coloured
    values_title: str = ""


def draw(groups: Sequence[Group], stars: np.ndarray, current: int = 0) -> go.Figure:
    """Draw the points of each group, and stars above them.

    Args:
        groups: The points; a click on a group's name hides it.
        stars: (M, 2), such as a visitor's faces.
        current: Which of the stars is the large one.
    """
    figure, font = go.Figure(), {"size": 13, "color": theme.ink()}
    for group in groups:
        figure.add_scatter(  # not scattergl: WebGL is missing on many virtual machines
            x=group.points[:, 0],
            y=group.points[:, 1],
            customdata=group.rows,
            mode="markers",
            name=f"{group.name} ({len(group.rows):,})",
            showlegend=group.values is None,  # else the colour bar says what the colours mean
            marker={"size": POINT_SIZE, "opacity": 0.8} | _colours(group, font),
            text=group.texts,
            hovertemplate="%{text}<extra></extra>",
            unselected={"marker": {"opacity": 0.12}},
        )
    if len(stars):
        sizes = np.full(len(stars), 0.7 * STAR_SIZE)
        edge = "#FFFFFF" if theme.scheme() == "light" else "#000000"
        sizes[current] = STAR_SIZE
        figure.add_scatter(
            x=stars[:, 0],
            y=stars[:, 1],
            mode="markers",
            name="your face" if len(stars) == 1 else "your faces",
            marker={
                "symbol": "star", "size": sizes, "color": theme.ink(),
                "line": {"width": 1.5, "color": edge},
            },
            unselected={"marker": {"opacity": 1}},
            hovertemplate="your face<extra></extra>",
        )  # fmt: skip
    axis: dict[str, Any] = {"visible": False}
    figure.update_layout(
        xaxis=axis,
        yaxis=axis | {"scaleanchor": "x"},
        height=HEIGHT,
        margin={"l": 0, "r": 0, "t": 70, "b": 0},
        dragmode="lasso",
        hovermode="closest",
        uirevision="map",  # keeps the zoom when the colours change
        legend={
            "orientation": "h", "x": 0, "y": 1.01, "yanchor": "bottom", "font": font,
            "itemsizing": "constant",
        },
    )  # fmt: skip
    return figure


def _colours(group: Group, font: dict[str, Any]) -> dict[str, Any]:
    if group.values is None:
        return {"color": group.colour}
    bar = {"title": {"text": group.values_title, "font": font}, "tickfont": font, "thickness": 12}
    return {"color": group.values, "colorscale": SCALE, "showscale": True, "colorbar": bar}
