"""Heat map of a matrix, with printed values and clickable cells.

Streamlit reports a click on a Plotly heat map without its position (streamlit #8760), so invisible
markers over the cells receive the clicks.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from pages.charts import theme
from pages.charts.colour import INKS, colour_at, ink_on

#: Colours from 0 to the maximum: one hue, in perceptually equal steps (OKLab). Lightness moves away
#: from the page's background, so the light and dark scales run in opposite directions.
SEQUENTIAL = {
    "light": [
        "#EEF5F6",
        "#C6E1E4",
        "#A1CCD0",
        "#7EB7BC",
        "#5FA0A6",
        "#428A90",
        "#297379",
        "#155C62",
        "#08464B",
    ],
    "dark": [
        "#1F2929",
        "#1E4043",
        "#1C585D",
        "#1F7077",
        "#2D8991",
        "#46A3AA",
        "#64BBC3",
        "#88D3DA",
        "#AFEAF0",
    ],
}
#: Orange below 0, grey at 0, blue above: distinguishable for colour-blind readers.
DIVERGING = {
    "light": [
        "#944E12",
        "#B57446",
        "#D19D7A",
        "#E7C8B4",
        "#F3F3F3",
        "#BDD0E9",
        "#8AACD8",
        "#5C88C1",
        "#3164A3",
    ],
    "dark": [
        "#F7A974",
        "#C48254",
        "#8F5F3E",
        "#5A4130",
        "#262626",
        "#37485E",
        "#4E6E96",
        "#6D96CB",
        "#94C1FA",
    ],
}
HEIGHT = 52  # pixels per row: large enough to tap, and seven rows fit on a phone
#: Plotly receives a tap twice, as touch and as mouse; a delay of 0 keeps that from being a double
#: click.
CONFIG = {"displayModeBar": False, "doubleClickDelay": 0}
PlotlyItem = dict[str, Any]  # a Plotly annotation or shape


class ClickableFigure(go.Figure):
    """A figure that does not handle dragging, so that a swipe scrolls the page and a tap clicks.

    That needs `dragmode` to be false, but Streamlit overwrites a false value in charts with
    selectable points. A value unknown to Plotly passes Streamlit unchanged, and Plotly then falls
    back to the template's value.
    """

    def to_dict(self) -> dict[str, Any]:
        figure: dict[str, Any] = super().to_dict()
        figure["layout"]["template"]["layout"]["dragmode"] = False
        figure["layout"]["dragmode"] = "none"
        return figure


def heat_map(
    values: np.ndarray,
    texts: Sequence[Sequence[str]],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    max_value: float,
    diverging: bool = False,
    titles: tuple[str, str] = ("", ""),
    hover: Sequence[Sequence[str]] | None = None,
    totals: tuple[Sequence[str], Sequence[str]] | None = None,
    totals_titles: tuple[str, str] = ("", ""),
    selected: tuple[int, int] | None = None,
) -> ClickableFigure:
    """Build a heat map of a matrix.

    Args:
        values: (R, C) matrix.
        texts: (R, C) texts printed in the cells; may contain HTML.
        rows: R row names.
        columns: C column names.
        max_value: Value at the end of the colour scale; larger values have the same colour.
        diverging: Whether the scale runs from -`max_value` instead of from 0.
        titles: Titles of the rows and of the columns, printed in the corner.
        hover: (R, C) hover texts; may contain HTML.
        totals: R texts right of the rows and C texts below the columns.
        totals_titles: Titles of the two kinds of totals.
        selected: (row, column) of the cell to frame.
    """
    scale = (DIVERGING if diverging else SEQUENTIAL)[theme.scheme()]
    low = -max_value if diverging else 0.0
    fractions = (np.clip(values, low, max_value) - low) / ((max_value - low) or 1.0)
    height, width = values.shape
    figure = ClickableFigure(
        go.Heatmap(
            z=fractions,
            zmin=0,
            zmax=1,
            colorscale=scale,
            showscale=False,
            xgap=2,
            ygap=2,
            hoverinfo="skip",
        )
    )
    invisible: dict[str, Any] = {"marker": {"opacity": 0}}
    figure.add_trace(
        go.Scatter(
            x=np.tile(np.arange(width), height),
            y=np.repeat(np.arange(height), width),
            mode="markers",
            marker={"symbol": "square", "size": HEIGHT, "opacity": 0},
            selected=invisible,
            unselected=invisible,
            showlegend=False,
            hoverinfo="text" if hover else "none",
            hovertext=[text for row in hover or () for text in row],
        )
    )
    inks = [[ink_on(colour_at(scale, fraction)) for fraction in row] for row in fractions]
    annotations = [
        {"text": texts[i][j], "x": j, "y": i, "font": {"size": 15, "color": inks[i][j]}}
        for i in range(height)
        for j in range(width)
    ]
    annotations += [_corner(titles)] + (_totals(totals, totals_titles) if totals else [])
    _axes(figure, rows, columns)
    figure.update_layout(
        # All at once: adding them one by one takes Plotly seconds.
        annotations=[{"showarrow": False} | annotation for annotation in annotations],
        shapes=_frame(selected) if selected else [],
        height=HEIGHT * height + 80,
        margin={"l": 62, "r": 44 if totals else 4, "t": 44, "b": 34 if totals else 4, "pad": 4},
        hovermode="closest",
        hoverdistance=HEIGHT,
        hoverlabel={"font": {"size": 14}},
    )
    return figure


def show(figure: go.Figure, key: str, alt: str, on_click: Any, *args: Any) -> None:
    """Draw a heat map; a click calls `on_click(row, column, *args)` before the page reruns."""
    width = len(figure.layout.xaxis.ticktext)

    def handle_click() -> None:
        # A second click on the same cell clears Plotly's selection; the cell stays selected.
        if indices := st.session_state[key].selection.point_indices:
            on_click(*divmod(indices[0], width), *args)

    st.plotly_chart(
        figure, key=key, on_select=handle_click, selection_mode="points", config=CONFIG, alt=alt
    )


def _axes(figure: go.Figure, rows: Sequence[str], columns: Sequence[str]) -> None:
    common: dict[str, Any] = {
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "tickmode": "array",
        "tickfont": {"size": 14, "color": theme.ink()},
    }
    figure.update_xaxes(
        **common,
        side="top",
        range=[-0.5, len(columns) - 0.5],
        tickvals=list(range(len(columns))),
        ticktext=list(columns),
        # Horizontal where the names fit, as on a wide screen, else slanted.
        autotickangles=[0, -40],
    )
    figure.update_yaxes(
        **common,
        range=[len(rows) - 0.5, -0.5],
        tickvals=list(range(len(rows))),
        ticktext=list(rows),
    )


def _corner(titles: tuple[str, str]) -> PlotlyItem:
    font = {"size": 13, "color": theme.ink()}
    position = {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "xshift": -6}
    anchor = {"xanchor": "right", "yanchor": "bottom", "align": "right"}
    return {"text": "<br>".join(titles[::-1]), "font": font} | position | anchor


def _totals(
    totals: tuple[Sequence[str], Sequence[str]], titles: tuple[str, str]
) -> list[PlotlyItem]:
    font = {"size": 13, "color": theme.ink()}
    right: PlotlyItem = {"xref": "paper", "x": 1, "xanchor": "right", "xshift": 42, "font": font}
    below: PlotlyItem = {"yref": "paper", "y": 0, "yanchor": "top", "yshift": -6, "font": font}
    return [
        *(right | {"text": text, "y": i} for i, text in enumerate(totals[0])),
        *(below | {"text": text, "x": j} for j, text in enumerate(totals[1])),
        right | {"text": titles[0], "yref": "paper", "y": 1, "yanchor": "bottom"},
        below | {"text": titles[1], "xref": "paper", "x": 0, "xanchor": "right", "xshift": -6},
    ]


def _frame(cell: tuple[int, int]) -> list[PlotlyItem]:
    """A dark and a light frame, so that one of them is visible on any cell."""
    y, x = cell
    return [
        {
            "type": "rect",
            "x0": x - half,
            "x1": x + half,
            "y0": y - half,
            "y1": y + half,
            "line": {"width": width, "color": colour},
        }
        for half, width, colour in ((0.5, 4, INKS[0]), (0.48, 1.5, INKS[1]))
    ]
