"""The chart of Label audit: how the hit rate falls the further down the ranking one looks."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from fer_core.evaluation.label_audit import HitRate
from fer_core.reports.format import percent
from fer_core.reports.palette import ACCENT
from pages.charts import theme

ALL, CLEAR = "of all faces", "of faces with a clear majority"
COLOURS = {ALL: ACCENT, CLEAR: "#8A8A8A"}
FILLS = {ALL: "rgba(47, 140, 149, 0.22)", CLEAR: "rgba(138, 138, 138, 0.22)"}


def hit_curves(curves: Mapping[str, Sequence[HitRate]]) -> go.Figure:
    """The share of contradicted labels among the first k, with its interval and that by chance.

    Args:
        curves: `ALL` and `CLEAR` → hit rates by k.
    """
    figure, font = go.Figure(), {"size": 13, "color": theme.ink()}
    for name, rates in curves.items():
        ks = [rate.n for rate in rates]
        lows, highs = zip(*(rate.interval for rate in rates), strict=True)
        figure.add_scatter(
            x=[*ks, *ks[::-1]], y=[*highs, *lows[::-1]], fill="toself", mode="none",
            fillcolor=FILLS[name], showlegend=False,
        )  # fmt: skip
        figure.add_scatter(
            x=ks, y=[rate.value for rate in rates], mode="lines", name=name,
            line={"color": COLOURS[name], "width": 2.5},
        )  # fmt: skip
        chance = rates[0].chance
        figure.add_scatter(
            x=[ks[0], ks[-1]], y=[chance] * 2, mode="lines",
            name=f"{name}, at random: {percent(chance, 1)}",
            line={"color": COLOURS[name], "width": 1.8, "dash": "dot"},
        )  # fmt: skip
    axis = {"tickfont": font, "gridcolor": theme.GRID, "zeroline": False, "fixedrange": True}
    figure.update_layout(
        xaxis=axis | {"title": {"text": "most suspicious labels", "font": font}},
        yaxis=axis | theme.percent_axis(0, 1.02),
        height=400,
        margin={"l": 4, "r": 8, "t": 96, "b": 0},
        legend={
            "orientation": "v", "x": 0, "y": 1.02, "yanchor": "bottom", "itemclick": False,
            "font": font,
        },
    )  # fmt: skip
    return figure
