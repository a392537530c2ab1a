"""A matrix as a heat map with its numbers printed, whose cells can be clicked.

A click on a Plotly heat map reaches Streamlit without saying where it was (streamlit #8760), so
unseen markers lie over the cells and take it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from pages.charts import theme
from pages.charts.colour import INKS, colour_at, ink_on

#: Colours from 0 to the largest value, one hue, in steps that look equal (OKLab). Nothing fades
#: into the page, so light paper and dark paper need opposite directions.
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
#: Orange for less, grey for 0, blue for more: told apart by colour-blind readers too.
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
HEIGHT = 52  # pixels a row: a thumb hits it, and seven fit on a phone's screen
#: A tap reaches Plotly twice, as touch and as mouse; without the delay that is no double click.
CONFIG = {"displayModeBar": False, "doubleClickDelay": 0}
PlotlyItem = dict[str, Any]  # an annotation or shape of Plotly


class ClickableFigure(go.Figure):
    """A figure that leaves dragging to the page, so that a thumb scrolls it and a tap is a click.

    That needs `dragmode` to be false, and Streamlit overwrites every false one where points can be
    selected. A word that Plotly does not know passes Streamlit, and Plotly then takes the
    template's value.
    """

    def to_dict(self) -> dict[str, Any]:
        told: dict[str, Any] = super().to_dict()
        told["layout"]["template"]["layout"]["dragmode"] = False
        told["layout"]["dragmode"] = "none"
        return told


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
    """`values` (R, C) as colours from 0 to `top`, or from -`top` to `top` if `diverging`.

    `texts` (R, C) are printed in the cells and `hover` (R, C) shown above a pointer; they may hold
    HTML. `titles`, of the rows and of the columns, stand in the corner. `totals` are R texts right
    of the rows and C texts below the columns, `totals_titles` stand at them. `chosen` (row, column)
    is framed.
    """
    scale = (DIVERGING if diverging else SEQUENTIAL)[st.context.theme.type or "light"]
    low = -max_value if diverging else 0.0
    shares = (np.clip(values, low, max_value) - low) / ((max_value - low) or 1.0)
    height, width = values.shape
    figure = ClickableFigure(
        go.Heatmap(
            z=shares,
            zmin=0,
            zmax=1,
            colorscale=scale,
            showscale=False,
            xgap=2,
            ygap=2,
            hoverinfo="skip",
        )
    )
    unseen: dict[str, Any] = {"marker": {"opacity": 0}}
    figure.add_trace(
        go.Scatter(
            x=np.tile(np.arange(width), height),
            y=np.repeat(np.arange(height), width),
            mode="markers",
            marker={"symbol": "square", "size": HEIGHT, "opacity": 0},
            selected=unseen,
            unselected=unseen,
            showlegend=False,
            hoverinfo="text" if hover else "none",
            hovertext=[text for line in hover or () for text in line],
        )
    )
    inks = [[ink_on(colour_at(scale, share)) for share in line] for line in shares]
    notes = [
        {"text": texts[i][j], "x": j, "y": i, "font": {"size": 15, "color": inks[i][j]}}
        for i in range(height)
        for j in range(width)
    ]
    notes += [_corner(titles)] + (_totals(totals, totals_titles) if totals else [])
    _axes(figure, rows, columns)
    figure.update_layout(
        # All at once: adding them one by one takes Plotly seconds.
        annotations=[{"showarrow": False} | note for note in notes],
        shapes=_frame(selected) if selected else [],
        height=HEIGHT * height + 80,
        margin={"l": 62, "r": 44 if totals else 4, "t": 44, "b": 34 if totals else 4, "pad": 4},
        hovermode="closest",
        hoverdistance=HEIGHT,
        hoverlabel={"font": {"size": 14}},
    )
    return figure


def show(figure: go.Figure, key: str, alt: str, on_click: Any, *args: Any) -> None:
    """Draw a heat map; `on_click(row, column, *args)` hears of a click before the page reruns."""
    width = len(figure.layout.xaxis.ticktext)

    def heard() -> None:
        # A second click on the same cell takes the selection away, but not the choice.
        if places := st.session_state[key].selection.point_indices:
            on_click(*divmod(places[0], width), *args)

    st.plotly_chart(
        figure, key=key, on_select=heard, selection_mode="points", config=CONFIG, alt=alt
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
        # Level where the names fit, as on a wide screen, else leaning.
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
    place = {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "xshift": -6}
    anchor = {"xanchor": "right", "yanchor": "bottom", "align": "right"}
    return {"text": "<br>".join(titles[::-1]), "font": font} | place | anchor


def _totals(totals: tuple[Sequence[str], Sequence[str]], titles: tuple[str, str]) -> list[PlotlyItem]:
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
    """A dark and a light line, so that one of them shows on any cell."""
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
